"""Which stretch of time an edition covers, and which local date names it: pure decisions."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from ..model import Edition
from .context import DigestSpec


def window(spec: DigestSpec, latest: Edition | None, *, until: datetime) -> tuple[datetime, datetime, bool]:
    """Where an edition's window begins, how old an item may be, and whether late items count.

    The window runs from the last edition's cutoff, so that an outage leaves no gap and a retry repeats nothing. The
    first edition looks back one `recipe.window` and takes nothing older: all it meets is seen for the first time.
    """
    since = until - spec.window if latest is None or latest.until >= until else latest.until
    if spec.drops_weekend and _holds_weekend(spec, since, until):
        since = max(since, until - spec.window)
        return since, since, latest is not None
    oldest = min(until - spec.max_age, since) if latest is not None else since
    return since, oldest, latest is not None


def _holds_weekend(spec: DigestSpec, since: datetime, until: datetime) -> bool:
    day, last = local_date(spec, since), local_date(spec, until)
    return (last - day).days >= 7 or any((day + timedelta(days=n)).weekday() >= 5 for n in range((last - day).days + 1))


def local_date(spec: DigestSpec, at: datetime) -> date:
    """The date of a moment where the digest is read: the edition's identity."""
    return at.astimezone(ZoneInfo(spec.timezone)).date()
