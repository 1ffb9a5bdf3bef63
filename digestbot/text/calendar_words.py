"""The English names of days and months, in lower case."""

from __future__ import annotations

from typing import Final

MONTHS: Final = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december",
)  # fmt: skip
MONTH_ABBREVIATIONS: Final = (*(month[:3] for month in MONTHS), "sept")
DAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
DAY_ABBREVIATIONS: Final = (*(day[:3] for day in DAYS), "tues", "thur", "thurs")
NAMES: Final = frozenset({*DAYS, *MONTHS})  # in full
