"""Every foreign error becomes a StoreError that says what to do, a test for each row of the tables."""

from __future__ import annotations

import errno
import os
import resource
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
from filelock import FileLock, Timeout
from sqlalchemy.exc import IntegrityError, OperationalError

from digestbot.errors import DataFolderLocked, StoreError, StoreUnavailable
from digestbot.store.errors import (
    PASSING,
    POSTGRESQL_FIXES,
    SQLITE_FIXES,
    SYSTEM_FIXES,
    Conflict,
    database_errors,
    driver_errors,
    system_errors,
)
from digestbot.store.postgresql import ServerSilentError, WrongEncodingError

SECRET = "correct-horse"
NAME = "the database news"


def translated(raised: Exception, driver: object = sqlite3) -> StoreError:
    """What is made of an error of a driver."""
    with pytest.raises(StoreError) as caught, database_errors(NAME, driver, [SECRET]):
        raise raised
    return caught.value


def no_database(folder: Path) -> None:
    (folder / "file").write_bytes(b"\xa5" * 4096)
    sqlite3.connect(folder / "file").execute("SELECT * FROM sqlite_master")


def corrupt(folder: Path) -> None:
    database = sqlite3.connect(folder / "file")
    database.execute("CREATE TABLE t (x)")
    database.executemany("INSERT INTO t VALUES (?)", [("x" * 500,)] * 50)
    database.commit()
    database.close()
    content = bytearray((folder / "file").read_bytes())
    content[4096:12288] = b"\xa5" * 8192
    (folder / "file").write_bytes(content)
    sqlite3.connect(folder / "file").execute("SELECT * FROM t").fetchall()


def busy(folder: Path) -> None:
    with closing(sqlite3.connect(folder / "file", isolation_level=None)) as holder:
        holder.execute("BEGIN EXCLUSIVE")
        sqlite3.connect(folder / "file", timeout=0).execute("CREATE TABLE t (x)")


def full(folder: Path) -> None:
    database = sqlite3.connect(folder / "file")
    database.execute("CREATE TABLE t (x)")
    database.execute("PRAGMA max_page_count=2")
    database.execute("INSERT INTO t VALUES (?)", ("x" * 100_000,))


def input_output(folder: Path) -> None:
    database = sqlite3.connect(folder / "file")
    database.execute("CREATE TABLE t (x)")
    database.commit()
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (8192, limits[1]))  # no file may grow beyond it
    try:
        database.execute("INSERT INTO t VALUES (?)", ("x" * 100_000,))
        database.commit()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)


def no_room_for_the_index(folder: Path) -> None:
    """WAL: what all readers share lies in a file, which has to grow, too."""
    database = sqlite3.connect(folder / "file")
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, limits[1]))
    try:
        database.execute("PRAGMA journal_mode=WAL")
        database.execute("CREATE TABLE t (x)")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)


def read_only(folder: Path) -> None:
    database = sqlite3.connect(folder / "file")
    database.execute("PRAGMA query_only=ON")
    database.execute("CREATE TABLE t (x)")


def cannot_open(folder: Path) -> None:
    sqlite3.connect(folder / "missing" / "file")


SQLITE: dict[str, Callable[[Path], None]] = {
    "SQLITE_NOTADB": no_database,
    "SQLITE_CORRUPT": corrupt,
    "SQLITE_BUSY": busy,
    "SQLITE_FULL": full,
    "SQLITE_IOERR_SHMSIZE": no_room_for_the_index,
    "SQLITE_IOERR": input_output,
    "SQLITE_READONLY": read_only,
    "SQLITE_CANTOPEN": cannot_open,
}


@pytest.mark.parametrize("sign", SQLITE_FIXES)
def test_what_sqlite_says_is_followed_by_what_to_do(tmp_path: Path, sign: str):
    """Each provoked for real; the error names the database."""
    with pytest.raises(StoreError) as caught, database_errors(NAME, sqlite3):
        SQLITE[sign](tmp_path)
    assert str(caught.value).startswith(f"{NAME}: ")
    assert str(caught.value).endswith(SQLITE_FIXES[sign])


