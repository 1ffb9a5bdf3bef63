"""One engine for SQLite and PostgreSQL: transactions, and who may write when."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, closing, contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar, cast

from sqlalchemy import URL, Connection, Dialect, Engine, create_engine, event, make_url, text
from sqlalchemy.engine.interfaces import DBAPICursor
from sqlalchemy.sql import ClauseElement
from sqlalchemy.sql.compiler import SQLCompiler

from ..errors import StoreError
from .errors import LOCK_TIMEOUT_SECONDS, SETTING, database_errors, driver_errors, unreadable_url, url_errors
from .pooler import require_known_pooler

FILE = "digestbot.sqlite3"

T = TypeVar("T")

# SQLite before 3.32 takes 999 parameters in one statement (sqlite.org/limits.html), PostgreSQL 65535.
_MAX_PARAMETERS = 500

# "digestb" in ASCII: a number that no other program is likely to lock in the same database.
_MIGRATION_LOCK = 0x64696765737462
_MIGRATION_WAIT_SECONDS = 60  # for another process that brings the same database up to date

# A writer that began as a reader cannot wait for another writer: it fails at once (sqlite.org/isolation.html).
_BEGIN_WRITING = "BEGIN IMMEDIATE"


class Database:
    """Transactions on one database. Every error of it becomes a StoreError without parameters or passwords.

    Args:
        url: where it is, `sqlite:///...` or `postgresql+psycopg://...`.
        name: what errors call it.
        setting: where `url` stands, for errors that say what to correct.
        read_only: whether SQLite opens the file without making or changing anything, its journal mode too.
    """

    def __init__(self, url: URL, name: str, *, setting: str = SETTING, read_only: bool = False) -> None:
        self.name = name
        self._setting = setting
        self.sqlite = url.get_backend_name() == "sqlite"
        self.url = url
        self._secrets = [str(word) for word in (url.password, url.query.get("password")) if word]
        self._reader = _engine(url, sqlite=self.sqlite, read_only=read_only)
        self._writer = self._reader.execution_options(writes=True)
        self._driver: Any = self._reader.dialect.loaded_dbapi

    @contextmanager
    def reading(self, **options: Any) -> Iterator[Connection]:
        """A transaction that sees one state of the database and changes nothing."""
        with self._errors(), self._reader.connect().execution_options(**options) as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A transaction that is committed, and synced to the disk, at its end. On SQLite one writes at a time."""
        with self._errors(), self._writer.begin() as connection:
            yield connection

    @contextmanager
    def writing_directly(self) -> Iterator[DBAPICursor]:
        """As `writing`, with the driver's own cursor, for prepared statements."""
        with self._errors(), closing(self._reader.raw_connection()) as connection:
            cursor = connection.cursor()
            if self.sqlite:
                cursor.execute(_BEGIN_WRITING)
            yield cursor
            # Whatever ends before it is rolled back when the connection goes back to the pool.
            connection.commit()

    @contextmanager
    def looking(self) -> Iterator[DBAPICursor]:
        """The driver's own cursor, for many looks one after the other, each at what is committed by then."""
        with self._errors(), closing(self._reader.raw_connection()) as connection:
            yield connection.cursor()

    def prepared(self, statement: ClauseElement) -> Prepared:
        """For a statement that is executed once for each of thousands of recipients or items."""
        return Prepared(statement, self._reader.dialect)

    @contextmanager
    def migrating(self) -> Iterator[Connection]:
        """As `writing`, alone: no other process migrates meanwhile, and tables may be rebuilt."""
        with self._errors(), self._writer.connect() as connection:
            if self.sqlite:
                # Rebuilding a table drops it, which would cascade; and inside a transaction the switch has no effect.
                switch = connection.connection.cursor()
                switch.execute("PRAGMA foreign_keys=OFF")
            with connection.begin():
                if not self.sqlite:
                    self._be_patient(connection)
                yield connection
            connection.invalidate()

    @staticmethod
    def _be_patient(connection: Connection) -> None:
        """Wait for another process that migrates, then alone and for as long as it takes; but not for who holds a table."""
        from .postgresql import MIGRATION_SILENCE_SECONDS  # noqa: PLC0415

        connection.connection.driver_connection.silence = MIGRATION_SILENCE_SECONDS  # type: ignore[union-attr]
        for name, value in (("statement_timeout", "0"), ("idle_in_transaction_session_timeout", "0")):
            connection.exec_driver_sql(f"SET LOCAL {name} = {value}")
        connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{_MIGRATION_WAIT_SECONDS}s'")
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _MIGRATION_LOCK})
        connection.exec_driver_sql(f"SET LOCAL lock_timeout = {LOCK_TIMEOUT_SECONDS * 1000:.0f}")

    def close(self) -> None:
        """End every connection; SQLite then folds its -wal file into the database."""
        self._reader.dispose()

    def _errors(self) -> AbstractContextManager[None]:
        return database_errors(self.name, self._driver, self._secrets, setting=self._setting)


