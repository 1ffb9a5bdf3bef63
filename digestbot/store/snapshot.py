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
FileState = tuple[int, int, bytes]
_ATTEMPTS = 3  # for a database that is folded together, or closed, while it is read


class NeedsCopyError(Exception):
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
        raise NeedsCopyError

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
    with suppress(NeedsCopyError):
        return _of_server(data, read, database_url) if database_url else _of_file(data / FILE, read)
    with scratch_copy(data, database_url) as copy:
        return read(copy)


def _of_server(data: Path, read: Callable[[Stores], T], database_url: str) -> T:
    return _read(_on_server(data, database_url), read)


def _on_server(data: Path, database_url: str) -> _Snapshot:
    url, name = database_address(data, database_url)
    return _Snapshot(url, name, isolation_level="REPEATABLE READ", postgresql_readonly=True)


def _of_file(path: Path, read: Callable[[Stores], T]) -> T:
    for _ in range(_ATTEMPTS):
        database, unless = _in_file(path)
        try:
            found = _read(database, read)
        except StoreError:
            continue  # what is written while it is taken for unchanging looks damaged; if it is, opening the copy tells
        if unless is None or file_state(path) == unless:
            return found
    raise NeedsCopyError


def _in_file(path: Path) -> tuple[_Snapshot, FileState | None]:
    """SQLite's file, to be read where it lies; and where what is read of it counts only if it is in this state afterwards, that.

    Where nobody has it open there is no -wal, and it is read as a file that does not change: else SQLite would make one, and leave
    it to whoever asked. Where somebody has, its locks are taken, which hold no writer up (sqlite.org/wal.html).

    Raises:
        NeedsCopyError: it cannot be.
    """
    with system_errors(f"the database {path} cannot be read"):
        before = file_state(path)
        wal, shared, journal = (Path(f"{path}{part}").exists() for part in ("-wal", "-shm", "-journal"))
    if before is None or journal or (wal and not shared):
        raise NeedsCopyError
    how = {"mode": "ro"} if wal else {"immutable": "1"}
    url = URL.create("sqlite", database=f"file:{quote(str(path.absolute()))}", query=how | {"uri": "true"})
    return _Snapshot(url, f"the database {path}"), None if wal else before


def _read(database: _Snapshot, read: Callable[[Stores], T]) -> T:
    try:
        return read(_known(database))
    finally:
        database.close()


def _known(database: _Snapshot) -> Stores:
    """The stores on it.

    Raises:
        NeedsCopyError: it is of another version.
    """
    with database.reading() as connection:
        if revision(connection) != HEAD:
            raise NeedsCopyError
    return Stores(database)


class Lasting:
    """The store where it lies, for who asks it many things: all see one state of it.

    Where it was taken for a file that does not change and somebody began to write, the question is asked again, and from then on
    the new state is seen; so after a server's connection broke.

    Args:
        data: the data folder.
        database_url: where it is not in there.
        holds: whether the state is kept from one question to the next. For minutes: as long as it is, SQLite's -wal grows, and
            PostgreSQL cleans nothing up.
    """

    def __init__(self, data: Path, database_url: str = "", *, holds: bool = True) -> None:
        self._data, self._url, self._holds = data, database_url, holds
        self._open: tuple[_Snapshot, Stores] | None = None
        self._unless: FileState | None = None

    def ask(self, read: Callable[[Stores], T]) -> T:
        """What `read` makes of it; it may be called several times.

        Raises:
            NeedsCopyError: it writes, or the store cannot be read where it lies.
            StoreError: the store cannot be read.
        """
        for _ in range(_ATTEMPTS):
            keeps = False
            try:
                found = read(self._stores())
                keeps = not self._changed()
            except StoreError:
                if not self._changed():
                    raise
            finally:
                if not (keeps and self._holds):
                    self.close()
            if keeps:
                return found
        raise StoreError(
            f"{database_address(self._data, self._url)[1]} is being written without a pause: try again in a minute"
        )

    def _stores(self) -> Stores:
        if self._open is None:
            if self._url:
                database, self._unless = _on_server(self._data, self._url), None
            else:
                database, self._unless = _in_file(self._data / FILE)
            try:
                self._open = database, _known(database)
            except BaseException:
                database.close()
                raise
            if self._url:
                with database.reading() as connection:  # which waits while feeds are asked
                    connection.exec_driver_sql("SET LOCAL idle_in_transaction_session_timeout = 0")
        return self._open[1]

    def _changed(self) -> bool:
        return self._unless is not None and file_state(self._data / FILE) != self._unless

    def close(self) -> None:
        """Let go of the state."""
        if self._open is not None:
            self._open[0].close()
        self._open = None