def test_a_file_that_does_not_open_because_none_does_is_no_matter_of_permissions(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """SQLite says the same of both; with too many files open the next one is refused, whatever it is."""

    def refuse(*_words: object) -> None:
        raise OSError(errno.EMFILE, os.strerror(errno.EMFILE))

    monkeypatch.setattr("digestbot.store.errors.open", refuse, raising=False)
    with pytest.raises(StoreError, match="ulimit -n") as caught, database_errors(NAME, sqlite3):
        cannot_open(tmp_path)
    assert "permission" not in str(caught.value)


# By code, or by the words that libpq has for a connection that failed.
POSTGRESQL = {
    "28P01": psycopg.errors.InvalidPassword("no"),
    "password authentication failed": psycopg.OperationalError('FATAL: password authentication failed for user "desk"'),
    "3D000": psycopg.errors.InvalidCatalogName("no"),
    "does not exist": psycopg.OperationalError('FATAL: database "news" does not exist'),
    "onnection refused": psycopg.OperationalError("connection failed: Connection refused"),
    "resolve": psycopg.OperationalError("failed to resolve host 'nowhere': Name or service not known"),
    "42501": psycopg.errors.InsufficientPrivilege("permission denied for schema public"),
    "53100": psycopg.errors.DiskFull("could not extend file"),
    "53300": psycopg.errors.TooManyConnections("sorry, too many clients already"),
    "too many connections": psycopg.OperationalError('FATAL: too many connections for role "desk"'),
    "25006": psycopg.errors.ReadOnlySqlTransaction("cannot execute INSERT in a read-only transaction"),
    "08P01": psycopg.errors.ProtocolViolation("query_wait_timeout"),
    "42P05": psycopg.errors.DuplicatePreparedStatement('prepared statement "_pg3_0" already exists'),
    "26000": psycopg.errors.InvalidSqlStatementName('prepared statement "_pg3_0" does not exist'),
    "57P01": psycopg.errors.AdminShutdown("terminating connection due to administrator command"),
    "no password supplied": psycopg.OperationalError("connection failed: fe_sendauth: no password supplied"),
    "no pg_hba.conf entry": psycopg.OperationalError('FATAL: no pg_hba.conf entry for host "10.0.0.9", user "desk"'),
    "not permitted to log in": psycopg.OperationalError('FATAL: role "desk" is not permitted to log in'),
    "does not support SSL": psycopg.OperationalError("server does not support SSL, but SSL was required"),
    "permission denied for database": psycopg.OperationalError('FATAL: permission denied for database "news"'),
    "No such file": psycopg.OperationalError('socket "/run/.s.PGSQL.5432" failed: No such file or directory'),
    "imeout expired": psycopg.errors.ConnectionTimeout("connection timeout expired"),
    "its encoding is": WrongEncodingError("its encoding is LATIN1, which lacks characters"),
    "too many clients": psycopg.OperationalError("FATAL: sorry, too many clients already"),
    "remaining connection slots": psycopg.OperationalError("FATAL: remaining connection slots are reserved for roles"),
    "57P02": psycopg.errors.CrashShutdown("terminating connection because of crash of another server process"),
    "57P03": psycopg.errors.CannotConnectNow("the database system is starting up"),
    "starting up": psycopg.OperationalError("FATAL: the database system is starting up"),
    "shutting down": psycopg.OperationalError("FATAL: the database system is shutting down"),
    "55P03": psycopg.errors.LockNotAvailable("canceling statement due to lock timeout"),
    "40P01": psycopg.errors.DeadlockDetected("deadlock detected"),
    "40001": psycopg.errors.SerializationFailure("could not serialize access due to concurrent update"),
    "57014": psycopg.errors.QueryCanceled("canceling statement due to statement timeout"),
    "25P03": psycopg.errors.IdleInTransactionSessionTimeout(
        "terminating connection due to idle-in-transaction timeout"
    ),
    "no answer": ServerSilentError("no answer for 12 seconds"),
    "closed the connection": psycopg.OperationalError(
        "consuming input failed: server closed the connection unexpectedly"
    ),
    "results from command": psycopg.InternalError("received 2 results from command 'ROLLBACK'"),
    "connection is lost": psycopg.OperationalError("the connection is lost"),
    "connection is closed": psycopg.OperationalError("the connection is closed"),
}


@pytest.mark.parametrize("sign", POSTGRESQL_FIXES)
def test_what_postgresql_says_is_followed_by_what_to_do(sign: str):
    """As the driver raises it, and as SQLAlchemy wraps it."""
    raised = POSTGRESQL[sign]
    for each in (raised, OperationalError("SELECT 1", {"parameter": SECRET}, raised)):
        assert str(translated(each, psycopg)) == f"{NAME}: {raised}. {POSTGRESQL_FIXES[sign]}"


@pytest.mark.parametrize("sign", [*POSTGRESQL_FIXES, *SQLITE_FIXES])
def test_what_may_pass_is_told_from_what_needs_a_hand(tmp_path: Path, sign: str):
    """Only the one is worth a second try."""
    if sign in POSTGRESQL:
        error: StoreError = translated(POSTGRESQL[sign], psycopg)
    else:
        with pytest.raises(StoreError) as caught, database_errors(NAME, sqlite3):
            SQLITE[sign](tmp_path)
        error = caught.value
    assert isinstance(error, StoreUnavailable) is (sign in PASSING)


def test_a_connection_that_fails_in_another_language_may_pass():
    """The server's words are not ours to know; the error says where to look."""
    error = translated(psycopg.OperationalError("connexion réinitialisée par le correspondant"), psycopg)
    assert isinstance(error, StoreUnavailable)
    assert str(error).endswith("Look whether PostgreSQL runs, and can be reached from here.")


def test_lines_of_a_driver_are_sentences():
    """libpq asks in a second line, and the first one has no stop."""
    error = translated(psycopg.OperationalError("port 1 failed: Connection refused\n\tIs the server running?"), psycopg)
    assert f"{NAME}: port 1 failed: Connection refused. Is the server running? Start PostgreSQL" in str(error)


def test_words_are_no_sign_where_there_is_a_code():
    """A missing column is not a missing database."""
    error = translated(psycopg.errors.UndefinedColumn('column "novelty" does not exist'), psycopg)
    assert str(error) == f'{NAME}: column "novelty" does not exist.'


@pytest.mark.parametrize("wrapped", [False, True])
def test_a_row_that_exists_already_is_a_conflict(*, wrapped: bool):
    """Somebody else was first: the caller may read what they wrote."""
    raised = sqlite3.IntegrityError("UNIQUE constraint failed: feeds.name")
    assert isinstance(translated(IntegrityError("INSERT", {}, raised) if wrapped else raised), Conflict)


@pytest.mark.parametrize("raised", [sqlite3.OperationalError, ValueError])
def test_no_error_repeats_a_password_or_parameters(raised: type[Exception]):
    """Drivers may repeat what they were given, also percent-encoded and over several lines."""
    told = str(translated(raised(f"no\n  {SECRET} {SECRET.replace('-', '%2D')} known.")))
    assert told.startswith(f"{NAME}: no *** ")
    assert "\n" not in told


@pytest.mark.parametrize("code", SYSTEM_FIXES)
def test_what_the_system_says_is_followed_by_what_to_do(code: int):
    """By its number: the words come in the system's language."""
    with pytest.raises(StoreError) as caught, system_errors("the folder X cannot be made"):
        raise OSError(code, os.strerror(code))
    assert str(caught.value) == f"the folder X cannot be made: {os.strerror(code)}. {SYSTEM_FIXES[code]}"


def test_an_error_of_the_system_that_nobody_foresaw_says_where_to_look():
    """With the system's own words."""
    with pytest.raises(StoreError, match=r"cannot be made: .*\. Look at the folder"), system_errors("X cannot be made"):
        raise OSError(errno.EXDEV, os.strerror(errno.EXDEV))


def test_a_lock_that_another_process_holds_is_told_from_one_that_cannot_be_made(tmp_path: Path):
    """The one ends when that process does; the other needs a hand."""
    translating = system_errors("X cannot be locked", busy=lambda: "held")
    with FileLock(tmp_path / "lock"), pytest.raises(DataFolderLocked, match="held"), translating:
        FileLock(tmp_path / "lock", thread_local=False, timeout=0).acquire()
    with pytest.raises(StoreError, match=r"cannot be locked: .*directory"), system_errors("X cannot be locked"):
        (tmp_path / "folder").rmdir()
    assert issubclass(Timeout, OSError)


def test_a_driver_that_is_not_installed_is_named():
    """PostgreSQL is an extra."""
    with pytest.raises(StoreError, match=r"digestbot\[postgres\]"), driver_errors():
        raise ImportError("psycopg")


@pytest.mark.parametrize("number", [errno.EMFILE, errno.ENFILE])
def test_no_descriptors_are_a_database_that_is_away_for_a_moment(number: int):
    """psycopg opens one of its own to wait for a connection; any other error of the system stays what it is."""
    error = translated(OSError(number, os.strerror(number)), psycopg)

    assert isinstance(error, StoreUnavailable)
    assert "ulimit -n" in str(error)
    with pytest.raises(PermissionError), database_errors(NAME, psycopg, [SECRET]):
        raise PermissionError(errno.EACCES, "no")
