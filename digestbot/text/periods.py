"""Which quarter or half of a year a text speaks of: its figures are of that period and no other."""

from __future__ import annotations

import re

_ORDINALS = {
    "1": r"1st|first|erste[nsmr]?|premier|primer|primo|primeiro|第?一|首",
    "2": r"2nd|second|zweite[nsmr]?|deuxième|segundo|secondo|第?二",
    "3": r"3rd|third|dritte[nsmr]?|troisième|tercer|terzo|terceiro|第?三",
    "4": r"4th|fourth|vierte[nsmr]?|quatrième|cuarto|quarto|第?四|末",
}
_QUARTER = r"quarters?|quartals?|trimestres?"
# "Q3", "3Q26", "third-quarter", "im dritten Quartal", "3. Quartal", 第三季; the halves are "H1", "first half", 上半年.
_PATTERNS = {
    f"quarter {number}": re.compile(
        rf"\b(?:Q{number}(?!\d)|{number}Q(?:\d\d|\d{{4}})?\b|{number}\. ?quartals?\b|(?:{words})[- ](?:fiscal[- ])?(?:{_QUARTER})\b)"
        rf"|(?<![十\d])(?:{words}|第?{number})季(?!節|节|軍|军|後|后|[風风]|前賽|前赛)",
        re.IGNORECASE,
    )
    for number, words in _ORDINALS.items()
} | {
    "half 1": re.compile(r"\bH1\b|\bfirst[- ]half\b|\berste[sn]? halbjahr|上半年", re.IGNORECASE),
    "half 2": re.compile(r"\bH2\b|\bsecond[- ]half\b|\bzweite[sn]? halbjahr|下半年", re.IGNORECASE),
}


def periods(text: str) -> frozenset[str]:
    """The quarters and halves it names, such as "quarter 3"; of which year is not read."""
    return frozenset(name for name, pattern in _PATTERNS.items() if pattern.search(text))


def is_of_another_period(text: str, other: str) -> bool:
    """Whether two texts name quarters, or halves of a year, and not one of them in common."""
    mine, theirs = periods(text), periods(other)
    kinds = {name[:4] for name in mine} & {name[:4] for name in theirs}
    return bool(kinds) and mine.isdisjoint(theirs)
