"""Foreign errors become a StoreError here, and nowhere else: what happened, to what, and what to do about it.

Each table maps a sign to what to do; the first sign that fits counts. Signs are codes where there are any, because the
words of a system or a server come in its own language.
"""

from __future__ import annotations

import errno
import os
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any
from urllib.parse import quote

from sqlalchemy.exc import ArgumentError, DBAPIError, IntegrityError, SQLAlchemyError

from ..errors import DataFolderLocked, StoreError, StoreUnavailable, lack

# Longer than any transaction of ours, and than a backup's hold on the file; less than the 10 s after which
# a process that was told to stop is ended. Both databases wait so long.
LOCK_TIMEOUT_SECONDS = 8.0

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
    "SQLITE_IOERR_SHMSIZE": _DISK_FULL,  # the file beside it that all readers share does not fit any more
    "SQLITE_IOERR": "The disk could not be read or written: look at the system's log.",
    "SQLITE_READONLY": "Give the user that runs digestbot write permission for the file and its folder.",
    "SQLITE_CANTOPEN": "Look at the permissions of the file and its folder, and whether its disk is read-only now.",
}

SETTING = "DIGESTBOT_DATABASE_URL"  # where these say that something is to be corrected
_LOGIN = "Correct the user or the password in DIGESTBOT_DATABASE_URL."
_CONNECTIONS = "PostgreSQL has no connection left: close other programs, or raise max_connections."
_STOPPED = "PostgreSQL was stopped: start it, then try again. What was stored before is safe."
_CUT = "The connection was cut, by the server or on the way: try again. What was stored before is safe."
_POOLER = "A pooler gives every transaction another connection: write ?pooler=transaction at the end of DIGESTBOT_DATABASE_URL."
_HELD = "Another program holds what is wanted: end its transaction, then try again."

# By SQLSTATE (postgresql.org/docs/current/errcodes-appendix.html), or by words: a connection that failed has no code.
POSTGRESQL_FIXES: Mapping[str, str] = {
    "28P01": _LOGIN,
    "password authentication failed": _LOGIN,
    "no password supplied": "Write the password in DIGESTBOT_DATABASE_URL, after the user and a colon.",
    "no pg_hba.conf entry": "Let pg_hba.conf of the server admit this user, database and machine.",
    "not permitted to log in": "Let the user of DIGESTBOT_DATABASE_URL log in: ALTER ROLE ... LOGIN.",
    "does not support SSL": "Switch ssl on in PostgreSQL, or leave sslmode out of DIGESTBOT_DATABASE_URL.",
    "3D000": "Create the database, or correct its name in DIGESTBOT_DATABASE_URL.",
    "does not exist": "Create the database and its user, or correct their names in DIGESTBOT_DATABASE_URL.",
    "permission denied for database": "Let the user of DIGESTBOT_DATABASE_URL connect: GRANT CONNECT ON DATABASE.",
    "onnection refused": "Start PostgreSQL, or correct the host and port in DIGESTBOT_DATABASE_URL.",
    "No such file": "Start PostgreSQL, or correct the folder of its socket in DIGESTBOT_DATABASE_URL.",
    "resolve": "Correct the host in DIGESTBOT_DATABASE_URL.",
    "imeout expired": "Nothing answers at this host and port: start PostgreSQL, let the firewall pass it, or correct them in DIGESTBOT_DATABASE_URL.",
    "42501": "Let the user of DIGESTBOT_DATABASE_URL own the database: it makes and changes tables.",
    "its encoding is": "Make a database with ENCODING 'UTF8' TEMPLATE template0, and name it in DIGESTBOT_DATABASE_URL.",
    "53100": _DISK_FULL,
    "53300": _CONNECTIONS,
    "too many connections": _CONNECTIONS,
    "too many clients": _CONNECTIONS,
    "remaining connection slots": _CONNECTIONS,
    "25006": "This server is a read-only copy: name the primary server in DIGESTBOT_DATABASE_URL.",
    "08P01": _CUT,  # a pooler's word, too, for a server that it cannot reach
    # A statement is there already, or not any more, that a connection of one's own would know.
    "42P05": _POOLER,
    "26000": _POOLER,
    "57P01": _STOPPED,
    "57P02": _STOPPED,
    "57P03": "Wait until PostgreSQL has started.",
    "starting up": "Wait until PostgreSQL has started.",
    "shutting down": _STOPPED,
    "55P03": _HELD,
    "40P01": _HELD,
    "40001": "Another program has changed the same rows: try again.",
    "57014": "The server was too slow, or is busy with something else: try again later.",
    "25P03": "This process was suspended for too long: try again.",
    "no answer": "The server hangs, or the network to it: look at the server.",
    "closed the connection": _CUT,
    # Of the driver, when a pooler adds that its server is gone to what it has answered.
    "results from command": _CUT,
    "connection is lost": _CUT,
    "connection is closed": _CUT,
}
_OTHER_CONNECTION_FIX = "Look whether PostgreSQL runs, and can be reached from here."

# What may be over in a moment. What needs a hand first is worth no second try.
PASSING = frozenset(
    {"SQLITE_BUSY", "onnection refused", "No such file", "resolve", "imeout expired", "53300", "too many connections"}
    | {"too many clients", "remaining connection slots", "57P01", "57P02", "57P03", "starting up", "shutting down"}
    | {"55P03", "40P01", "40001", "57014", "25P03", "no answer", "closed the connection", "connection is lost"}
    | {"connection is closed", "08P01", "results from command"}
)

