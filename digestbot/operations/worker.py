"""`digestbot worker`: one more process that does what is in the queue, until it is stopped or cannot go on."""

from __future__ import annotations

import asyncio
import logging
import os
import socket
import threading
from collections.abc import Callable, Collection, Coroutine
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, Final

from ..app.queue import queue_problems
from ..app.storage import FOR_EVER, shared_store, waiting
from ..errors import DigestbotError, Stopped, StoreError, StoreUnavailable
from ..model import JobKind
from ..settings import Loaded
from ..store import Stores
from ..store.slots import AccountSlots
from .away import tell_back
from .following import Following
from .queue_work import QueueWork
from .shared_clock import DatabaseClock
from .watchdog import Watchdog

LOG = logging.getLogger("digestbot")
_ROUND_SECONDS: Final = 5.0  # between two signs of life, sweeps and looks for lost jobs
_LOOK_SECONDS: Final = 0.2
_SWEEPS: Final = "queue"  # the lease of who does


def require_queue(loaded: Loaded) -> None:
    """Refuse to begin without what a queue needs.

    Raises:
        ConfigError: there is no PostgreSQL, or Procrastinate is not installed.
    """
    for problem in queue_problems(loaded):
        raise problem


def serve_queue(
    read: Callable[[], Loaded], data: Path, *, kinds: Collection[JobKind] = tuple(JobKind), stop: threading.Event
) -> None:
    """Do what is in the queue until `stop` is set.

    Raises:
        ConfigError: the configuration is wrong at the start.
        StoreError: the database cannot be used by this version, or is away for too long, or has forgotten this worker.
    """
    following = Following(read)
    require_queue(following.loaded)
    waits = waiting(FOR_EVER, sleep=stop.wait, stop=stop.is_set)
    try:
        with shared_store(following.loaded, data, waits=waits, queued=True) as store, Watchdog() as watchdog:
            LOG.info("worker %s does: %s", worker_name(), ", ".join(kinds))
            WorkerProcess(following=following, store=store, kinds=tuple(kinds), stop=stop, alive=watchdog.beat).run()
    except Stopped:
        pass
    LOG.info("stopped")


def worker_name() -> str:
    return f"{socket.gethostname()}:{os.getpid()}"


@dataclass(slots=True, kw_only=True)
class WorkerProcess:
    """The work of this process on the queue."""

    following: Following
    store: Stores
    kinds: tuple[JobKind, ...]
    stop: threading.Event
    alive: Callable[[], None] = lambda: None  # called as long as its loop turns and the database answers
    alone: bool = True  # else a scheduler beside it says that the database is away
    _doing: dict[JobKind, str] = field(default_factory=dict, init=False)  # the key of the job, by kind
    _refused: dict[str, str] = field(default_factory=dict, init=False)  # a changed file that is not in use, and why
    _problems: dict[JobKind, dict[str, str]] = field(default_factory=lambda: {kind: {} for kind in JobKind}, init=False)

    def run(self) -> None:
        """Work until `stop` is set.

        Raises:
            StoreError: it cannot go on.
        """
        from ..jobs.procrastinate import QueueWorker  # noqa: PLC0415 -- installed apart
        from ..jobs.queue_schema import prepare_queue  # noqa: PLC0415

        queue = self.store.queue
        assert queue is not None  # noqa: S101 -- the store was opened for it
        prepare_queue(self.store.database)
        clock = DatabaseClock(self.store)
        work = QueueWork(
            loaded=lambda: self.following.loaded,
            store=self.store,
            jobs=queue,
            slots=AccountSlots(self.store.database),
            stop=self.stop,
            clock=clock,
            problems=self._problems,
        )
        with ExitStack() as stack:
            stack.callback(work.close)
            stack.callback(self._tell_gone)
            worker = QueueWorker(self.store.database, {kind: partial(self._do, work, kind) for kind in self.kinds})
            try:
                asyncio.run(self._run(worker.work(), clock))
            except StoreError:
                raise
            except Exception as error:
                LOG.debug("the queue", exc_info=error)
                why = "the database is away, or has forgotten this worker"
                raise StoreError(f"the queue cannot be worked on any more ({type(error).__name__}): {why}") from None

    async def _run(self, work: Coroutine[Any, Any, None], clock: DatabaseClock) -> None:
        tasks = [asyncio.create_task(one) for one in (work, self._keep(clock), self._stopped())]
        done, rest = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        self.stop.set()  # jobs that are under way end soon, and in order
        for task in rest:
            task.cancel()
        await asyncio.wait(rest)
        for task in done:
            task.result()

    async def _stopped(self) -> None:
        while not self.stop.is_set():  # noqa: ASYNC110 -- it is set by threads and signals
            await asyncio.sleep(_LOOK_SECONDS)

    async def _keep(self, clock: DatabaseClock) -> None:
        """Rounds of what every worker does beside its jobs."""
        away: StoreUnavailable | None = None
        while True:
            try:
                await asyncio.to_thread(self._round, clock)
            except StoreUnavailable as error:  # the watchdog ends what lasts for too long
                if away is None and self.alone:
                    LOG.error("%s", error)  # noqa: TRY400 -- it says what is away; a traceback would hide that
                away = error
            else:
                if away is not None and self.alone:
                    tell_back(away)
                away = None
                self.alive()
            await asyncio.sleep(_ROUND_SECONDS)

    def _round(self, clock: DatabaseClock) -> None:
        from ..jobs.procrastinate import STALE_SECONDS  # noqa: PLC0415

        queue = self.store.queue
        assert queue is not None  # noqa: S101
        self.store.beat(now=datetime.now(UTC))  # for `digestbot healthcheck`, which asks the clock of this machine
        before = self.following.refused
        self.following.look()
        # A file that is away for a moment, as while an editor saves, is nothing to call somebody for.
        lasting = self.following.refused if before else {}
        self._refused = {subject: f"worker {worker_name()}: {reason}" for subject, reason in lasting.items()}
        clock.ask()
        for kind in self.kinds:
            self._tell(kind)
        # One process at a time is enough for what looks through all that is open.
        if not self.store.leases.take([_SWEEPS], seconds=_ROUND_SECONDS * 0.8):
            return
        if again := queue.sweep(stale=STALE_SECONDS):
            LOG.warning("%d jobs of workers that ended wait again", again)
        if made := queue.make_whole():
            LOG.warning("%d ranges with open deliveries had no job, and have one again", made)

    def _do(self, work: QueueWork, kind: JobKind, key: str) -> None:
        self._doing[kind] = key
        try:
            with suppress(DigestbotError):
                self._tell(kind)
            work.of(kind)(key)
        finally:
            self._doing.pop(kind, None)
            with suppress(DigestbotError):
                self._tell(kind)

    def _tell(self, kind: JobKind) -> None:
        problems = tuple(f"{subject}: {reason}" for subject, reason in (self._problems[kind] | self._refused).items())
        self.store.workers.tell(worker_name(), kind, key=self._doing.get(kind, ""), problems=problems)

    def _tell_gone(self) -> None:
        with suppress(DigestbotError):
            self.store.workers.gone(worker_name())
