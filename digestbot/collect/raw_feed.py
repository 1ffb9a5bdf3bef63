"""What a document says, before it is normalised: the one form in which every parser returns it."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple


class RawItem(NamedTuple):
    """An item as the document has it (RSS `item`, Atom `entry`); nothing in it is checked or decoded."""

    guid: str = ""
    link: str = ""
    title: str = ""
    summary: str = ""
    content: str = ""
    plain: bool = False  # summary and content are declared to be text, not HTML
    published: datetime | None = None  # aware; None where `dates` says it
    authors: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    source: str = ""  # the outlet that an aggregator took it from
    language: str = ""
    image: str = ""
    dates: tuple[str, ...] = ()  # as written, the most likely one first
    title_plain: bool = False  # the title is declared to be text, so that tags in it are its words
    source_link: str = ""  # the address that stands beside `source`
    enclosure: str = ""  # of its sound or film: where a reader is led when there is no page


class RawFeed(NamedTuple):
    """A document as it is."""

    title: str = ""
    link: str = ""  # of the site it belongs to
    language: str = ""
    items: tuple[RawItem, ...] = ()
    ttl: int = 0  # minutes between two requests that it asks for; 0 when it asks for none
    problems: tuple[str, ...] = ()
    whole: bool = True  # False when its end is missing
    scattered: bool = False  # there are further items, in others or where none is expected
