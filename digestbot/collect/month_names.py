"""The months by their names in the common languages, and what is a weekday in one of them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import cache, lru_cache

from babel.core import UnknownLocaleError
from babel.dates import get_day_names, get_month_names

from ..text.calendar_words import DAY_ABBREVIATIONS, DAYS, MONTH_ABBREVIATIONS, MONTHS

# The languages in which most of the web is written, and those of Europe.
_LANGUAGES = [
    "en",
    "de",
    "fr",
    "es",
    "pt",
    "it",
    "nl",
    "ru",
    "pl",
    "tr",
    "sv",
    "da",
    "nb",
    "fi",
    "cs",
    "uk",
    "ro",
    "hu",
    "el",
    "id",
    "vi",
    "ca",
    "hr",
    "sk",
    "sl",
    "bg",
    "sr",
    "lt",
    "lv",
    "et",
    "is",
    "eu",
    "gl",
    "ms",
    "af",
    "sq",
    "mk",
    "hi",
    "ar",
    "fa",
    "he",
    "bn",
    "th",
    "ur",
    "be",
    "sw",
]
# The signs for the vowels of many scripts are no letters to Python, and stand in the middle of a word.
WORD = re.compile(r"[^\s\d_!-/:-@\[-`{-~\xa0-\xbf–—’،।]+")
ENGLISH = {month[:3].title(): number for number, month in enumerate(MONTHS, 1)}
_ENGLISH_MONTHS = frozenset({*MONTHS, *MONTH_ABBREVIATIONS})
_ENGLISH_WORDS = _ENGLISH_MONTHS | {*DAYS, *DAY_ABBREVIATIONS, "at", "of", "on", "the"}


def month_of_words(words: Iterable[str]) -> Callable[[str], int]:
    """What gives the number of a month by its name, for a date with these words in lower case; 0 for what is none.

    The names of forty languages take half a second to load, and most dates that are odd are English.
    """
    return _english_month if all(word in _ENGLISH_WORDS for word in words) else _month


@cache
def _months() -> dict[str, int]:
    """The months by their names in all the languages; the language named first wins where two disagree."""
    table: dict[str, int] = {}
    for language in _LANGUAGES:
        for width in ("wide", "abbreviated"):
            for context in ("format", "stand-alone"):
                with suppress(UnknownLocaleError, KeyError):
                    for number, name in get_month_names(width, context, language).items():
                        # The last word: Catalan says "de gener". A single letter is East Asia's sign for "month".
                        for word in WORD.findall(str(name).casefold())[-1:]:
                            if len(word) > 1:
                                table.setdefault(word, number)
                                if language == "he":  # with the letter for "in", as dates have it
                                    table.setdefault(f"ב{word}", number)
    extra = "sept 9 mär 3 maerz 3 janv 1 févr 2 fevr 2 fev 2 avr 4 juil 7 aout 8 déc 12 ene 1 abr 4 ago 8 dic 12 set 9 out 10 dez 12 gen 1"
    extra += (
        " mag 5 giu 6 lug 7 ott 10 mrt 3 mei 5 okt 10 окт 10 мая 5 ağu 8 ara 12 jänner 1 feber 2 pebruari 2 nopember 11"
    )
    extra += " सितम्बर 9 नवम्बर 11 दिसम्बर 12"
    words = extra.split()
    for word, value in zip(words[::2], words[1::2], strict=True):
        table.setdefault(word, int(value))
    return table


@cache
def foreign_weekdays() -> frozenset[str]:
    """The names of the days, and their short ones, in all the languages but English."""
    found = set()
    for language in _LANGUAGES:
        with suppress(UnknownLocaleError, KeyError):
            tables = [get_day_names(width, "format", language) for width in ("wide", "abbreviated", "short")]
            found |= {WORD.findall(str(name).casefold())[0] for table in tables for name in table.values()}
    return frozenset(word for word in found if len(word) > 1) - _ENGLISH_WORDS - {day[:2] for day in DAYS}


def _english_month(word: str) -> int:
    return ENGLISH.get(word[:3].title(), 0) if word in _ENGLISH_MONTHS else 0


@lru_cache(maxsize=1024)
def _month(word: str) -> int:
    """The number of a month by its name, or by three letters or more of it; 0 when it is none."""
    number = _months().get(word, 0)
    if not number and len(word) >= 3:
        begun = {number for name, number in _months().items() if name.startswith(word)}
        number = begun.pop() if len(begun) == 1 else 0
    return number
