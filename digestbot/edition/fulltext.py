"""Stories that are shown get the whole text of their articles, where their feeds gave only a stub."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from itertools import zip_longest

from ..collect import FetchOptions, complete
from ..model import Entry, FeedState, Item, Section
from ..ports import Items

_ITEMS = 3  # of one story: what more outlets say adds little to a summary


def with_full_text(
    sections: Sequence[Section], store: Items, *, options: FetchOptions, now: datetime
) -> tuple[Section, ...]:
    """The sections with whole articles in place of stubs.

    What was read is kept with its item, until its feed tells something else: the next digest does not ask again.
    The leading items of all stories come first, should the budget not reach for all of them.

    Raises:
        StoreError: the store failed.
    """
    ranks = zip_longest(*(entry.story.items[:_ITEMS] for section in sections for entry in section.entries))
    whole = complete((item for rank in ranks for item in rank if item), options=options)
    by_feed: dict[str, list[Item]] = {}
    for item in whole:
        by_feed.setdefault(item.feed, []).append(item)
    if by_feed:
        states = store.states()
        store.save_all([(states.get(feed) or FeedState(name=feed), own) for feed, own in by_feed.items()], now=now)
    known = {(item.feed, item.id): item for item in whole}
    return tuple(
        replace(section, entries=tuple(_entry(entry, known) for entry in section.entries)) for section in sections
    )


def _entry(entry: Entry, whole: dict[tuple[str, str], Item]) -> Entry:
    items = tuple(whole.get((item.feed, item.id), item) for item in entry.story.items)
    return replace(entry, story=replace(entry.story, items=items))
