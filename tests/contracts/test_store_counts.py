"""What every store promises about days that were counted, on every database."""

from __future__ import annotations

from datetime import date, timedelta

from digestbot.model import CountedDay
from digestbot.store import Stores

DAY = date(2026, 5, 27)


def day(back: int, *, items: int = 3) -> CountedDay:
    counted = DAY - timedelta(days=back)
    return CountedDay(day=counted, stored=5, items=items, words=b"\0\xff", names=("NASDAQ:NVDA Nvidia",))


def test_days_are_kept_until_they_are_old(store: Stores):
    """Between two days with both; a day that is counted again counts as it was counted last."""
    for one in (day(0), day(1), day(2), day(3), day(1, items=4)):
        store.counts.keep(one)
    between = {"first": DAY - timedelta(days=2), "last": DAY - timedelta(days=1)}
    assert store.counts.of(**between) == {one.day: one for one in (day(2), day(1, items=4))}
    assert store.counts.stored(**between) == {day(2).day: 5, day(1).day: 5}
    assert store.counts.prune(before=DAY - timedelta(days=1)) == 2
    assert set(store.counts.of(first=date(2026, 1, 1), last=DAY)) == {DAY, DAY - timedelta(days=1)}
