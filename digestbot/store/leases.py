"""Leases on a database: whoever holds a name holds it for some seconds, and one that has ended holds nothing."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from collections.abc import Set as AbstractSet
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, delete, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from .claimant import Claimant, has_ended, process_start, this_claimant
from .cluster_tables import leases
from .database import Database
from .shared_clock import moment

_LONGEST: Final = timedelta(hours=1)  # whatever is held for longer was dated by a clock that was ahead
_ROWS: Final = 200  # of three parameters each: SQLite before 3.32 takes 999 in one statement
_FORGOTTEN_AFTER: Final = timedelta(days=1)


class LeaseStore:
    """`ports.Leases` on a database.

    Args:
        database: which.
        data: the folder of whoever asks; by it others know that a process of theirs has ended.
        clock: the time, of a database that has no clock of its own.
    """

    def __init__(
        self, database: Database, data: Path | None = None, *, clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self._database, self._data, self._clock = database, data, clock

    def take(self, names: Collection[str], *, seconds: float) -> AbstractSet[str]:
        me, taken = self._me, set[str]()
        until = self._moment(timedelta(seconds=seconds))
        with self._database.writing() as connection:
            # In their order, so that two who want the same names never wait for each other in a circle.
            for part in _pieces(names):
                taken |= self._take(connection, part, me=me, until=until)
        return taken

    def renew(self, names: Collection[str], *, seconds: float) -> AbstractSet[str]:
        kept = set[str]()
        later = self._moment(timedelta(seconds=seconds))
        with self._database.writing() as connection:
            for part in _pieces(names):
                held = leases.c.name.in_(part) & self._mine & (leases.c.free_at > self._moment())
                kept.update(
                    connection.scalars(update(leases).where(held).values(free_at=later).returning(leases.c.name))
                )
        return kept

    def leave(self, names: Collection[str], *, rest: float = 0.0) -> None:
        later = self._moment(timedelta(seconds=rest))
        with self._database.writing() as connection:
            for part in _pieces(names):
                held = leases.c.name.in_(part) & self._mine
                connection.execute(update(leases).where(held).values(holder="", free_at=later))

    def prune(self) -> None:
        with self._database.writing() as connection:
            connection.execute(delete(leases).where(leases.c.free_at < self._moment(-_FORGOTTEN_AFTER)))

    def _take(
        self, connection: Connection, names: Sequence[str], *, me: Claimant | None, until: ColumnElement[datetime]
    ) -> set[str]:
        now = self._moment()
        held = select(leases.c.holder).where(leases.c.name.in_(names), leases.c.free_at > now).distinct()
        ended = [holder for holder in connection.scalars(held) if me and _ended(holder, me)]
        insert: Any = (sqlite.insert if self._database.sqlite else postgresql.insert)(leases)
        rows = [{"name": name, "holder": str(me or ""), "free_at": until} for name in names]
        free = or_(leases.c.free_at <= now, leases.c.holder.in_(ended), leases.c.free_at > self._moment(_LONGEST))
        taken = insert.values(rows).on_conflict_do_update(
            index_elements=[leases.c.name],
            set_={"holder": insert.excluded.holder, "free_at": insert.excluded.free_at},
            where=free,
        )
        return set(connection.scalars(taken.returning(leases.c.name)))

    def _moment(self, later: timedelta = timedelta()) -> ColumnElement[datetime]:
        return moment(self._database, self._clock, later)

    @property
    def _mine(self) -> ColumnElement[bool]:
        """Of this process: what one thread took another may renew, while it works on."""
        me = str(self._me or "")
        return leases.c.holder.startswith(f"{me.rpartition(' ')[0]} ", autoescape=True) if me else leases.c.holder == ""

    @property
    def _me(self) -> Claimant | None:
        return this_claimant(self._data) if self._data else None


def _pieces(names: Collection[str]) -> Iterator[Sequence[str]]:
    ordered = sorted(names)
    return (ordered[at : at + _ROWS] for at in range(0, len(ordered), _ROWS))


def _ended(holder: str, me: Claimant) -> bool:
    return has_ended(Claimant.parse(holder), asks=me, start_of=process_start)
