"""Whether a feed writes the day or the month first: what its own dates, their weekdays and its language say about 03/04/2026."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from contextlib import suppress
from datetime import date
from typing import Final

from ..text.calendar_words import DAY_ABBREVIATIONS, DAYS
from .month_names import foreign_weekdays

NUMERIC: Final = re.compile(r"(?<!\d)(\d{1,4})\s?([./-])\s?(\d{1,2})\s?[./-]\s?(\d{1,4})(?!\d)")
MAX_CHARS: Final = 100  # of a date
_DIVIDERS: Final = 2  # of day, month and year as numbers
_PIVOT: Final = 70  # two digits below it are of this century (RFC 2822 section 4.3 says 50; no feed is older than 1990)
_FEW_DAYS: Final = 3  # in a row, which no feed of monthly news has by chance
_WORD: Final = re.compile(r"[^\W\d_]+")
_WEEKDAYS: Final = frozenset({*DAYS, *DAY_ABBREVIATIONS})
_BEGINNINGS: Final = tuple(day[:3] for day in DAYS)
# English is written in both orders: where alone the month comes first, and where nobody agrees (CLDR, dateFormats).
_MONTH_FIRST: Final = frozenset({"us", "ph", "pr", "gu", "vi", "as", "mp", "um", "fm", "mh", "pw"})
_EITHER: Final = frozenset({"", "ca", "001"})


def full_year(digits: str) -> int:
    """The year that two digits or four name."""
    year = int(digits)
    return year if len(digits) > 2 else year + (2000 if year < _PIVOT else 1900)


def day_first_of(texts: Iterable[str], *, language: str = "", latest: date = date.max) -> bool | None:
    """Whether the day stands first in these dates; None where nothing says so, or two of them contradict each other.

    Args:
        texts: the dates of a feed, as written.
        language: that it declares, as `en-GB`.
        latest: no date that is separated by slashes is after it.
    """
    found = [
        numbers
        for text in texts
        # Most dates have none, in a tenth of the time of a pattern.
        if not (text[4:5] == "-" and text[:4].isdecimal())
        and text.count("/") + text.count("-") + text.count(".") >= _DIVIDERS
        and (numbers := NUMERIC.search(text[:MAX_CHARS])) is not None
        and len(numbers[1]) <= 2
    ]
    if not found:
        return None
    votes = {int(one[1]) > 12 for one in found if (int(one[1]) > 12) != (int(one[3]) > 12)}
    if votes:
        return votes.pop() if len(votes) == 1 else None
    by_weekday = {vote for one in found if (vote := _by_weekday(one)) is not None}
    if len(by_weekday) == 1:
        return by_weekday.pop()
    code, _, region = language.strip().lower().replace("_", "-").partition("-")
    if code and (code != "en" or region not in _EITHER):
        return region not in _MONTH_FIRST if code == "en" else True
    if any(_has_foreign_weekday(one) for one in found):
        return True
    return _by_time(found, latest) or _by_rows(found, latest)


def _by_weekday(found: re.Match[str]) -> bool | None:
    names = [word[:3] for word in _WORD.findall(found.string[:MAX_CHARS].casefold()) if word in _WEEKDAYS]
    if not names:
        return None
    fits = [
        moment is not None and moment.weekday() == _BEGINNINGS.index(names[0])
        for moment in (_read(found, day_first=True), _read(found, day_first=False))
    ]
    return fits[0] if fits[0] != fits[1] else None


def _has_foreign_weekday(found: re.Match[str]) -> bool:
    """Whether it begins with the day of the week in another language than English: none of them puts the month first."""
    word = _WORD.search(found.string[: found.start()].casefold())
    return word is not None and word[0] not in _WEEKDAYS and word[0] in foreign_weekdays()


def _by_time(found: Sequence[re.Match[str]], latest: date) -> bool | None:
    """Day first where only so no date is still to come."""
    slashed = [one for one in found if one[2] == "/"]
    can_be = [
        all((moment := _read(one, day_first=order)) is not None and moment <= latest for one in slashed)
        for order in (True, False)
    ]
    return True if slashed and can_be == [True, False] else None


def _by_rows(found: Sequence[re.Match[str]], latest: date) -> bool | None:
    """Day first where so they are days of one month, and else the same day of several, which are longer ago."""
    slashed = [one for one in found if one[2] == "/"]
    if len({int(one[1]) for one in slashed}) < _FEW_DAYS or len({(int(one[3]), one[4]) for one in slashed}) > 1:
        return None
    newest = [
        max(filter(None, (_read(one, day_first=order) for one in slashed)), default=None) for order in (True, False)
    ]
    days, months = newest
    return True if days and months and months < days <= latest else None


def _read(found: re.Match[str], *, day_first: bool) -> date | None:
    day, month = (int(found[1]), int(found[3])) if day_first else (int(found[3]), int(found[1]))
    with suppress(ValueError):
        return date(full_year(found[4]), month, day)
    return None
