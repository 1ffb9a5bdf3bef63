"""The time that an edition covers, and the local date that names it. Pure."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from ..model import Edition
from .context import DigestSpec


def window(spec: DigestSpec, latest: Edition | None, *, until: datetime) -> tuple[datetime, datetime, bool]:
    """Where an edition's window begins (UTC), how old an item may be (UTC), and whether late items count.

    The window runs from the last edition's cutoff, so that a short outage leaves no gap and a retry repeats nothing. No item is
    older than the longest of `spec.max_age`, `spec.window` and the planned distance to the edition before: after a longer
    outage the rest is no news any more. The first edition looks back one `spec.window` and takes nothing older: it sees every
    item for the first time, so being new to it says nothing about an item's age.
    """
    # A day that is made again, or one before the last edition, has no earlier cutoff to go on from.
    since = until - spec.window if latest is None or latest.until >= until else latest.until
    # WEEKEND=drop: Monday's edition covers one usual window, not the days since Friday.
    if spec.drops_weekend and _includes_weekend(spec, since, until):
        since = max(since, until - spec.window)
        return since, since, latest is not None
    longest = max(spec.max_age, spec.window, _planned_distance(spec, local_date(spec, until)))
    return since, until - longest if latest is not None else since, latest is not None


def _planned_distance(spec: DigestSpec, day: date) -> timedelta:
    """From the edition of a date to the one before it on the schedule: seven days for a weekly digest."""
    # A day that is not on the schedule has a distance as well: `run` may make an edition then.
    days = next(back for back in range(1, 8) if (day - timedelta(days=back)).weekday() in spec.days)
    # Clocks that go back make it an hour longer.
    return timedelta(days=days, hours=1) if days > 1 else timedelta(days=1)


def _includes_weekend(spec: DigestSpec, since: datetime, until: datetime) -> bool:
    day, last = local_date(spec, since), local_date(spec, until)
    return (last - day).days >= 7 or any((day + timedelta(days=n)).weekday() >= 5 for n in range((last - day).days + 1))


def local_date(spec: DigestSpec, at: datetime) -> date:
    """The date of a moment in the digest's time zone: it names the edition."""
    return at.astimezone(ZoneInfo(spec.timezone)).date()
