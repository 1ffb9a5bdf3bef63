"""A SQLite database copied while others work on it, and such a copy put back in its place."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import AbstractContextManager, closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final
from urllib.parse import quote

from sqlalchemy import case, func, select, text, update

from ..errors import StoreError
from ..model import DeliveryState
from .database import FILE, Database, database_address
from .errors import LOCK_TIMEOUT_SECONDS, database_errors, system_errors
from .migrate import migrate
from .opening import make_folder
from .schema import OPEN_STATES, deliveries, editions
from .scratch import copied_file

_BESIDE: Final = ("-wal", "-shm", "-journal")  # what SQLite keeps beside a database
_ANOTHER: Final = "Name a file that `digestbot database backup` wrote. Nothing was changed."
_PUT_BACK: Final = "Stop digestbot, and put the last backup in its place: digestbot database restore FILE."
_DAMAGED: Final = ("SQLITE_NOTADB", "SQLITE_CORRUPT")  # how SQLite's names of such errors begin
_WHY: Final = "a backup was put back: it may have been sent since"
_PIECE: Final = 1000  # pages a step: other programs come in between


@dataclass(frozen=True, slots=True, kw_only=True)
class Copied:
    """A backup that was written."""

    path: Path
    size: int  # bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """A backup that was put in place."""

    before: Path | None  # where the database is kept that was there; None where there was none
    held: int  # deliveries that were open in it, and are unknown now


def back_up(data: Path, target: Path) -> Copied:
    """Copy the database of a data folder, as it is at one moment, while `serve` goes on.

    The copy is one file, readable by its owner only. It is there whole, and looked through for damage, or not at all.

    Args:
        data: the folder.
        target: the file, which must not exist; or a folder, in which it is named after the moment.

    Raises:
        StoreError: there is no database, it is damaged, or the copy cannot be written.
    """
    source = data / FILE
    if not source.is_file():
        raise StoreError(f"there is no database to copy: {source} does not exist")
    if target.is_dir():
        target /= f"digestbot-{datetime.now(UTC):%Y-%m-%dT%H%M%SZ}.sqlite3"
    if target.exists():
        raise StoreError(f"{target} exists already and is not overwritten: name another file, or a folder")
    unfinished = target.with_name(f".{target.name}.part")
    with system_errors(f"the backup {target} cannot be written", option=""):
        os.close(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600))
    try:
        with _errors(f"the database {source}"), _original(source) as original:
            _copied(original, unfinished)
            _look_through(unfinished, f"the database {source}", _PUT_BACK)
        with system_errors(f"the backup {target} cannot be written", option=""):
            _sync(unfinished)
            unfinished.rename(target)
            _sync(target.parent)
            return Copied(path=target, size=target.stat().st_size)
    finally:
        for part in ("", *_BESIDE):
            Path(f"{unfinished}{part}").unlink(missing_ok=True)


def put_back(data: Path, backup: Path) -> Restored:
    """Put a backup in the place of a data folder's database, which is kept beside it under another name.

    What was open in it is `unknown` from now on, before anybody can open it: it may have been sent since. Whoever calls this holds
    the folder's lock.

    Args:
        data: the folder, made where it is missing.
        backup: the file, which stays as it is.

    Raises:
        StoreError: it is no undamaged database of this version or an older one, or cannot be put there. Then nothing is changed.
    """
    if not backup.is_file():
        why = "it is a folder" if backup.is_dir() else "there is no such file"
        raise StoreError(f"the backup {backup} cannot be read: {why}. {_ANOTHER}")
    make_folder(data)
    place, fresh = data / FILE, data / f".{FILE}.restored"
    named = f"the backup {backup}"
    try:
        with system_errors(f"the data folder {data} cannot be written"):
            fresh.unlink(missing_ok=True)
            os.close(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        with _readable(backup), closing(_opened(backup)) as original:
            _copied(original, fresh)
            _look_through(fresh, named, _ANOTHER)
        held = _held(fresh, named)
        with system_errors(f"{named} cannot be put in place"):
            _sync(fresh)
            before = _set_aside(place)
            fresh.replace(place)
            _sync(data)
    finally:
        for part in ("", *_BESIDE):
            Path(f"{fresh}{part}").unlink(missing_ok=True)
    return Restored(before=before, held=held)


def hold_open(database: Database) -> int:
    """Make every delivery that is open `unknown`, so that none is sent without an operator's word; returns how many."""
    with database.writing() as connection:
        number: int = connection.scalar(select(func.count()).select_from(deliveries).where(text(OPEN_STATES))) or 0
        reason = case((deliveries.c.error == "", _WHY), else_=deliveries.c.error)
        held = update(deliveries).where(text(OPEN_STATES))
        connection.execute(held.values(state=DeliveryState.UNKNOWN, error=reason))
        return number


