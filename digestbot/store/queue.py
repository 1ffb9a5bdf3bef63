"""The queue of jobs on PostgreSQL, as SQL: put in the transaction of whatever makes them needed, swept, and made whole again.

Its tables are Procrastinate's, in a schema of their own. Every name inside them is found by `search_path`, which is set for the
transaction alone: a pool between here and the server may give the connection to somebody else afterwards.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import Connection, TextClause, inspect, text

from ..model import RANGE, Job, JobKind
from .database import Database
from .schema import OPEN_STATES

SCHEMA: Final = "digestbot_jobs"
# "digestbo" + s: as _MIGRATION_LOCK, a number that no other program is likely to lock.
_SWEEP_LOCK: Final = 0x64696765737473

# Their own function refuses all of a batch where one waits already.
_PUT = text(
    """INSERT INTO procrastinate_jobs (queue_name, task_name, queueing_lock, args, scheduled_at)
    SELECT :kind, :kind, :lock, jsonb_build_object('key', CAST(:key AS text)), CAST(:at AS timestamptz)
    WHERE NOT (:alone AND EXISTS (SELECT FROM procrastinate_jobs WHERE queueing_lock = :lock AND status = 'doing'))
    ON CONFLICT (queueing_lock) WHERE status = 'todo' DO NOTHING"""
)
_OPEN_RANGES = f"""SELECT digest, edition, number / {RANGE} AS part FROM deliveries
    WHERE {OPEN_STATES} AND digest = coalesce(:digest, digest) AND edition = coalesce(:edition, edition)
    AND (not_before IS NULL OR not_before <= clock_timestamp())
    GROUP BY digest, edition, number / {RANGE}"""  # noqa: S608 -- numbers and states of ours
_PUT_RANGES = text(
    f"""INSERT INTO procrastinate_jobs (queue_name, task_name, queueing_lock, args)
    SELECT 'deliver', 'deliver', 'deliver ' || key, jsonb_build_object('key', key)
    FROM (SELECT digest || ' ' || edition || ' ' || part AS key FROM ({_OPEN_RANGES}) AS ranges ORDER BY edition, part) AS keys
    WHERE NOT EXISTS (
        SELECT FROM procrastinate_jobs AS known
        WHERE known.queueing_lock = 'deliver ' || key AND known.status IN ('todo', 'doing')
    )
    ON CONFLICT (queueing_lock) WHERE status = 'todo' DO NOTHING"""  # noqa: S608
)
# Whoever delivered the last of it may have died before it could say so.
_END_EDITIONS = text(
    f"""UPDATE editions SET state = 'done' WHERE state = 'ready' AND NOT EXISTS (
        SELECT FROM deliveries WHERE {OPEN_STATES} AND deliveries.digest = editions.digest AND deliveries.edition = editions.date
    )"""  # noqa: S608
)
_STALLED = """SELECT job.id, job.queueing_lock FROM procrastinate_jobs AS job
    LEFT JOIN procrastinate_workers AS worker ON worker.id = job.worker_id
    WHERE job.status = 'doing' AND (worker.id IS NULL OR worker.last_heartbeat < now() - make_interval(secs => :stale))"""
_DROP_STALLED = text(
    f"""DELETE FROM procrastinate_jobs WHERE id IN (
        SELECT stalled.id FROM ({_STALLED}) AS stalled
        JOIN procrastinate_jobs AS again ON again.queueing_lock = stalled.queueing_lock AND again.status = 'todo'
    )"""  # noqa: S608
)
_RETRY_STALLED = text(
    f"SELECT procrastinate_retry_job_v2(stalled.id, now(), NULL, NULL, NULL) FROM ({_STALLED}) AS stalled"  # noqa: S608
)
_FORGET_WORKERS = text("DELETE FROM procrastinate_workers WHERE last_heartbeat < now() - make_interval(secs => :gone)")
_WAITING = text(
    "SELECT queue_name, count(*) AS waiting FROM procrastinate_jobs WHERE status = 'todo' GROUP BY queue_name"
)
_BACKLOG = text(
    f"""SELECT queue_name, count(*) AS waiting FROM {SCHEMA}.procrastinate_jobs
    WHERE status = 'todo' AND (scheduled_at IS NULL OR scheduled_at <= now()) GROUP BY queue_name"""  # noqa: S608
)


def backlog(connection: Connection) -> Mapping[JobKind, int]:
    """How many jobs of each kind may be done now and were not begun; nothing where there is no queue yet."""
    if not inspect(connection).has_table("procrastinate_jobs", schema=SCHEMA):
        return {}
    return _by_kind(connection, _BACKLOG)


class JobQueue:
    """`ports.Jobs` on PostgreSQL, for workers of any machine."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def put(self, kind: JobKind, key: str, *, not_before: datetime | None = None) -> None:
        self.put_all([Job(kind=kind, key=key, not_before=not_before)])

    def put_all(self, jobs: Iterable[Job]) -> None:
        """Several in one transaction."""
        with self._database.writing() as connection, names_of_queue(connection):
            for job in jobs:
                values = {"kind": job.kind.value, "key": job.key, "lock": f"{job.kind} {job.key}", "at": job.not_before}
                # Who asks a batch that is being asked only waits for its hosts; whoever misses its feeds puts it again.
                connection.execute(_PUT, values | {"alone": job.kind is JobKind.COLLECT})

    def waiting(self) -> Mapping[JobKind, int]:
        with self._database.writing() as connection, names_of_queue(connection):
            return _by_kind(connection, _WAITING)

    def put_deliveries(self, connection: Connection, digest: str, edition: date) -> None:
        """A job for each range of what is open of an edition, in the transaction that made it so."""
        with names_of_queue(connection):
            connection.execute(_PUT_RANGES, {"digest": digest, "edition": edition.isoformat()})

    def make_whole(self) -> int:
        """A job for each range of open deliveries that has none, and an end for each edition without any; how many were missing."""
        with self._database.writing() as connection, names_of_queue(connection):
            connection.execute(_END_EDITIONS)
            return connection.execute(_PUT_RANGES, {"digest": None, "edition": None}).rowcount

    def sweep(self, *, stale: float) -> int:
        """What nobody works on any more waits again: whose worker has given no sign of life for so many seconds.

        Returns how many there were; none, too, where another process sweeps at this moment.
        """
        with self._database.writing() as connection, names_of_queue(connection):
            if not connection.scalar(text("SELECT pg_try_advisory_xact_lock(:key)"), {"key": _SWEEP_LOCK}):
                return 0
            dropped = connection.execute(_DROP_STALLED, {"stale": stale}).rowcount
            again = len(connection.execute(_RETRY_STALLED, {"stale": stale}).all())
            connection.execute(_FORGET_WORKERS, {"gone": 10 * stale})
        return dropped + again


def _by_kind(connection: Connection, query: TextClause) -> Mapping[JobKind, int]:
    found = {row.queue_name: row.waiting for row in connection.execute(query)}
    return {kind: found.get(kind.value, 0) for kind in JobKind}


@contextmanager
def names_of_queue(connection: Connection) -> Iterator[None]:
    """Inside, the names of the queue's tables are found before others; only in this transaction."""
    before = connection.scalar(text("SELECT current_setting('search_path')"))
    _search(connection, f"{SCHEMA}, {before}")
    yield
    _search(connection, before)


def _search(connection: Connection, path: Any) -> None:
    connection.execute(text("SELECT set_config('search_path', :path, true)"), {"path": path})