class Prepared:
    """A statement compiled once, when it is first executed: who only looks at a store pays for none.

    SQLAlchemy's usual way to a statement takes several times as long as SQLite's work on it. Values are converted as
    their columns say; what is read comes as the driver gives it.
    """

    def __init__(self, statement: ClauseElement, dialect: Dialect) -> None:
        self._clause, self._dialect = statement, dialect

    @cached_property
    def _compiled(self) -> SQLCompiler:
        return cast(SQLCompiler, self._clause.compile(dialect=self._dialect))

    @cached_property
    def _statement(self) -> str:
        return str(self._compiled)

    @cached_property
    def _processors(self) -> Mapping[str, Callable[[Any], Any]]:
        found = {
            name: bind.type.dialect_impl(self._dialect).bind_processor(self._dialect)
            for name, bind in self._compiled.binds.items()
        }
        return {name: processor for name, processor in found.items() if processor}

    @cached_property
    def _constants(self) -> Mapping[str, Any]:
        return self._processed(self._compiled.params)

    @cached_property
    def _readers(self) -> Sequence[Callable[[Any], Any] | None]:
        columns = getattr(self._clause, "selected_columns", ())
        return [column.type.dialect_impl(self._dialect).result_processor(self._dialect, None) for column in columns]

    def bound(self, **values: Any) -> Prepared:
        """With these values, to be executed once for each of many with the others."""
        known = Prepared(self._clause, self._dialect)
        known.__dict__ |= {"_statement": self._statement, "_processors": self._processors}
        known.__dict__["_constants"] = {**self._constants, **self._processed(values)}
        return known

    def execute(self, cursor: DBAPICursor, **values: Any) -> None:
        """Execute it, on a cursor of `Database.writing_directly`, with these values for its named parameters."""
        cursor.execute(self._statement, {**self._constants, **self._processed(values)})

    def execute_each(self, cursor: DBAPICursor, rows: Sequence[Mapping[str, Any]]) -> None:
        """The same once for each row of values."""
        cursor.executemany(self._statement, [{**self._constants, **self._processed(row)} for row in rows])

    def one(self, cursor: DBAPICursor) -> tuple[Any, ...] | None:
        """The next row of what a SELECT found, as its columns say; None: there is none."""
        row = cursor.fetchone()
        if row is None:
            return None
        return tuple(read(value) if read else value for read, value in zip(self._readers, row, strict=True))

    def execute_all(self, connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
        """Execute it in this transaction once for each row, which names every parameter."""
        values = [self._processed(row) for row in rows]
        with closing(connection.connection.cursor()) as cursor:
            cursor.executemany(self._statement, values)

    def _processed(self, values: Mapping[str, Any]) -> dict[str, Any]:
        made = dict(values)
        for name, convert in self._processors.items():
            if name in made:
                made[name] = convert(made[name])
        return made


def chunks(values: Sequence[T]) -> Iterator[Sequence[T]]:
    """The values in pieces that fit into one statement each."""
    return (values[at : at + _MAX_PARAMETERS] for at in range(0, len(values), _MAX_PARAMETERS))


def database_address(data: Path, database_url: str) -> tuple[URL, str]:
    """The address of the database and the name that errors call it by.

    Raises:
        StoreError: the URL cannot be read, or names a database that digestbot does not know.
    """
    if not database_url:
        return URL.create("sqlite", database=str(data / FILE)), f"the database {data / FILE}"
    with url_errors():
        url = make_url(database_url)
    # An unescaped @ or : in a password ends up in the host: such a host must not be repeated.
    if (not url.host and not url.query) or "@" in (url.host or ""):
        raise unreadable_url()
    if url.drivername in ("postgres", "postgresql"):
        url = url.set(drivername="postgresql+psycopg")
    if url.drivername != "postgresql+psycopg":
        raise StoreError(
            "the database URL begins with a kind or driver that digestbot does not know: leave it empty for SQLite in "
            "the data folder, or write postgresql+psycopg://..."
        )
    require_known_pooler(url)
    return url, f"the database {url.database} on {url.host or 'this machine'}"


def _engine(url: URL, *, sqlite: bool, read_only: bool) -> Engine:
    if not sqlite:
        with driver_errors():
            from .postgresql import postgresql_engine  # noqa: PLC0415 -- its driver is installed apart

            return postgresql_engine(url)
    wait = {"timeout": LOCK_TIMEOUT_SECONDS}
    # Each connection to a mail server holds one to the database: as many as there are.
    engine = create_engine(url, hide_parameters=True, paramstyle="named", connect_args=wait, max_overflow=-1)
    event.listen(engine, "connect", _prepare_to_read if read_only else _prepare)
    event.listen(engine, "begin", _begin)
    return engine


def _prepare(connection: Any, _record: object) -> None:
    # The driver would begin transactions late and commit them before DDL; _begin does it instead.
    connection.isolation_level = None
    _write_ahead(connection)
    # In WAL mode only FULL syncs at every commit, so that a power cut never forgets a claim.
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("PRAGMA foreign_keys=ON")


def _prepare_to_read(connection: Any, _record: object) -> None:
    connection.isolation_level = None
    connection.execute("PRAGMA query_only=ON")


def _write_ahead(connection: Any) -> None:
    # Of several processes that open a new database at once SQLite lets one switch and refuses the others without waiting:
    # each would wait for the end of the other's look (measured: 64 of 1,600 openings).
    end = time.monotonic() + LOCK_TIMEOUT_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > end:
                raise
            time.sleep(0.01)
        else:
            return


def _begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql(_BEGIN_WRITING if writes else "BEGIN")
