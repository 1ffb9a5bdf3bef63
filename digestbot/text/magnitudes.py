"""How strong a quake was, as a line says: two lines with different strengths tell of two quakes, or of two measurements."""

from __future__ import annotations

import re
from functools import cache

_NUMBER = r"(\d(?:[.,]\d)?)"
_PATTERNS = (
    rf"\bmagnitude[- ](?:of )?(?:about |around |at least |an? estimated )?{_NUMBER}|\b{_NUMBER}[- ]magnitude\b|\bM[wL]? ?{_NUMBER}(?= (?:quake|earthquake)\b)",
    rf"\b(?:measur\w+|registered|of) (?:about |at )?{_NUMBER} on the (?:open-ended )?Richter|\bder Stärke {_NUMBER}|\bmagnitude (?:de |d['’]environ ){_NUMBER}",
    rf"\bmagnitud (?:de )?{_NUMBER}|(?:マグニチュード|[規规]模|黎克特制|里氏)\D{{0,3}}{_NUMBER}|{_NUMBER}[級级](?:地震|強震|强震)",
)  # fmt: skip
_MOST_CHARACTERS = 500  # of a line are read


def magnitudes(text: str) -> frozenset[float]:
    """Every strength that a line gives a quake; empty where it gives none."""
    found = _pattern().finditer(text[:_MOST_CHARACTERS])
    return frozenset(float(number.replace(",", ".")) for match in found for number in match.groups() if number)


@cache
def _pattern() -> re.Pattern[str]:
    return re.compile("|".join(_PATTERNS), re.IGNORECASE)
