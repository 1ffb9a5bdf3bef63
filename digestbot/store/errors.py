"""Foreign errors become a StoreError here, and nowhere else: what happened, to what, and what to do about it.

Each table maps a sign to what to do; the first sign that fits counts. Signs are codes where there are any, because the
words of a system or a server come in its own language.
"""

from __future__ import annotations

import errno
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any
from urllib.parse import quote

from filelock import Timeout
from sqlalchemy.exc import ArgumentError, DBAPIError, IntegrityError, SQLAlchemyError

from ..errors import DataFolderLocked, StoreError

# Longer than any transaction of ours, and than a backup's hold on the file.
LOCK_TIMEOUT_SECONDS = 30.0

_RESTORE = (
    "The file is damaged. Stop digestbot, move the file away together with those ending in -wal and -shm beside it, and put "
    "your last backup in its place. Without a backup a new one is made at the next start, but it does not know what was "
    "already sent."
)
_DISK_FULL = "The disk is full: make room, then try again. What was stored before is safe."

# By the beginning of sqlite3.Error.sqlite_errorname (sqlite.org/rescode.html).
SQLITE_FIXES: Mapping[str, str] = {
    "SQLITE_NOTADB": _RESTORE,
    "SQLITE_CORRUPT": _RESTORE,
    "SQLITE_BUSY": f"Another program has kept it locked for {LOCK_TIMEOUT_SECONDS:.0f} seconds: close it, then try again.",
    "SQLITE_FULL": _DISK_FULL,
    "SQLITE_IOERR": "The disk could not be read or written: look at the system's log.",
    "SQLITE_READONLY": "Give the user that runs digestbot write permission for the file and its folder.",
    "SQLITE_CANTOPEN": "Look at the permissions of the file and its folder.",
}

# By SQLSTATE (postgresql.org/docs/current/errcodes-appendix.html), or by words: a connection that failed has no code.
POSTGRESQL_FIXES: Mapping[str, str] = {
    "28P01": "Correct the user or the password in DIGESTBOT_DATABASE_URL.",
    "password authentication failed": "Correct the user or the password in DIGESTBOT_DATABASE_URL.",
    "3D000": "Create the database, or correct its name in DIGESTBOT_DATABASE_URL.",
    "does not exist": "Create the database and its user, or correct their names in DIGESTBOT_DATABASE_URL.",
    "onnection refused": "Start PostgreSQL, or correct the host and port in DIGESTBOT_DATABASE_URL.",
    "resolve": "Correct the host in DIGESTBOT_DATABASE_URL.",
    "42501": "Let the user of DIGESTBOT_DATABASE_URL own the database: it makes and changes tables.",
    "53100": _DISK_FULL,
    "53300": "PostgreSQL has no connection left: close other programs, or raise max_connections.",
    "too many connections": "PostgreSQL has no connection left: close other programs, or raise max_connections.",
    "25006": "This server is a read-only copy: name the primary server in DIGESTBOT_DATABASE_URL.",
    "57P01": "PostgreSQL was stopped: start it, then try again. What was stored before is safe.",
}

# By errno.
SYSTEM_FIXES: Mapping[int, str] = {
    errno.EACCES: "Change its permissions, or choose another folder with --data.",
    errno.EPERM: "Change its permissions, or choose another folder with --data.",
    errno.EROFS: "It is on a read-only file system: choose another folder with --data.",
    errno.EEXIST: "A file has this name: move it away, or choose another folder with --data.",
    errno.ENOTDIR: "A file has the name of a folder: move it away, or choose another folder with --data.",
    errno.EISDIR: "A folder has the name of a file: move it away, or choose another folder with --data.",
    errno.ENOSPC: _DISK_FULL,
}
_OTHER_SYSTEM_FIX = "Look at the folder, or choose another one with --data."

_URL_FIX = (
    "write postgresql+psycopg://USER:PASSWORD@HOST/NAME, with special characters of the password percent-encoded "
    "(@ as %40, : as %3A, / as %2F)"
)


class Conflict(StoreError):
    """A row with this key exists already: another process was first."""


def unreadable_url() -> StoreError:
    """A database URL that makes no sense. Nothing of it is repeated: a password may be anywhere in it."""
    return StoreError(f"the database URL cannot be read: {_URL_FIX}")


@contextmanager
def url_errors() -> Iterator[None]:
    """Errors of parsing a database URL."""
    try:
        yield
    except (ArgumentError, ValueError):
        raise unreadable_url() from None


@contextmanager
def driver_errors() -> Iterator[None]:
    """Errors of loading the driver of a database, which is installed apart from SQLite's."""
    try:
        yield
    except (SQLAlchemyError, ImportError) as error:
        raise StoreError("PostgreSQL needs one more package: pip install 'digestbot[postgres]'") from error


@contextmanager
def database_errors(name: str, driver: Any, secrets: Sequence[str] = ()) -> Iterator[None]:
    """Errors of SQLAlchemy and of a database's driver, without parameters or passwords.

    Args:
        name: what the error calls the database.
        driver: the DBAPI module, whose own exceptions are raised where its cursor is used directly.
        secrets: passwords; drivers may repeat what they were given.
    """
    try:
        yield
    except IntegrityError as error:
        raise Conflict(_explain(error.orig, name, secrets)) from None
    except DBAPIError as error:
        raise StoreError(_explain(error.orig, name, secrets)) from None
    except driver.IntegrityError as error:
        raise Conflict(_explain(error, name, secrets)) from None
    except driver.Error as error:
        raise StoreError(_explain(error, name, secrets)) from None
    except (SQLAlchemyError, ValueError) as error:
        # A ValueError is a column type's that refuses a value.
        raise StoreError(f"{name}: {_redact(str(error), secrets)}") from None


@contextmanager
def system_errors(problem: str, *, busy: Callable[[], str] = str) -> Iterator[None]:
    """Errors of the file system and of the lock.

    Args:
        problem: what cannot be done, with its path.
        busy: the whole message when another process holds the lock.
    """
    try:
        yield
    except Timeout:
        raise DataFolderLocked(busy()) from None
    except OSError as error:
        raise StoreError(
            f"{problem}: {error.strerror}. {SYSTEM_FIXES.get(error.errno or 0, _OTHER_SYSTEM_FIX)}"
        ) from error


def _explain(error: BaseException | None, name: str, secrets: Sequence[str]) -> str:
    words = _redact(str(error), secrets).rstrip(".")
    return f"{name}: {words}. {_fix(error, words)}".rstrip()


def _fix(error: BaseException | None, words: str) -> str:
    sqlite_name: str | None = getattr(error, "sqlite_errorname", None)
    if sqlite_name is not None:
        return next((fix for sign, fix in SQLITE_FIXES.items() if sqlite_name.startswith(sign)), "")
    state: str | None = getattr(error, "sqlstate", None)
    if state is not None:
        return POSTGRESQL_FIXES.get(state, "")
    # Words only where there is no code: "does not exist" is said of a missing column too.
    return next((fix for sign, fix in POSTGRESQL_FIXES.items() if sign in words), "")


def _redact(words: str, secrets: Sequence[str]) -> str:
    for secret in secrets:
        words = words.replace(secret, "***").replace(quote(secret, safe=""), "***")
    return " ".join(words.split())
