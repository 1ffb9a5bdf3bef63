"""Zones, moments and dates as a configuration and the command line name them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from tzlocal import get_localzone_name

from ..edition.schedule import Schedule
from ..errors import ConfigError, ConfigErrors
from ..settings import WEEKEND, DigestSettings


def own_timezone() -> str:
    """The machine's zone by name."""
    return get_localzone_name() or "UTC"


def timezone_of(digest: DigestSettings) -> str:
    """The digest's zone by name; the machine's own where the configuration leaves it open."""
    return digest.timezone if digest.timezone != "local" else own_timezone()


def schedule_of(digest: DigestSettings) -> Schedule:
    days = digest.days if digest.weekend == "send" else digest.days - WEEKEND
    return Schedule(at=digest.at, timezone=timezone_of(digest), days=days, catch_up=digest.catch_up)


def moment(text: str | None, zone: str) -> datetime:
    """`--at` as a moment in UTC; without a zone of its own it is local to the digest; now where nothing is given.

    Raises:
        ConfigErrors: it is not an ISO time.
    """
    if text is None:
        return datetime.now(UTC)
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        mend = "write an ISO time such as 2026-05-27T07:30+08:00"
        raise ConfigErrors([ConfigError("--at", f"{text!r} is not a moment", mend)]) from None
    return (at if at.tzinfo else at.replace(tzinfo=ZoneInfo(zone))).astimezone(UTC)


def a_date(text: str | None) -> date | None:
    """`--date` as a date; None where nothing is given.

    Raises:
        ConfigErrors: it is not an ISO date.
    """
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        mend = "write a date such as 2026-05-27"
        raise ConfigErrors([ConfigError("--date", f"{text!r} is not a date", mend)]) from None
