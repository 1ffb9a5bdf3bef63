"""New items, in a quarter of the time that `Item(...)` takes: a frozen dataclass sets each of its fields by a call."""

from __future__ import annotations

from datetime import datetime
from typing import Any, cast

from ..model import Item


class _OpenItem:
    """The fields of an item in its own order, so that it can become one, and then they are closed."""

    __slots__ = Item.__slots__


def made_item(
    *,
    id: str,  # noqa: A002 -- as the field is called
    keys: tuple[str, ...],
    title: str,
    feed: str,
    source: str,
    url: str,
    text: str,
    published: datetime | None,
    authors: tuple[str, ...],
    categories: tuple[str, ...],
    language: str,
    image: str,
) -> Item:
    """What `Item(...)` makes of these; what is not named here has its default."""
    made: Any = _OpenItem()
    made.id = id
    made.title = title
    made.feed = feed
    made.source = source
    made.label = ""
    made.url = url
    made.text = text
    made.keys = keys
    made.published = published
    made.first_seen = None
    made.authors = authors
    made.categories = categories
    made.language = language
    made.image = image
    made.__class__ = Item
    return cast("Item", made)
