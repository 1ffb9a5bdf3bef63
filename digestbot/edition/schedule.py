"""When an edition is due: once for each local date, in every time zone. Pure.

The local date names an edition. It is due at the schedule's time on that date: the earlier one where clocks repeat that
time (fold=0), and by the offset before the change where clocks skip it (PEP 495). So every date has exactly one moment,
which neither cron-like triggers nor intervals of 24 hours give when clocks change.
An edition later than MAX_DELAY is missed here; operations/daemon.py records it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import takewhile
from zoneinfo import ZoneInfo

EVERY_DAY = frozenset(range(7))
_DAY = timedelta(days=1)
_MAX_DAYS_BACK = 31  # a bound, so that a database from years ago does not fill with missed editions


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """When a digest goes out.

    Args:
        at: the local time of day.
        timezone: an IANA name.
        days: weekdays by number, Monday is 0.
        max_delay: how late the newest missed edition may still be made.
    """

    at: time
    timezone: str = "UTC"
    days: frozenset[int] = EVERY_DAY
    max_delay: timedelta = timedelta(hours=12)

    def __post_init__(self) -> None:
        if not self.days or not self.days <= EVERY_DAY:
            raise ValueError("days are numbers from 0 (Monday) to 6, one at least")
        ZoneInfo(self.timezone)


def due_at(day: date, schedule: Schedule) -> datetime:
    """When the edition of that date is due, in UTC."""
    return datetime.combine(day, schedule.at, ZoneInfo(schedule.timezone)).astimezone(UTC)


def due(now: datetime, schedule: Schedule, done: Collection[date]) -> date | None:
    """The date whose edition is to be made now: the newest one that is due, by at most `max_delay`.

    Args:
        now: an aware datetime.
        schedule: when the digest goes out.
        done: dates that are settled already. A date before the newest of them is never due, so that a clock that steps
            back sends nothing again; but what lies in the future settles nothing.
    """
    newest, last = next(_past(now, schedule), None), _last(done, now, schedule)
    if newest is None or (last is not None and last >= newest):
        return None
    return newest if now - due_at(newest, schedule) <= schedule.max_delay else None


def missed(now: datetime, schedule: Schedule, done: Collection[date]) -> tuple[date, ...]:
    """Dates after the newest settled one whose edition will not be made any more, oldest first, at most a month back.

    A digest that has no settled date yet has missed nothing. Ask and record this before the edition that is due begins:
    once that is settled, it is the newest date.
    """
    last, in_time = _last(done, now, schedule), due(now, schedule, done)
    if last is None:
        return ()
    too_late = [day for day in takewhile(lambda day: day > last, _past(now, schedule)) if day != in_time]
    return tuple(reversed(too_late))


def next_due_at(now: datetime, schedule: Schedule) -> datetime:
    """When the first edition after `now` will be due, in UTC."""
    # From yesterday: where clocks skip the last hour of a day, what is due in it comes after that day's midnight.
    day = today(now, schedule) - _DAY
    while not _is_scheduled(day, schedule) or due_at(day, schedule) <= now:
        day += _DAY
    return due_at(day, schedule)


def today(now: datetime, schedule: Schedule) -> date:
    """The local date of a moment."""
    return now.astimezone(ZoneInfo(schedule.timezone)).date()


def _last(done: Collection[date], now: datetime, schedule: Schedule) -> date | None:
    """The newest settled date. A clock that was ahead, or `run --at` with a wrong year, may have left later ones."""
    last = today(now, schedule)
    return max((day for day in done if day <= last), default=None)


def _past(now: datetime, schedule: Schedule) -> Iterator[date]:
    """Scheduled dates that are or were due at `now`, newest first."""
    newest = today(now, schedule)
    days = (newest - _DAY * back for back in range(_MAX_DAYS_BACK + 1))
    return (day for day in days if _is_scheduled(day, schedule) and due_at(day, schedule) <= now)


def _is_scheduled(day: date, schedule: Schedule) -> bool:
    """Whether the date is on the schedule, and exists: Apia had no 30 December 2011."""
    if day.weekday() not in schedule.days:
        return False
    zone = ZoneInfo(schedule.timezone)
    begins, ends = (datetime.combine(midnight, time.min, zone).astimezone(UTC) for midnight in (day, day + _DAY))
    return begins < ends
