"""The articles of the stories that are shown, fetched where their feeds gave only a stub.

This is the one step between deciding what an edition shows and quoting it that leaves the machine.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from itertools import zip_longest

from ..collect import FetchOptions, complete
from ..model import Entry, FeedState, Item
from ..ports import Items

_ITEMS_PER_STORY = 3  # what more outlets say adds little to a summary of about 60 words


def fetch_articles(
    entries: Sequence[Entry], store: Items, *, options: FetchOptions, now: datetime, feeds: Collection[str]
) -> tuple[Item, ...]:
    """Those items of the entries' stories, of these feeds, that were stubs, with the whole text of their articles.

    An article is kept with its item until the feed changes the item: the next digest does not fetch it again. The
    leading items of all stories are tried first, because the time for all of them together is limited.

    Raises:
        StoreError: the store failed. An article that cannot be read is left out.
    """
    ranks = zip_longest(*(entry.story.items[:_ITEMS_PER_STORY] for entry in entries))
    articles = complete((item for rank in ranks for item in rank if item and item.feed in feeds), options=options)
    by_feed: dict[str, list[Item]] = {}
    for item in articles:
        by_feed.setdefault(item.feed, []).append(item)
    if by_feed:
        states = store.states()
        # The state is saved as it was: reading an article is no reading of its feed.
        store.save_all([(states.get(feed) or FeedState(name=feed), own) for feed, own in by_feed.items()], now=now)
    return articles
