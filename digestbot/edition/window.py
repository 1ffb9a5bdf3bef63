"""Which stretch of time an edition covers, and which local date names it: pure decisions."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from ..model import Edition
from .context import Recipe


def window(recipe: Recipe, latest: Edition | None, *, until: datetime) -> tuple[datetime, datetime, bool]:
    """Where an edition's window begins, how old an item may be, and whether late items count.

    The window runs from the last edition's cutoff, so that an outage leaves no gap and a retry repeats nothing. The
    first edition looks back one `recipe.window` and takes nothing older: all it meets is seen for the first time.
    """
    since = until - recipe.window if latest is None or latest.until >= until else latest.until
    if recipe.drops_weekend and _holds_weekend(recipe, since, until):
        since = max(since, until - recipe.window)
        return since, since, latest is not None
    oldest = min(until - recipe.max_age, since) if latest is not None else since
    return since, oldest, latest is not None


def _holds_weekend(recipe: Recipe, since: datetime, until: datetime) -> bool:
    day, last = local_date(recipe, since), local_date(recipe, until)
    return (last - day).days >= 7 or any((day + timedelta(days=n)).weekday() >= 5 for n in range((last - day).days + 1))


def local_date(recipe: Recipe, at: datetime) -> date:
    """The date of a moment where the digest is read: the edition's identity."""
    return at.astimezone(ZoneInfo(recipe.timezone)).date()
