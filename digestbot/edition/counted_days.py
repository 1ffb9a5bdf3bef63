"""What earlier days tell of words and names, from what was counted of each when it was over: no month of items is read again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from ..model import CountedDay, Edition, Item
from ..ports import Items, Store
from ..stories import CorpusStatistics, WordCounts
from ..topics import names_in

# From an edition's cutoff: long enough to see which words are common in a reader's feeds, and which company names stand beside a ticker.
ITEMS_LOOK_BACK: Final = timedelta(days=30)
_DAY: Final = timedelta(days=1)
# Of a month that holds fewer items an edition reads them all; counted somewhat earlier, its days are there once they are needed.
FEWEST: Final = 5_000
# A word that stands in one item of a hundred then stands in fifty of them. To read and count so many takes half a second.
MOST_A_DAY: Final = 5_000
# In one call: as long as a round of collecting may take longer. Of what an older release stored the newest days come first.
MOST_AT_ONCE: Final = 10_000
_GROWN: Final = 1.2  # times as many items as when it was counted: then a day is counted again, for a feed was added say
_PARTS: Final = 24  # of a day that has more, so that every time zone is heard


@dataclass(frozen=True, slots=True, kw_only=True)
class CountedDays:
    """What was counted of the days before an edition's window."""

    words: CorpusStatistics
    names: tuple[str, ...]  # of companies, each behind its ticker; of older days first
    until: datetime  # what is later was not counted


def counted_days(store: Store, *, edition: Edition) -> CountedDays | None:
    """What was counted of the days from `ITEMS_LOOK_BACK` before an edition's cutoff to the beginning of its window.

    Nothing is counted here: that takes time, and an edition is waited for. None where nothing was.

    Args:
        store: where what was counted is kept.
        edition: its window.
    """
    first, last = _days(edition.until, edition.since)
    known = store.counts.of(first=first, last=last)
    days = [known[day] for day in sorted(known)]
    if not days:
        return None
    return CountedDays(
        words=CorpusStatistics(counted=tuple(WordCounts.from_bytes(one.words, items=one.items) for one in days)),
        names=tuple(dict.fromkeys(name for one in days for name in one.names)),
        until=_midnight(days[-1].day + _DAY),
    )


def count_days(store: Store, *, until: datetime, before: datetime, stop: Callable[[], bool] = lambda: False) -> bool:
    """Count what stands in the days of a month that are over, and keep it: a few days a call.

    Days are those of UTC. One is counted that was not yet, or has grown since. Several processes that count the same day find
    the same.

    Args:
        store: where items and what was counted of them is kept.
        until: the end of the month.
        before: a day is over that ends no later than this.
        stop: asked between two days; once it is true nothing more is counted.

    Returns:
        Whether there is more to count.
    """
    first, last = _days(until, before)
    days = [last - back * _DAY for back in range((last - first).days + 1)]
    stored = {day: store.items.count(since=_midnight(day), until=_midnight(day + _DAY)) for day in days}
    if sum(stored.values()) < FEWEST:
        return False
    known = store.counts.stored(first=first, last=last)
    left = MOST_AT_ONCE
    for day in days:
        if stored[day] <= _GROWN * known.get(day, 0):
            continue
        left -= min(stored[day], MOST_A_DAY)
        if left < 0 or stop():
            return True
        store.counts.keep(_counted(store.items, day, stored[day]))
    return False


def _days(until: datetime, before: datetime) -> tuple[date, date]:
    """The first and the last of the days that are looked back on."""
    return (until - ITEMS_LOOK_BACK).astimezone(UTC).date(), before.astimezone(UTC).date() - _DAY


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=UTC)


def _counted(items: Items, day: date, stored: int) -> CountedDay:
    found = tuple(_sample(items, _midnight(day), stored))
    words = WordCounts.of_items(found)
    return CountedDay(day=day, stored=stored, items=len(found), words=words.as_bytes(), names=names_in(found))


def _sample(items: Items, since: datetime, stored: int) -> Iterator[Item]:
    """The items of a day that is over; of very many as many of each of its parts."""
    if stored <= MOST_A_DAY:
        yield from items.recent(since=since, until=since + _DAY)
        return
    part = _DAY / _PARTS
    for begin in (since + number * part for number in range(_PARTS)):
        yield from items.recent(since=begin, until=begin + part, limit=MOST_A_DAY // _PARTS)
