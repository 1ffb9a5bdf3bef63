"""The reader's language and zone: translated fixed words, dates, times, numbers.

The English words stand in the templates. A translation is a gettext catalogue, `templates/words/<language>.po`.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from functools import lru_cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_skeleton, format_time
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from ..model import PINNED, TOP_STORIES, Phrase
from ..resources import resource

SOURCE_LANGUAGE = "en"
# Hebrew, Arabic, Syriac, Thaana, N'Ko and their neighbours, with the presentation forms.
_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]")


def locale_of(language: str) -> Locale:
    """The language's conventions; English where the tag is unknown."""
    try:
        return Locale.parse(language.replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        return Locale.parse(SOURCE_LANGUAGE)


@lru_cache(maxsize=32)
def translations(language: str) -> NullTranslations:
    """The shipped catalogue of a language, or the English words of the templates themselves."""
    locale = locale_of(language)
    for tag in (str(locale), locale.language):
        path = resource("templates") / "words" / f"{tag}.po"
        if path.is_file():
            return _read(path)
    return NullTranslations()


def in_words(phrase: Phrase, language: str) -> str:
    """The phrase as the language says it."""
    return translations(language).gettext(phrase.text) % phrase.values


def section_title(topic: str, language: str) -> str:
    """A reader's topic as it stands, and the titles of sections that are no topic as the language says them."""
    words = translations(language)
    return {TOP_STORIES: words.gettext("Top stories"), PINNED: words.gettext("Pinned")}.get(topic, topic)


def is_right_to_left(text: str) -> bool:
    """Whether it holds a letter of a script that is written from right to left."""
    return not text.isascii() and _RIGHT_TO_LEFT.search(text) is not None


def long_date(day: date, locale: Locale) -> str:
    """Weekday, day, month and year: `Wednesday 27 May 2026` as the language writes it."""
    return format_date(day, "full", locale=locale)


def short_date(day: date, locale: Locale) -> str:
    """Weekday, day and month: `Wed, May 27` as the language writes it."""
    return format_skeleton("MMMEd", datetime(day.year, day.month, day.day), locale=locale)  # noqa: DTZ001 -- a local date has no zone


def format_moment(at: datetime, zone: ZoneInfo, locale: Locale) -> str:
    """Day and time in the reader's zone."""
    local = at.astimezone(zone)
    return f"{format_skeleton('MMMd', local, locale=locale)}, {format_time(local, 'short', locale=locale)}"


def _read(path: Path) -> GNUTranslations:
    compiled = BytesIO()
    with path.open("rb") as source:
        write_mo(compiled, read_po(source))
    compiled.seek(0)
    return GNUTranslations(compiled)
