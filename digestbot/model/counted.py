"""What is remembered of a day's items when it is over, so that no edition reads them again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class CountedDay:
    """The words of a day's items, and the names of companies in them."""

    day: date  # in UTC
    stored: int  # how many items of it were stored when it was counted
    items: int  # how many of them were counted
    words: bytes  # in how many of these each word stands; see stories/word_counts.py
    names: tuple[str, ...] = ()  # of companies, each behind its ticker; see topics/tickers.py
