"""The reader's language and time zone: translated phrases, dates and times.

The English phrases are in the templates. A translation is a gettext catalogue, `templates/words/<language>.po`.
"""

from __future__ import annotations

import unicodedata
from datetime import date, datetime, timedelta
from functools import lru_cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_skeleton
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from ..model import ELSEWHERE, LEAD, PINNED, TOP_STORIES, EditionDate, TranslatableText
from ..resources import resource
from ..text.locales import locale_of, translation_names


@lru_cache(maxsize=32)
def translations(language: str) -> NullTranslations:
    """The shipped catalogue of a language; without one, the English phrases of the templates themselves."""
    # `de_AT` has no catalogue of its own: Austrians read German.
    for name in translation_names(language):
        path = resource("templates") / "words" / f"{name}.po"
        if path.is_file():
            return _read(path)
    return NullTranslations()


def translated(phrase: TranslatableText, language: str) -> str:
    """The phrase in this language, its values filled in."""
    return translations(language).gettext(phrase.msgid) % phrase.values


def failure_reason(reason: str, language: str) -> str:
    """Why a feed could not be read: the sentences that readers are told are translated, any other stays as it is."""
    # gettext's answer to an empty phrase is the head of the catalogue.
    return translations(language).gettext(reason) if reason else ""


def spaced(phrase: str) -> str:
    """The phrase with the space that goes before what follows it: none after a full-width sign, which has its own."""
    end = phrase[-1:]
    wide = end and unicodedata.east_asian_width(end) in "WF" and unicodedata.category(end).startswith("P")
    return phrase if wide else f"{phrase} "


def section_title(topic: str, language: str) -> str:
    """The title of a section: a reader's topic unchanged, our own titles in this language."""
    catalogue = translations(language)
    own = {
        TOP_STORIES: catalogue.gettext("Top stories"),
        PINNED: catalogue.gettext("Pinned"),
        LEAD: catalogue.gettext("Story of the day"),
        ELSEWHERE: catalogue.gettext("Elsewhere"),
    }
    return own.get(topic, topic)


def long_date(day: date, locale: Locale) -> str:
    """Weekday, day, month and year: `Wednesday 27 May 2026` as the language writes it."""
    return format_date(day, "full", locale=locale)


def capitalised(text: str) -> str:
    """The text as it stands alone: French and Spanish write `mercredi` small, and large where a line begins with it."""
    return text[:1].upper() + text[1:]


def short_date(day: date, locale: Locale) -> str:
    """Weekday, day and month: `Wed, May 27` as the language writes it."""
    # A skeleton instead of a pattern: CLDR knows in which order a language puts weekday, day and month.
    return format_skeleton("MMMEd", datetime(day.year, day.month, day.day), locale=locale)  # noqa: DTZ001 -- a local date has no zone


def edition_date(edition: date, locale: Locale, *, short: bool = False) -> str:
    """The date of an edition; of one of several of a day with its hour, so that a reader can tell them apart."""
    day = short_date(edition, locale) if short else long_date(edition, locale)
    return date_and_time(day, f"{edition.at:%H:%M}", locale) if isinstance(edition, EditionDate) else day


def listed_date(edition: date, locale: Locale) -> str:
    """The same as short as it is clear in a list of several years: `May 27, 2026`."""
    day = format_date(edition, "medium", locale=locale)
    return date_and_time(day, f"{edition.at:%H:%M}", locale) if isinstance(edition, EditionDate) else day


def month_name(month: date, locale: Locale) -> str:
    """`May 2026` as the language writes it, to stand alone."""
    return capitalised(format_skeleton("yMMMM", datetime(month.year, month.month, 1), locale=locale))  # noqa: DTZ001 -- a month has no zone


def format_time_in_zone(at: datetime, zone: ZoneInfo, locale: Locale) -> str:
    """Day and time in the reader's zone: `May 27, 07:30` as the language writes the day."""
    local = at.astimezone(zone)
    return _day_and_time(local, time_of_day(local), locale)


def time_of_day(local: datetime) -> str:
    """On the 24-hour clock, as AT is written, in every language and place of a digest.

    A language does not say which clock its readers use: to British readers of "en" 7:30 AM is foreign, and so is 上午7:30 beside 14:20.
    """
    return f"{local:%H:%M}"


def story_time(at: datetime | None, zone: ZoneInfo, today: date, language: str) -> str:
    """When a report came out, as short as it is clear: `14:20`, `yesterday 22:05`, `May 24, 09:10`; a word where nobody knows."""
    catalogue = translations(language)
    if at is None:
        return catalogue.gettext("undated")
    local = at.astimezone(zone)
    if local.date() == today:
        return time_of_day(local)
    if local.date() == today - timedelta(days=1):
        return catalogue.gettext("yesterday %(time)s") % {"time": time_of_day(local)}
    return _day_and_time(
        local, time_of_day(local), locale_of(language), "MMMd" if local.year == today.year else "yMMMd"
    )


def date_and_time(day: str, clock: str, locale: Locale) -> str:
    """A date with a time after it."""
    # CLDR knows what a language writes between the two: a comma and a space, or a space alone.
    return str(locale.datetime_formats["medium"]).format(clock, day)


def _day_and_time(local: datetime, clock: str, locale: Locale, day: str = "MMMd") -> str:
    return date_and_time(format_skeleton(day, local, locale=locale), clock, locale)


def _read(path: Path) -> GNUTranslations:
    # Compiled when it is first read, so that neither a checkout nor a wheel needs a build step for translations.
    compiled = BytesIO()
    with path.open("rb") as source:
        write_mo(compiled, read_po(source))
    compiled.seek(0)
    return GNUTranslations(compiled)
