"""What an edition looks back on, read from the store: as much as tells which words are common, however much is stored."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from ..model import Edition, Item
from ..ports import Store
from .history import ITEMS_LOOK_BACK, STORIES_LOOK_BACK, History, told_ids

# Beside the window's own: which words are common in a reader's feeds, and what their houses are called, more items do not tell better.
MOST_EARLIER: Final = 30_000


def read_history(
    store: Store, digest: str, items: Sequence[Item], *, edition: Edition, most: int = MOST_EARLIER
) -> History:
    """The newest earlier items, and what of the older ones matters singly.

    Args:
        store: where it is kept.
        digest: its name.
        items: those of the edition's window.
        edition: its date and window.
        most: so many earlier items.
    """
    limit = len(items) + most
    recent = store.items.recent(since=edition.until - ITEMS_LOOK_BACK, until=edition.until, limit=limit)
    editions = store.editions.published(digest, since=edition.date - STORIES_LOOK_BACK)
    if len(recent) < limit:
        return History(items=recent, editions=editions)
    known = {item.id for item in recent}
    undated = {item.feed for item in items if item.published is None}
    return History(
        items=recent,
        editions=editions,
        told=store.items.by_ids(told_ids(editions) - known),
        begun=store.items.begun(undated),
    )
