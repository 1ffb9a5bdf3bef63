"""Jobs of one process: done at once by whoever puts them, or by the round that comes when it is time."""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import datetime

from ..model import JobKind


class Inline:
    """`ports.Jobs` without a queue. What is put is done before `put` returns, and raises what its work raises.

    Nothing of it is kept: every round finds in the store what is to be done.

    Args:
        work: does a job of each kind, by its key.
        clock: the time.
    """

    def __init__(self, work: Mapping[JobKind, Callable[[str], None]], *, clock: Callable[[], datetime]) -> None:
        self._work, self._clock = work, clock
        self._later: list[tuple[datetime, JobKind, str]] = []

    def put(self, kind: JobKind, key: str, *, not_before: datetime | None = None) -> None:
        if not_before is None or not_before <= self._clock():
            self._work[kind](key)
        elif all((kind, key) != known[1:] for known in self._later):
            heapq.heappush(self._later, (not_before, kind, key))

    def waiting(self) -> Mapping[JobKind, int]:
        return Counter(kind for _, kind, _ in self._later)

    def work_off(self) -> None:
        """Do those whose time has come."""
        while self._later and self._later[0][0] <= self._clock():
            _, kind, key = heapq.heappop(self._later)
            self._work[kind](key)
