"""A whole store copied into another database, row by row, so that it can be interrupted and begun again; and compared afterwards.

A row that is there already and the same is left alone, one that is different is replaced, one that has gone since is removed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any, Final

from sqlalchemy import Column, Table, and_, delete, func, insert, literal, or_, select, text, tuple_, update

from ..errors import StoreError
from . import archive_tables, subscriber_tables  # noqa: F401 -- their tables are of the same metadata
from .archive_tables import sent_stories
from .cluster_tables import leases, workers
from .database import Database
from .schema import installation, metadata

_ROWS: Final = 200
_OF_THE_MOMENT: Final = (leases, workers)  # who works on the database says so anew
# PostgreSQL keeps no more than 16,383 places of words: what a search finds by is copied, and not compared.
_NOT_COMPARED: Final = {sent_stories.c.words}


@dataclass(frozen=True, slots=True, kw_only=True)
class CopiedTable:
    """How a table compares after it was copied."""

    name: str
    rows: int
    there: int  # rows in the other database
    same: bool  # the content of all of them, by its hash

    @property
    def ok(self) -> bool:
        return self.rows == self.there and self.same


def copy_store(source: Database, target: Database, *, told: Callable[[str, int], object]) -> tuple[CopiedTable, ...]:
    """Copy every table, then compare them.

    Args:
        source: a store of this version, on which nobody works meanwhile.
        target: one of this version, empty or begun by an earlier copy.
        told: called with a table's name and how many of its rows were looked at so far.

    Raises:
        StoreError: the target holds another installation, or one of the two cannot be read or written.
    """
    _require_own(source, target)
    tables = [table for table in metadata.sorted_tables if table not in _OF_THE_MOMENT]
    for table in tables:
        _copy(source, target, table, told)
    for table in reversed(tables):
        _remove_gone(source, target, table)
    if not target.sqlite:
        _count_on(target, tables)
    return tuple(_compared(source, target, table) for table in tables)


def _require_own(source: Database, target: Database) -> None:
    with source.reading() as ours, target.reading() as theirs:
        known = set(ours.scalars(select(installation.c.id)))
        other = set(theirs.scalars(select(installation.c.id)))
    if other - known:
        raise StoreError(f"{target.name} is in use by another installation: copy into an empty database")


def _copy(source: Database, target: Database, table: Table, told: Callable[[str, int], object]) -> None:
    looked = 0
    for rows in _pages(source, table):
        with target.writing() as connection:
            known = {_key(table, row): row for row in connection.execute(_of_keys(table, rows)).mappings()}
            fresh = [row for row in rows if _key(table, row) not in known]
            changed = [
                row for row in rows if _key(table, row) in known and _differs(table, row, known[_key(table, row)])
            ]
            if fresh:
                connection.execute(insert(table), fresh)
            for row in changed:
                connection.execute(update(table).where(_this(table, row)).values(row))
        looked += len(rows)
        told(table.name, looked)


def _remove_gone(source: Database, target: Database, table: Table) -> None:
    with source.reading() as ours, target.reading() as theirs:
        count = select(func.count()).select_from(table)
        if ours.scalar(count) == theirs.scalar(count):
            return
    for rows in _pages(target, table):
        with source.reading() as connection:
            known = {_key(table, row) for row in connection.execute(_of_keys(table, rows)).mappings()}
        gone = [row for row in rows if _key(table, row) not in known]
        if gone:
            with target.writing() as connection:
                connection.execute(delete(table).where(or_(*(_this(table, row) for row in gone))))


def _count_on(target: Database, tables: Sequence[Table]) -> None:
    """What is numbered by the database goes on behind what was copied."""
    with target.writing() as connection:
        for table in tables:
            column = table.autoincrement_column
            if column is not None:
                newest = select(func.coalesce(func.max(column), 0) + 1).scalar_subquery()
                named = func.pg_get_serial_sequence(table.name, column.name)
                connection.execute(select(func.setval(named, newest, text("false"))))


def _compared(source: Database, target: Database, table: Table) -> CopiedTable:
    (rows, ours), (there, theirs) = _fingerprint(source, table), _fingerprint(target, table)
    return CopiedTable(name=table.name, rows=rows, there=there, same=ours == theirs)


def _fingerprint(database: Database, table: Table) -> tuple[int, int]:
    """How many rows, and a sum of their hashes: databases do not agree about the order of texts."""
    count = total = 0
    for rows in _pages(database, table):
        for row in rows:
            words = repr([row[column.name] for column in _compared_columns(table)])
            digest = blake2b(words.encode("utf-8", "surrogatepass"), digest_size=16).digest()
            total = (total + int.from_bytes(digest, "big")) % 2**128
        count += len(rows)
    return count, total


def _pages(database: Database, table: Table) -> Iterator[list[dict[str, Any]]]:
    """Every row, in the order of the primary key, a transaction a page."""
    keys = list(table.primary_key)
    last: dict[str, Any] | None = None
    while True:
        query = select(table).order_by(*keys).limit(_ROWS)
        if last is not None:
            query = query.where(tuple_(*keys) > tuple_(*(literal(last[key.name], key.type) for key in keys)))
        with database.reading() as connection:
            rows = [dict(row) for row in connection.execute(query).mappings()]
        if rows:
            yield rows
        if len(rows) < _ROWS:
            return
        last = rows[-1]


def _of_keys(table: Table, rows: Sequence[dict[str, Any]]) -> Any:
    keys = list(table.primary_key)
    if len(keys) == 1:
        return select(table).where(keys[0].in_([row[keys[0].name] for row in rows]))
    return select(table).where(or_(*(_this(table, row) for row in rows)))


def _this(table: Table, row: dict[str, Any]) -> Any:
    return and_(*(key == literal(row[key.name], key.type) for key in table.primary_key))


def _key(table: Table, row: Any) -> tuple[Any, ...]:
    return tuple(str(row[key.name]) for key in table.primary_key)


def _differs(table: Table, row: dict[str, Any], other: Any) -> bool:
    return any(row[column.name] != other[column.name] for column in _compared_columns(table))


def _compared_columns(table: Table) -> list[Column[Any]]:
    return [column for column in table.c if column not in _NOT_COMPARED]
