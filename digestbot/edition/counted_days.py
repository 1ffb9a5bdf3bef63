"""What earlier days tell of words and names, from what was counted of each when it was over: no month of items is read again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from ..model import CountedDay, Edition, Item
from ..ports import Items, Store
from ..stories import CorpusStatistics, WordCounts
from ..topics import names_in

_DAY: Final = timedelta(days=1)
# A word that stands in one item of a hundred then stands in fifty of them. To read and count so many takes half a second.
MOST_A_DAY: Final = 5_000
# For one edition: as long as its reading may take. Of what an older release stored the newest days come first, others the next time.
MOST_AT_ONCE: Final = 10_000
_GROWN: Final = 1.2  # times as many items as when it was counted: then a day is counted again, for a feed was added say
_PARTS: Final = 24  # of a day that has more, so that every time zone is heard


@dataclass(frozen=True, slots=True, kw_only=True)
class CountedDays:
    """What was counted of the days before an edition's window."""

    words: CorpusStatistics
    names: tuple[str, ...]  # of companies, each behind its ticker; of older days first
    until: datetime  # what is later was not counted


def counted_days(store: Store, *, edition: Edition, look_back: timedelta, keep: bool = False) -> CountedDays:
    """What stands in the days from `look_back` before an edition's cutoff to the beginning of its window.

    Days are those of UTC that were over by then. One that was not counted yet, or has grown since, is counted now, a few at a time.

    Args:
        store: where items and what was counted of them is kept.
        edition: its window.
        look_back: how far before its cutoff.
        keep: whether the store remembers what is counted now.
    """
    until = datetime.combine(edition.since.astimezone(UTC).date(), time(), tzinfo=UTC)
    first, last = (edition.until - look_back).astimezone(UTC).date(), until.date() - _DAY
    known = dict(store.counts.of(first=first, last=last))
    fresh = list(_to_count(store.items, known, first=first, last=last))
    if keep:
        store.counts.keep(fresh)
    known |= {one.day: one for one in fresh}
    days = [known[day] for day in sorted(known)]
    return CountedDays(
        words=CorpusStatistics(counted=tuple(WordCounts.from_bytes(one.words, items=one.items) for one in days)),
        names=tuple(dict.fromkeys(name for one in days for name in one.names)),
        until=until,
    )


def _to_count(items: Items, known: dict[date, CountedDay], *, first: date, last: date) -> Iterator[CountedDay]:
    """The newest of those days that are to be counted."""
    left = MOST_AT_ONCE
    for back in range((last - first).days + 1):
        day = last - back * _DAY
        since = datetime.combine(day, time(), tzinfo=UTC)
        stored = items.count(since=since, until=since + _DAY)
        counted = known.get(day)
        if stored <= (_GROWN * counted.stored if counted else 0):
            continue
        found = _sample(items, since, stored)
        left -= len(found)
        if left < 0:
            return
        words = WordCounts.of_items(found)
        yield CountedDay(day=day, stored=stored, items=len(found), words=words.as_bytes(), names=names_in(found))


def _sample(items: Items, since: datetime, stored: int) -> tuple[Item, ...]:
    """The items of a day that is over; of very many as many of each of its parts."""
    if stored <= MOST_A_DAY:
        return items.recent(since=since, until=since + _DAY)
    part = _DAY / _PARTS
    return tuple(
        item
        for begin in (since + number * part for number in range(_PARTS))
        for item in items.recent(since=begin, until=begin + part, limit=MOST_A_DAY // _PARTS)
    )
