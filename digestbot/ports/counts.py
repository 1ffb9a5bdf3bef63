"""What is remembered of days that are over."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Protocol

from ..model import CountedDay


class Counts(Protocol):
    """What stands in the items of each day that is over."""

    def of(self, *, first: date, last: date) -> Mapping[date, CountedDay]:
        """What is known of the days from the first to the last."""

    def stored(self, *, first: date, last: date) -> Mapping[date, int]:
        """Which of the days from the first to the last were counted, and how many items each had then."""

    def keep(self, counted: CountedDay) -> None:
        """Remember this, instead of what was known of the day."""

    def prune(self, *, before: date) -> int:
        """Forget earlier days. Returns how many."""
