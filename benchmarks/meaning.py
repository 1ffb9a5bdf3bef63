"""The model of meaning for benchmarks: it remembers in memory what it was asked, for all sets of one run."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import UTC, datetime

from digestbot.app.meaning import RememberedMeaning
from digestbot.operations.logs import LoggedProgress


class _Memory:
    """`ports.Vectors` in a dictionary."""

    def __init__(self) -> None:
        self._known: dict[str, bytes] = {}

    def get(self, keys: Collection[str]) -> Mapping[str, bytes]:
        return {key: self._known[key] for key in keys if key in self._known}

    def put(self, made: Mapping[str, bytes], *, now: datetime) -> None:
        del now
        self._known |= made

    def prune(self, *, before: datetime) -> int:
        del before
        return 0


def model_of_meaning() -> RememberedMeaning:
    """The model that `pip install 'digestbot[meaning]'` brings."""
    return RememberedMeaning(_Memory(), LoggedProgress(), clock=lambda: datetime.now(UTC))
