"""The tables of Procrastinate's queue, in a schema of their own, made and brought up to date by us.

It ships its migrations as plain SQL and keeps no record of those that were applied (procrastinate#1040): we do, beside its tables.
"""

from __future__ import annotations

from importlib.resources import files

from sqlalchemy import Connection, inspect, text

from ..errors import StoreError
from ..store.database import Database
from ..store.queue import SCHEMA, names_of_queue

_RECORD = "applied_migrations"
_MIGRATIONS = f"{SCHEMA}.{_RECORD}"


def prepare_queue(database: Database) -> None:
    """Make the queue, or bring it up to date; another process that wants to waits.

    Raises:
        StoreError: a newer Procrastinate has written it, or it may not be made.
    """
    known = migration_names()
    with database.reading() as connection:
        if _applied(connection) == set(known):
            return
    with database.migrating() as connection:
        applied = _applied(connection)
        if applied - set(known):
            raise StoreError(
                f"the queue in {database.name} was written by a newer procrastinate: install digestbot[cluster] of the newest "
                "machine here, too"
            )
        connection.execute(text(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}"))
        connection.execute(text(f"CREATE TABLE IF NOT EXISTS {_MIGRATIONS} (name text PRIMARY KEY)"))
        with names_of_queue(connection):
            if not applied:
                _run(connection, "schema.sql")
            for name in sorted(set(known) - applied):
                if applied:
                    _run(connection, f"migrations/{name}")
                connection.execute(text(f"INSERT INTO {_MIGRATIONS} VALUES (:name)"), {"name": name})  # noqa: S608


def migration_names() -> tuple[str, ...]:
    """Of the Procrastinate that is installed, in their order."""
    folder = files("procrastinate") / "sql" / "migrations"
    return tuple(sorted(one.name for one in folder.iterdir() if one.name.endswith(".sql")))


def _applied(connection: Connection) -> set[str]:
    # Not by to_regclass: it may answer from what this connection knew before another process made the table.
    if not inspect(connection).has_table(_RECORD, schema=SCHEMA):
        return set()
    return set(connection.scalars(text(f"SELECT name FROM {_MIGRATIONS}")))  # noqa: S608


def _run(connection: Connection, name: str) -> None:
    path = files("procrastinate") / "sql"
    for part in name.split("/"):
        path /= part
    # By the driver's own cursor: SQLAlchemy would read its per cents and colons.
    with connection.connection.cursor() as cursor:  # type: ignore[attr-defined]
        cursor.execute(path.read_text(encoding="utf-8"))
