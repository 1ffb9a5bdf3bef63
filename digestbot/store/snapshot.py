"""One state of the store, read where it lies: no copy, and nothing of it is changed, made or waited for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, NoReturn, TypeVar
from urllib.parse import quote

from sqlalchemy import URL, Connection

from ..errors import StoreError
from .database import FILE, Database, database_address
from .errors import system_errors
from .migrate import HEAD, revision
from .opening import Stores
from .scratch import file_state, scratch_copy

T = TypeVar("T")
_ATTEMPTS = 3  # for a database that is folded together, or closed, while it is read


class _NeedsCopyError(Exception):
    """The store cannot be read where it lies, or the reader wants to write."""


class _Snapshot(Database):
    """One read transaction for whatever is asked, on one connection. Who writes is told to take a copy."""

    def __init__(self, url: URL, name: str, **options: Any) -> None:
        super().__init__(url, name, read_only=True)
        self._options = options
        self._open: Connection | None = None

    @contextmanager
    def reading(self, **_: Any) -> Iterator[Connection]:
        with self._errors():
            if self._open is None:
                self._open = self._reader.connect().execution_options(**self._options)
            yield self._open

    def _refuse(self) -> NoReturn:
        raise _NeedsCopyError

    writing = writing_directly = migrating = _refuse

    def close(self) -> None:
        if self._open is not None:
            self._open.close()
        super().close()


def read_snapshot(data: Path, read: Callable[[Stores], T], database_url: str = "") -> T:
    """What `read` makes of the store.

    It sees one state of it, and may be called several times: where it writes, where the database is one of another version, and
    where it cannot be read beside who works on it, it gets a copy. Nothing that it writes is kept.

    Raises:
        StoreError: the store cannot be read.
    """
    with suppress(_NeedsCopyError):
        return _of_server(data, read, database_url) if database_url else _of_file(data / FILE, read)
    with scratch_copy(data, database_url) as copy:
        return read(copy)


def _of_server(data: Path, read: Callable[[Stores], T], database_url: str) -> T:
    url, name = database_address(data, database_url)
    return _read(_Snapshot(url, name, isolation_level="REPEATABLE READ", postgresql_readonly=True), read)


def _of_file(path: Path, read: Callable[[Stores], T]) -> T:
    """Of SQLite's file.

    Where nobody has it open there is no -wal, and it is read as a file that does not change: else SQLite would make one, and leave
    it to whoever asked. Where somebody has, its locks are taken, which hold no writer up (sqlite.org/wal.html).
    """
    for _ in range(_ATTEMPTS):
        with system_errors(f"the database {path} cannot be read"):
            before = file_state(path)
            wal, shared, journal = (Path(f"{path}{part}").exists() for part in ("-wal", "-shm", "-journal"))
        if before is None or journal or (wal and not shared):
            break
        how = {"mode": "ro"} if wal else {"immutable": "1"}
        url = URL.create("sqlite", database=f"file:{quote(str(path.absolute()))}", query=how | {"uri": "true"})
        try:
            found = _read(_Snapshot(url, f"the database {path}"), read)
        except StoreError:
            continue  # what is written while it is taken for unchanging looks damaged; if it is, opening the copy tells
        if "mode" in how or file_state(path) == before:
            return found
    raise _NeedsCopyError


def _read(database: _Snapshot, read: Callable[[Stores], T]) -> T:
    try:
        with database.reading() as connection:
            if revision(connection) != HEAD:
                raise _NeedsCopyError
        return read(Stores(database))
    finally:
        database.close()
