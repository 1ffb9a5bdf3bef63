"""Sentences for the head of a digest, in its language."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from babel.dates import format_time

from .i18n import locale_of, translations


def sent_late(now: datetime, planned: datetime, *, timezone: str, language: str) -> str:
    """It comes at `now` instead of `planned`."""
    zone, locale = ZoneInfo(timezone), locale_of(language)
    times = {
        "now": format_time(now.astimezone(zone), "short", locale=locale),
        "planned": format_time(planned.astimezone(zone), "short", locale=locale),
    }
    return translations(language).gettext("Sent late: %(now)s instead of %(planned)s.") % times


def covers(days: int, *, language: str) -> str:
    """It tells more than the usual day."""
    words = translations(language)
    return words.ngettext("This edition covers %(num)s day.", "This edition covers %(num)s days.", days) % {"num": days}
