"""What a model of meaning made of texts."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Protocol


class Vectors(Protocol):
    """What a model of meaning made of texts, so that no text is given to it twice."""

    def get(self, keys: Collection[str]) -> Mapping[str, bytes]:
        """Those that are known, by their keys."""

    def put(self, made: Mapping[str, bytes], *, now: datetime) -> None:
        """Keep them; what is known already stays as it is."""

    def prune(self, *, before: datetime) -> int:
        """Delete those that were made earlier. Returns how many."""