def _copied(original: sqlite3.Connection, target: Path) -> None:
    with closing(sqlite3.connect(target)) as copy:
        original.backup(copy, pages=_PIECE)
        copy.execute("PRAGMA journal_mode=DELETE")  # one file alone, whatever is done with it


def _held(path: Path, name: str) -> int:
    """Bring the copy up to date and hold what is open in it."""
    database = Database(database_address(path.parent, "")[0].set(database=str(path)), name)
    try:
        with database.reading() as connection:
            if not connection.dialect.has_table(connection, editions.name):
                raise StoreError(f"{name} is a database, but not of digestbot. {_ANOTHER}")
        migrate(database, told=False)
        held = hold_open(database)
    finally:
        database.close()
    with _errors(name), closing(sqlite3.connect(path)) as alone:
        alone.execute("PRAGMA journal_mode=DELETE")
    return held


def _set_aside(place: Path) -> Path | None:
    """Move the database that is there, with all that belongs to it."""
    if not place.exists():
        return None
    # What is committed belongs into the file itself; of a damaged one the parts are kept as they are.
    with suppress(sqlite3.Error), closing(sqlite3.connect(place, timeout=LOCK_TIMEOUT_SECONDS)) as old:
        old.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    kept = place.with_name(f"{FILE}.before-{datetime.now(UTC):%Y%m%dT%H%M%SZ}")
    # First what SQLite would take for the new database's own, then the database: the new one is moved over nothing.
    for part in (*_BESIDE, ""):
        with suppress(FileNotFoundError):
            Path(f"{place}{part}").rename(Path(f"{kept}{part}"))
    return kept


@contextmanager
def _original(source: Path) -> Iterator[sqlite3.Connection]:
    """The database to copy. SQLite needs files beside it, even to read: where there can be none, as on a failed disk, a copy is read."""
    if os.access(source.parent, os.W_OK):
        with closing(_opened(source)) as original:
            yield original
        return
    with copied_file(source) as copy, closing(sqlite3.connect(copy)) as original:
        yield original


def _opened(path: Path) -> sqlite3.Connection:
    """A database that must be there, and is not changed."""
    return sqlite3.connect(f"file:{quote(str(path.absolute()))}?mode=ro", uri=True, timeout=LOCK_TIMEOUT_SECONDS)


def _look_through(path: Path, name: str, fix: str) -> None:
    with closing(sqlite3.connect(path)) as copy:
        (found,) = copy.execute("PRAGMA quick_check(1)").fetchone()
    if found != "ok":
        raise StoreError(f"{name} is damaged ({found}). {fix}")


@contextmanager
def _readable(backup: Path) -> Iterator[None]:
    """Errors of a file that is not in use: what is said of a damaged database that is would lead astray."""
    with _errors(f"the backup {backup}"):
        try:
            yield
        except sqlite3.DatabaseError as error:
            if not error.sqlite_errorname.startswith(_DAMAGED):
                raise
            raise StoreError(f"the backup {backup} is damaged, or no backup at all: {error}. {_ANOTHER}") from None


def _errors(name: str) -> AbstractContextManager[None]:
    return database_errors(name, sqlite3)


def _sync(path: Path) -> None:
    """Onto the disk: a file, or what a folder holds."""
    with suppress(OSError):  # not every system can sync a folder
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
