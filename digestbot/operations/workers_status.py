"""What `status` says of the processes that share the work."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from ..model import WorkerState
from ..ports import Store
from ..settings import Loaded
from ..text.counting import counted

SEEN_WITHIN: Final = timedelta(seconds=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkersStatus:
    """Those that are alive, and what they hold."""

    workers: tuple[WorkerState, ...]
    waiting: int  # jobs that none of them has begun

    def as_list(self) -> list[dict[str, object]]:
        """For a program."""
        return [
            {
                "worker": one.worker,
                "kind": one.kind,
                "job": one.key,
                "since": one.since.isoformat() if one.since else None,
                "seen": one.seen.isoformat(),
            }
            for one in self.workers
        ]

    def lines(self) -> Iterator[str]:
        """For a person."""
        processes = {one.worker for one in self.workers}
        if not processes:
            yield "workers: none; what is due waits for `digestbot worker` or `serve`"
            return
        waiting = f"; {counted(self.waiting, 'job waits', 'jobs wait')}" if self.waiting else ""
        yield f"workers: {counted(len(processes), 'process', 'processes')}{waiting}"
        for one in self.workers:
            doing = f"{one.key} since {one.since:%H:%M:%S} UTC" if one.key and one.since else "waits for a job"
            yield f"  {one.worker} {one.kind}: {doing}"


def workers_status(loaded: Loaded, store: Store) -> WorkersStatus | None:
    """None where one process does everything."""
    if loaded.settings.jobs != "cluster":
        return None
    waiting = sum(store.workers.waiting().values())
    return WorkersStatus(workers=store.workers.seen(within=SEEN_WITHIN), waiting=waiting)
