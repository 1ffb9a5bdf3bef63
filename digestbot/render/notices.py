"""Sentences for the head of a digest, in the reader's language."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from .i18n import time_of_day, translations


def sent_late(now: datetime, planned: datetime, *, timezone: str, language: str) -> str:
    """Says that the digest is sent at `now` instead of `planned`, in the digest's time zone."""
    zone = ZoneInfo(timezone)
    times = {"now": time_of_day(now.astimezone(zone)), "planned": time_of_day(planned.astimezone(zone))}
    return translations(language).gettext("Sent late: %(now)s instead of %(planned)s.") % times


def covers(days: int, *, language: str) -> str:
    """Says that the digest covers more than the usual day."""
    catalogue = translations(language)
    return catalogue.ngettext("This edition covers %(num)s day.", "This edition covers %(num)s days.", days) % {
        "num": days
    }


def left_out(days: int, count: int, *, language: str) -> str:
    """Says how many items are too old to be news, after an outage."""
    return translations(language).ngettext(
        "Older than %(days)s days: %(num)s item is left out.",
        "Older than %(days)s days: %(num)s items are left out.",
        count,
    ) % {"days": days, "num": count}