_DESCRIPTORS = "Let the process open more files and connections: raise LimitNOFILE of its service, or `ulimit -n`."

_DATA = " with --data"
# By errno.
SYSTEM_FIXES: Mapping[int, str] = {
    errno.EACCES: "Change its permissions, or choose another folder with --data.",
    errno.EPERM: "Change its permissions, or choose another folder with --data.",
    errno.EROFS: "It is on a read-only file system: choose another folder with --data.",
    errno.EEXIST: "A file has this name: move it away, or choose another folder with --data.",
    errno.ENOTDIR: "A file has the name of a folder: move it away, or choose another folder with --data.",
    errno.EISDIR: "A folder has the name of a file: move it away, or choose another folder with --data.",
    errno.ENOSPC: _DISK_FULL,
    errno.EDQUOT: _DISK_FULL,
    errno.EMFILE: _DESCRIPTORS,
    errno.ENFILE: _DESCRIPTORS,
}
_NEXT_SENTENCE = re.compile(r"(?<=\w)\s*\n\s*(?=[A-Z])")  # libpq ends lines, not sentences
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
def database_errors(name: str, driver: Any, secrets: Sequence[str] = (), *, setting: str = SETTING) -> Iterator[None]:
    """Errors of SQLAlchemy and of a database's driver, without parameters or passwords.

    Args:
        name: what the error calls the database.
        driver: the DBAPI module, whose own exceptions are raised where its cursor is used directly.
        secrets: passwords; drivers may repeat what they were given.
        setting: where the address of the database stands.
    """
    explain = partial(_explain, driver=driver, name=name, secrets=secrets, setting=setting)
    try:
        yield
    except IntegrityError as error:
        raise Conflict(explain(error.orig)[0]) from None
    except DBAPIError as error:
        raise _store_error(explain(error.orig)) from None
    except driver.IntegrityError as error:
        raise Conflict(explain(error)[0]) from None
    except driver.Error as error:
        raise _store_error(explain(error)) from None
    except OSError as error:
        # psycopg waits for a connection by a descriptor of its own, and raises what the system says.
        if error.errno not in (errno.EMFILE, errno.ENFILE):
            raise
        raise StoreUnavailable(f"{name}: {error.strerror}. {_DESCRIPTORS}") from None
    except (SQLAlchemyError, ValueError) as error:
        # A ValueError is a column type's that refuses a value.
        raise StoreError(f"{name}: {_redact(str(error), secrets)}") from None


@contextmanager
def system_errors(problem: str, *, busy: Callable[[], str] = str, option: str = _DATA) -> Iterator[None]:
    """Errors of the file system and of the lock.

    Args:
        problem: what cannot be done, with its path.
        busy: the whole message when another process holds the lock.
        option: what names the folder; empty where the command's own word does.
    """
    try:
        yield
    except OSError as error:
        # Not by its name: filelock is imported where something is locked. The system's own errors have a number.
        if isinstance(error, TimeoutError) and error.errno is None:
            raise DataFolderLocked(busy()) from None
        fix = SYSTEM_FIXES.get(error.errno or 0, _OTHER_SYSTEM_FIX).replace(_DATA, option)
        raise StoreError(f"{problem}: {error.strerror}. {fix}") from error


def _store_error(explained: tuple[str, bool]) -> StoreError:
    words, passing = explained
    return StoreUnavailable(words) if passing else StoreError(words)


def _explain(
    error: BaseException | None, *, driver: Any, name: str, secrets: Sequence[str], setting: str
) -> tuple[str, bool]:
    """What is wrong and what to do, and whether it may pass by itself."""
    words = _redact(str(error), secrets).rstrip(".")
    sign, fix = _fix(error, words)
    # The server's words may be in another language: a connection that failed for an unknown reason may be tried again.
    unknown = not sign and getattr(error, "sqlstate", "") is None and isinstance(error, driver.OperationalError)
    if unknown:
        fix = _OTHER_CONNECTION_FIX
    fix = fix.replace(SETTING, setting)
    return f"{name}: {words}{'' if words.endswith('?') else '.'} {fix}".rstrip(), unknown or sign in PASSING


def _fix(error: BaseException | None, words: str) -> tuple[str, str]:
    """The sign of the table that fits, and its fix; both empty where none does."""
    sqlite_name: str | None = getattr(error, "sqlite_errorname", None)
    if sqlite_name is not None:
        if sqlite_name.startswith("SQLITE_CANTOPEN") and (why := _no_file_opens()):
            return sqlite_name, why
        return next(((sign, fix) for sign, fix in SQLITE_FIXES.items() if sqlite_name.startswith(sign)), ("", ""))
    state: str | None = getattr(error, "sqlstate", None)
    if state is not None:
        return (state, POSTGRESQL_FIXES[state]) if state in POSTGRESQL_FIXES else ("", "")
    # Words only where there is no code: "does not exist" is said of a missing column too.
    return next(((sign, fix) for sign, fix in POSTGRESQL_FIXES.items() if sign in words), ("", ""))


def _no_file_opens() -> str:
    """What to do where this process may open no file at all: SQLite tells that as any other file that it cannot open."""
    try:
        with open(os.devnull, "rb"):  # noqa: PTH123 -- no path, a device
            return ""
    except OSError as error:
        return _DESCRIPTORS if lack(error) else ""


def _redact(words: str, secrets: Sequence[str]) -> str:
    for secret in secrets:
        words = words.replace(secret, "***").replace(quote(secret, safe=""), "***")
    return " ".join(_NEXT_SENTENCE.sub(". ", words).split())
