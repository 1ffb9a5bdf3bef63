"""Time zones, times and dates as the configuration and the command line write them."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from tzlocal import get_localzone_name

from ..edition.schedule import Schedule, due_at
from ..errors import ConfigError, ConfigErrors
from ..model import EditionDate, parse_edition
from ..settings import WEEKEND, DigestSettings
from ..text.suggestions import closest_match

MAX_AHEAD = timedelta(days=1)  # tomorrow's edition may be made tonight
_DAYS_FROM_TODAY = {"yesterday": -1, "today": 0, "tomorrow": 1}


def own_zone() -> str:
    """The IANA name of this machine's time zone; UTC where it has none."""
    return get_localzone_name() or "UTC"


def zone_for(digest: DigestSettings) -> str:
    """The IANA name of the digest's time zone; this machine's where the configuration names none."""
    return digest.timezone if digest.timezone != "local" else own_zone()


def schedule_for(digest: DigestSettings) -> Schedule:
    """When a digest goes out; not on weekends where WEEKEND=drop or carry."""
    days = digest.days if digest.weekend == "send" else digest.days - WEEKEND
    return Schedule(at=digest.at, timezone=zone_for(digest), days=days, max_delay=digest.max_delay)


def parse_moment(text: str | None, digest: DigestSettings, *, now: datetime) -> datetime:
    """`--at` in UTC; `now` where it is not given.

    A time without an offset is local to the digest. A date alone, `today`, `yesterday` or `tomorrow` is when that day's edition is due,
    of several the last one; the name of an edition, `2026-05-27T1800`, is when that one is.

    Raises:
        ConfigErrors: it is neither.
    """
    zone, word = ZoneInfo(zone_for(digest)), (text or "now").strip().lower()
    local = now.astimezone(zone)
    if word == "now":
        return now.astimezone(UTC)
    if word in _DAYS_FROM_TODAY:
        return due_at(local.date() + timedelta(days=_DAYS_FROM_TODAY[word]), schedule_for(digest))
    if hour := _hour(word):
        return datetime.combine(local.date(), hour, zone).astimezone(UTC)
    try:
        name = parse_edition(word)
    except ValueError:
        pass
    else:
        # The name of an edition has no colon; with one it is a time as any other.
        if ":" not in word:
            return due_at(name, schedule_for(digest))
    try:
        at = datetime.fromisoformat(word.upper())
    except ValueError:
        guess = closest_match(word, ("now", *_DAYS_FROM_TODAY))
        fix = "write an ISO time such as 2026-05-27T07:30+08:00, a date, HH:MM, now or yesterday"
        fix = f"did you mean {guess}?" if guess else fix
        raise ConfigErrors([ConfigError("--at", f"{text!r} is not a time", fix)]) from None
    return (at if at.tzinfo else at.replace(tzinfo=zone)).astimezone(UTC)


def refuse_future(text: str | None, digest: DigestSettings, *, now: datetime) -> None:
    """A typing error in `--at` must not use up an edition of a date to come.

    Raises:
        ConfigErrors: it is no time, or lies more than a day after `now`.
    """
    at = parse_moment(text, digest, now=now)
    if text is not None and at > now + MAX_AHEAD:
        reason = f"{text!r} lies more than a day ahead"
        fix = "look at it with `digestbot preview --at ...`; to make and send that edition now, add --force"
        raise ConfigErrors([ConfigError("--at", reason, fix)])


def parse_date(text: str | None, digest: DigestSettings | None, *, now: datetime) -> date | None:
    """`--date` as the name of an edition, or as a date with several; None where it is not given.

    Raises:
        ConfigErrors: it is neither, nor one of the words that `--at` takes.
    """
    if text is None:
        return None
    day = day_in_words(text, digest, now=now)
    if day is not None:
        return day
    guess = closest_match(text.strip().lower(), ("now", *_DAYS_FROM_TODAY))
    fix = (
        "write a date such as 2026-05-27, one of several editions of a day such as 2026-05-27T1800, HH:MM, or yesterday"
    )
    fix = f"did you mean {guess}?" if guess else fix
    raise ConfigErrors([ConfigError("--date", f"{text!r} is not a date", fix)])


def day_in_words(text: str, digest: DigestSettings | None, *, now: datetime) -> date | None:
    """The date or the name of an edition, `yesterday`, `today` (or `now`), `tomorrow`, or an hour of today; None for anything else.

    Args:
        text: what was typed.
        digest: whose time zone counts, and whose editions bear their hour where a day has several; None for this machine's zone.
        now: the moment of asking.
    """
    word = text.strip().lower()
    today = now.astimezone(ZoneInfo(zone_for(digest) if digest else own_zone())).date()
    if word == "now":
        return today
    if word in _DAYS_FROM_TODAY:
        return today + timedelta(days=_DAYS_FROM_TODAY[word])
    if hour := _hour(word):
        return EditionDate.of(today, hour) if digest and len(digest.at) > 1 else today
    try:
        return parse_edition(word)
    except ValueError:
        return None


def _hour(word: str) -> time | None:
    clock = re.fullmatch(r"([01]?\d|2[0-3]):([0-5]\d)", word)
    return time(int(clock[1]), int(clock[2])) if clock else None
