"""What the processes that work on the queue tell of themselves."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from sqlalchemy import case, delete, select
from sqlalchemy.dialects import postgresql, sqlite

from ..model import JobKind, WorkerState
from .cluster_tables import workers
from .database import Database
from .queue import backlog
from .shared_clock import moment

_FORGOTTEN_AFTER: Final = timedelta(days=1)


class WorkerStore:
    """`ports.Workers` on a database.

    Args:
        database: which.
        clock: the time, of a database that has no clock of its own.
    """

    def __init__(self, database: Database, *, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._database, self._clock = database, clock

    def tell(self, worker: str, kind: JobKind, *, key: str = "", problems: tuple[str, ...] = ()) -> None:
        now = moment(self._database, self._clock)
        insert: Any = (sqlite.insert if self._database.sqlite else postgresql.insert)(workers)
        row: dict[str, Any] = {
            "worker": worker,
            "kind": kind.value,
            "started": now,
            "seen": now,
            "key": key,
            "since": now if key else None,
            "problems": problems,
        }
        same = workers.c.key == insert.excluded.key
        told = insert.values(row).on_conflict_do_update(
            index_elements=[workers.c.worker, workers.c.kind],
            set_={
                "seen": insert.excluded.seen,
                "key": insert.excluded.key,
                "problems": insert.excluded.problems,
                "since": case((same, workers.c.since), else_=insert.excluded.since),
            },
        )
        with self._database.writing() as connection:
            connection.execute(told)

    def gone(self, worker: str) -> None:
        with self._database.writing() as connection:
            connection.execute(delete(workers).where(workers.c.worker == worker))

    def seen(self, *, within: timedelta) -> tuple[WorkerState, ...]:
        lately = workers.c.seen > moment(self._database, self._clock, -within)
        columns = [workers.c[part.name] for part in fields(WorkerState)]
        query = select(*columns).where(lately).order_by(workers.c.worker, workers.c.kind)
        with self._database.reading() as connection:
            return tuple(WorkerState(**row) for row in connection.execute(query).mappings())

    def waiting(self) -> Mapping[JobKind, int]:
        if self._database.sqlite:
            return {}
        with self._database.reading() as connection:
            return backlog(connection)

    def prune(self) -> None:
        with self._database.writing() as connection:
            connection.execute(
                delete(workers).where(workers.c.seen < moment(self._database, self._clock, -_FORGOTTEN_AFTER))
            )
