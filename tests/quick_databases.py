"""Databases that open in a part of the time: made and statements compiled once a process, and nothing waits for the disk."""

from __future__ import annotations

import os
import shutil
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import URL, Connection, Engine, create_engine, event

from digestbot.store import database, opening
from digestbot.store.database import FILE, Database
from digestbot.store.schema import metadata


@contextmanager
def never_synced() -> Iterator[None]:
    """No test cuts the power: what a killed process wrote is there without waiting for the disk."""
    prepare = database._prepare

    def unsynced(connection: Any, record: object) -> None:
        prepare(connection, record)
        connection.execute("PRAGMA synchronous=OFF")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(database, "_prepare", unsynced)
        patch.setattr(os, "fsync", lambda _file: None)
        yield


@contextmanager
def compiled_once() -> Iterator[None]:
    """What the databases of this process have in common is worked out at the first one."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(database, "create_engine", _alike())
        patch.setattr(metadata, "create_all", _create_all())
        yield


@contextmanager
def made_once() -> Iterator[None]:
    """A new SQLite database is a copy of the first one of this process, which was made as all are outside of tests."""
    with tempfile.TemporaryDirectory(prefix="digestbot-first-") as place, pytest.MonkeyPatch.context() as patch:
        patch.setattr(opening, "migrate", _copying(Path(place)))
        yield


def _copying(place: Path) -> Any:
    real, first, number, one_at_a_time = opening.migrate, place / FILE, count(), threading.Lock()

    def migrate(database: Database, *, told: bool = True) -> None:
        where = database.url.database if database.sqlite else None
        if where and not Path(where).exists():
            with one_at_a_time:
                if not first.exists():
                    made = Database(URL.create("sqlite", database=str(first)), str(first))
                    real(made)
                    made.close()
            copy = shutil.copyfile(first, place / f"copy-{next(number)}")
            with suppress(OSError):  # where no file can be, or another process was first: as without us
                os.link(copy, where)
            copy.unlink()
        real(database, told=told)

    return migrate


def _alike() -> Any:
    """`create_engine` for SQLite: all engines have one dialect, for which alone a compiled statement is known again."""
    first = create_engine("sqlite://", paramstyle="named")
    first.connect().close()  # which tells the dialect what this SQLite can do
    first.dispose()

    def engine(url: URL, **options: Any) -> Engine:
        made = create_engine(url, **options)
        made.dialect = made.pool._dialect = first.dialect
        made._compiled_cache = first._compiled_cache
        return made

    return engine


def _create_all() -> Any:
    """`metadata.create_all` for a database without a table: the same statements as SQLAlchemy's, from the second time on as texts."""
    real = metadata.create_all
    known: dict[str, list[str]] = {}

    def create(connection: Connection) -> None:
        kind = connection.dialect.name
        if kind in known:
            for statement in known[kind]:
                connection.exec_driver_sql(statement)
            return
        told: list[str] = []

        def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
            told.append(statement)

        event.listen(connection, "before_cursor_execute", note)
        real(connection)
        event.remove(connection, "before_cursor_execute", note)
        known[kind] = [statement for statement in told if statement.lstrip().startswith("CREATE")]

    return create
