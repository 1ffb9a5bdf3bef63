"""What is remembered of days that are over."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Protocol

from ..model import CountedDay


class Counts(Protocol):
    """What stands in the items of each day that is over."""

    def of(self, *, first: date, last: date) -> Mapping[date, CountedDay]:
        """What is known of the days from the first to the last."""

    def keep(self, counted: Sequence[CountedDay]) -> None:
        """Remember these days, instead of what was known of them."""

    def prune(self, *, before: date) -> int:
        """Forget earlier days. Returns how many."""
