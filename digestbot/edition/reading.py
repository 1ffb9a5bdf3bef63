"""What an edition looks back on, read from the store: as much as tells which words are common, however much is stored."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from ..model import Edition, Item
from ..ports import Store
from .counted_days import ITEMS_LOOK_BACK, counted_days
from .history import STORIES_LOOK_BACK, History, told_ids

# Beside the window's own: what houses and their sections are called more items do not tell better.
MOST_EARLIER: Final = 10_000


def read_history(
    store: Store,
    digest: str,
    items: Sequence[Item],
    *,
    edition: Edition,
    most: int = MOST_EARLIER,
) -> History:
    """The newest earlier items; where there are more, what was counted of their days, and what of them matters singly.

    Args:
        store: where it is kept.
        digest: its name.
        items: those of the edition's window.
        edition: its date and window.
        most: so many earlier items.
    """
    earlier = store.items.recent(since=edition.until - ITEMS_LOOK_BACK, until=edition.since, limit=most)
    own = {item.id for item in items}
    known = (*(item for item in earlier if item.id not in own), *items)
    editions = store.editions.published(digest, since=edition.date - STORIES_LOOK_BACK)
    if len(earlier) < most:
        return History(items=known, editions=editions)
    undated = {item.feed for item in items if item.published is None}
    return History(
        items=known,
        counted=counted_days(store, edition=edition),
        editions=editions,
        told=store.items.by_ids(told_ids(editions) - {item.id for item in known}),
        begun=store.items.begun(undated),
    )
