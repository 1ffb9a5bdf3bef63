"""Who works on the queue, for whoever looks on."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Protocol

from ..model import JobKind, WorkerState


class Workers(Protocol):
    """The processes that have told of themselves; moments are of the clock of the database, where machines share one."""

    def tell(self, worker: str, kind: JobKind, *, key: str = "", problems: tuple[str, ...] = ()) -> None:
        """It lives, does this job, or none, and has met these problems."""

    def gone(self, worker: str) -> None:
        """It has ended in order."""

    def seen(self, *, within: timedelta) -> tuple[WorkerState, ...]:
        """Those that have told of themselves so lately, by name."""

    def waiting(self) -> Mapping[JobKind, int]:
        """How many jobs of each kind may be done now and were not begun; nothing where there is no queue."""

    def prune(self) -> None:
        """Forget those that nobody has heard of for a day."""
