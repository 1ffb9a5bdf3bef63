"""Notices when the machine's clock was set, and clears what a clock that was ahead has left in the store."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from ..edition.schedule import Schedule, due_at, today
from ..model import Edition, EditionDate, EditionState, calendar_day
from ..ports import Store

# A clock that is kept right moves by milliseconds; one that drifts for a day without a time server, by some seconds.
MIN_JUMP = timedelta(minutes=5)

_LOG = logging.getLogger(__name__)
_SENT = (EditionState.READY, EditionState.DONE)


@dataclass(slots=True, kw_only=True)
class ClockWatch:
    """Compares two clocks: one that may be set, and one that only goes on."""

    _last: tuple[datetime, float] | None = None

    def jump(self, now: datetime, elapsed: float) -> timedelta:
        """How far the clock was set since the last call, if by more than some minutes; back is negative.

        Args:
            now: wall time, aware.
            elapsed: seconds by a clock that cannot be set.
        """
        last, self._last = self._last, (now, elapsed)
        if last is None:
            return timedelta()
        jump = now - last[0] - timedelta(seconds=elapsed - last[1])
        return jump if abs(jump) > MIN_JUMP else timedelta()


def jump_in_words(jump: timedelta, now: datetime) -> str:
    """What an operator should know of a jump."""
    by = timedelta(seconds=round(abs(jump).total_seconds()))
    direction = "ahead" if jump > timedelta() else "back"
    return (
        f"it was set {direction} by {by} and says {now:%Y-%m-%d %H:%M} UTC; what is due follows it. "
        "If that is wrong, set it right and check the time service of this machine"
    )


def clear_future(store: Store, schedules: Mapping[str, Schedule], *, now: datetime) -> tuple[str, ...]:
    """Forget editions of dates to come of which nothing was sent: a clock that was ahead recorded them.

    Items that it saw are taken as seen now. Tomorrow's edition may have been made ahead by hand: it is kept, unless it is one that was missed.

    Returns:
        What else an operator should know: editions that were sent for a date to come, beyond tomorrow's.
    """
    store.items.cap_times(now=now)
    notes: list[str] = []
    for digest, schedule in schedules.items():
        day = today(now, schedule)
        tomorrow = day + timedelta(days=1)
        ahead = [one for one in store.editions.history(digest) if _is_ahead(one, day, now=now, schedule=schedule)]
        states = {one.date: one.state for one in ahead if calendar_day(one.date) > day}
        missed = any(one.state is EditionState.MISSED for one in ahead if calendar_day(one.date) == tomorrow)
        after = EditionDate.of(day if missed else tomorrow, time.max)
        # Of a day that has several editions, those after this hour are to come as well.
        if any(calendar_day(one.date) == day and isinstance(one.date, EditionDate) for one in ahead):
            after = EditionDate.of(day, now.astimezone(ZoneInfo(schedule.timezone)).time())
        if forgotten := store.editions.forget_unsent(digest, after=after):
            _LOG.warning("digest=%s cleared %s", digest, _in_words("for dates to come", forgotten))
        if sent := sorted(date for date, state in states.items() if calendar_day(date) > tomorrow and state in _SENT):
            notes.append(
                f"{digest}: {_in_words('sent already for dates to come', sent)}; on these dates no other edition is made"
            )
    return tuple(notes)


def _is_ahead(edition: Edition, day: date, *, now: datetime, schedule: Schedule) -> bool:
    """Whether a clock that was ahead has recorded it, or whoever made it before its time."""
    if calendar_day(edition.date) != day:
        return calendar_day(edition.date) > day
    missed = edition.state is EditionState.MISSED and isinstance(edition.date, EditionDate)
    unsent = edition.state not in _SENT
    return unsent and (edition.until > now or (missed and due_at(edition.date, schedule) > now))


def _in_words(what: str, days: Iterable[date]) -> str:
    days = tuple(days)
    span = f"{days[0]}" if len(days) == 1 else f"{days[0]} to {days[-1]}"
    return f"{what}: {len(days)} edition{'s' if len(days) > 1 else ''} ({span})"
