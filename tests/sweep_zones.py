"""Ticks in one zone through a year or a change of clocks, for the test of a sample and for benchmarks/sweep.py."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from digestbot.edition.schedule import Schedule, Settled, due_at, due_slot, missed_slots, next_slots


def due(now: datetime, plan: Schedule, done: Collection[date]) -> date | None:
    """The date whose edition is due, of a digest with one a day."""
    slot = due_slot(now, plan, Settled(names=done))
    return slot.day if slot else None


def missed(now: datetime, plan: Schedule, done: Collection[date]) -> tuple[date, ...]:
    """The dates that were missed, of a digest with one a day."""
    return tuple(slot.day for slot in missed_slots(now, plan, Settled(names=done)))


def next_due_at(now: datetime, plan: Schedule) -> datetime:
    """When the next edition is due."""
    return next(next_slots(now, plan)).due


def around_changes(zone: str, year: int) -> list[tuple[date, int]]:
    """The weeks of a year in which a zone's clocks change, by first day and length; its first week where they never do."""
    tz = ZoneInfo(zone)
    noons = [datetime(year, 1, 1, 12, tzinfo=tz) + timedelta(days=number) for number in range(366)]
    changes = [later.date() for earlier, later in pairwise(noons) if earlier.utcoffset() != later.utcoffset()]
    return [(day - timedelta(days=4), 9) for day in changes] or [(date(year, 1, 1), 7)]


def doubled_or_lost(zone: str, at: time, first: date, count: int = 365) -> list[date]:
    """Local dates, of so many from `first` on, without exactly one edition, when `due` is asked through every change of clocks.

    Asked every 20 minutes on the days around a change of the zone's offset, and shortly before and after the due_at
    on every other day.
    """
    plan = Schedule(at=(at,), timezone=zone)
    days = [first + timedelta(days=number) for number in range(-1, count + 1)]
    done: set[date] = {days[0]}
    made: list[date] = []
    for day, following in pairwise(days):
        for now in _ticks(day, following, plan):
            edition = due(now, plan, done)
            if edition is not None:
                made.append(edition)
                done.add(edition)
    wanted = days[1:-1]
    in_order = [day for day in made if days[0] < day < days[-1]]
    return [day for day in wanted if in_order.count(day) != 1] + ([] if in_order == sorted(in_order) else in_order)


def _ticks(day: date, following: date, plan: Schedule) -> list[datetime]:
    zone = ZoneInfo(plan.timezone)
    begins, ends = (datetime.combine(midnight, time(0), zone).astimezone(UTC) for midnight in (day, following))
    changing = any(
        (begins + timedelta(hours=hours)).astimezone(zone).utcoffset() != begins.astimezone(zone).utcoffset()
        for hours in (-30, 0, 30, 54)
    )
    if not changing:
        planned = due_at(day, plan)
        return [begins, planned - timedelta(seconds=1), planned + timedelta(seconds=29), ends - timedelta(seconds=1)]
    return [begins + timedelta(minutes=20 * step) for step in range(int((ends - begins) / timedelta(minutes=20)) + 1)]
