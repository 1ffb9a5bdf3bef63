"""The time that an edition covers, and the local date that names it. Pure."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from ..model import Edition
from .context import DigestSpec


def window(spec: DigestSpec, latest: Edition | None, *, until: datetime) -> tuple[datetime, datetime, bool]:
    """Where an edition's window begins (UTC), how old an item may be (UTC), and whether late items count.

    The window runs from the last edition's cutoff, so that an outage leaves no gap and a retry repeats nothing. The
    first edition looks back one `spec.window` and takes nothing older: it sees every item for the first time, so being
    new to it says nothing about an item's age.
    """
    # A day that is made again, or one before the last edition, has no earlier cutoff to go on from.
    since = until - spec.window if latest is None or latest.until >= until else latest.until
    # WEEKEND=drop: Monday's edition covers one usual window, not the days since Friday.
    if spec.drops_weekend and _includes_weekend(spec, since, until):
        since = max(since, until - spec.window)
        return since, since, latest is not None
    # MAX_AGE is about late items. It must not cut a window that is longer than itself, after an outage.
    oldest = min(until - spec.max_age, since) if latest is not None else since
    return since, oldest, latest is not None


def _includes_weekend(spec: DigestSpec, since: datetime, until: datetime) -> bool:
    day, last = local_date(spec, since), local_date(spec, until)
    return (last - day).days >= 7 or any((day + timedelta(days=n)).weekday() >= 5 for n in range((last - day).days + 1))


def local_date(spec: DigestSpec, at: datetime) -> date:
    """The date of a moment in the digest's time zone: it names the edition."""
    return at.astimezone(ZoneInfo(spec.timezone)).date()
