"""Whoever takes jobs from Procrastinate's queue and does them, until it is stopped or cannot go on.

Of each kind one job at a time: a process that does all kinds does three side by side. A job that fails is over: what is left to be
done stands in the ledger, and comes back as a job.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final, Self

import procrastinate
import psycopg
from procrastinate import JobContext
from procrastinate.exceptions import ConnectorException
from psycopg.pq import TransactionStatus
from sqlalchemy import URL

from ..model import JobKind
from ..store.database import Database
from ..store.pooler import direct, is_pooled
from ..store.queue import SCHEMA
from .current import JOB

# A sign of life every so often; who gives none for STALE_SECONDS holds nothing any more.
BEAT_SECONDS: Final = 2.0
STALE_SECONDS: Final = 10.0
_POLL_SECONDS: Final = 2.0  # a job is told of at once where the server's word comes through, which no pooler passes on
_CONNECTIONS: Final = 2
_LOOK_SECONDS: Final = 0.5  # between two tries to say that a job has ended
_PATIENCE_SECONDS: Final = 60.0  # of them: a process whose database is away for half of it is ended

_log = logging.getLogger("digestbot.jobs")
# What it says of each job is said by us; what it says of a job that failed comes with our own words, too.
logging.getLogger("procrastinate").setLevel(logging.CRITICAL)
# Each try of its pool in vain would be two lines: that the database is away is said once, by us.
logging.getLogger("psycopg.pool").setLevel(logging.CRITICAL)


class QueueWorker:
    """One process's hands.

    Args:
        database: with the queue.
        work: does a job of each kind that this process is for, by its key; in a thread of its own.
    """

    def __init__(self, database: Database, work: Mapping[JobKind, Callable[[str], None]]) -> None:
        self._kinds = tuple(work)
        self._app = procrastinate.App(connector=_connector(database.url))
        self._pooled = is_pooled(database.url)
        manager: Any = self._app.job_manager
        manager.finish_job = _patiently(manager.finish_job)
        for kind, function in work.items():
            self._app.task(name=kind.value, queue=kind.value, pass_context=True)(_task(kind, function))

    async def work(self, *, wait: bool = True) -> None:
        """Do what there is, and what comes.

        Args:
            wait: False: until nothing is left that may be done now.

        Raises:
            procrastinate.exceptions.ProcrastinateException: the database was away for too long, or has forgotten this worker.
        """
        async with self._app.open_async(), asyncio.TaskGroup() as group:
            for kind in self._kinds:
                group.create_task(self._work(kind, wait=wait))

    async def _work(self, kind: JobKind, *, wait: bool) -> None:
        await self._app.run_worker_async(
            queues=[kind.value],
            name=kind.value,
            concurrency=1,
            wait=wait,
            fetch_job_polling_interval=_POLL_SECONDS,
            update_heartbeat_interval=BEAT_SECONDS,
            stalled_worker_timeout=STALE_SECONDS,
            delete_jobs="always",
            install_signal_handlers=False,
            # A server tells those that are connected to it: who is for one transaction only has to look.
            listen_notify=wait and not self._pooled,
        )
        if wait:
            raise WorkerEndedError(f"the worker for {kind} has ended")


class WorkerEndedError(Exception):
    """A worker that was to go on has ended."""


def _patiently(finish: Callable[..., Awaitable[None]]) -> Callable[..., Awaitable[None]]:
    """A job whose end could not be said would be its living worker's for ever, and nobody else's."""

    async def said(*args: Any, **options: Any) -> None:
        for left in range(round(_PATIENCE_SECONDS / _LOOK_SECONDS), -1, -1):
            try:
                await finish(*args, **options)
            except ConnectorException as error:
                # What the server itself says, that there is no such job any more, does not pass.
                if not left or isinstance(error.__cause__, psycopg.errors.RaiseException):
                    raise
            else:
                return
            await asyncio.sleep(_LOOK_SECONDS)

    return said


def _task(kind: JobKind, function: Callable[[str], None]) -> Callable[..., None]:
    def task(context: JobContext, key: str) -> None:
        named = JOB.set(str(context.job.id or ""))
        _log.info("%s %s", kind, key)
        try:
            function(key)
        except Exception as error:
            _log.error("%s %s: %s", kind, key, error)
            raise
        finally:
            JOB.reset(named)

    return task


class _QueueCursor(psycopg.AsyncCursor[Any]):
    """Finds the queue's names in every transaction anew.

    Not once for a connection: a pooler lets nobody say at its beginning how a session is to be, and may change it below.
    """

    async def execute(self, *args: Any, **options: Any) -> Self:
        idle = self.connection.info.transaction_status is TransactionStatus.IDLE
        if idle and not self.connection.autocommit:
            await super().execute(f"SET LOCAL search_path = {SCHEMA}")
        return await super().execute(*args, **options)


def _connector(url: URL) -> procrastinate.PsycopgConnector:
    plain = direct(url).set(drivername="postgresql")
    options: dict[str, Any] = {"prepare_threshold": None, "connect_timeout": 6, "cursor_factory": _QueueCursor}
    return procrastinate.PsycopgConnector(
        conninfo=plain.render_as_string(hide_password=False), kwargs=options, min_size=1, max_size=_CONNECTIONS
    )
