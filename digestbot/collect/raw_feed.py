"""What a document said, before anything is made of it: the one form every reader gives to the normaliser."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple


class RawItem(NamedTuple):
    """An entry in the document's own words; nothing in it is checked or decoded."""

    guid: str = ""
    link: str = ""
    title: str = ""
    summary: str = ""
    content: str = ""
    plain: bool = False  # summary and content are declared to be text, not HTML
    published: datetime | None = None  # aware
    authors: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    source: str = ""  # the outlet an aggregator took it from
    language: str = ""
    image: str = ""


class RawFeed(NamedTuple):
    """A document in its own words."""

    title: str = ""
    link: str = ""  # of the site it belongs to
    language: str = ""
    entries: tuple[RawItem, ...] = ()
    ttl: int = 0  # minutes it asks to be left alone; 0 when it does not say
    problems: tuple[str, ...] = ()
    whole: bool = True  # False when its end is missing
