"""Connections to PostgreSQL that never wait for ever, and whose session is the same on every server.

Imported only where a database URL names PostgreSQL: its driver is installed apart.

Behind a pooler that lends a connection for one transaction there is no session: what one would hold for a session every
transaction begins with, and nothing is prepared, for the next one may be another connection's.
"""

from __future__ import annotations

import logging
import selectors
import time
from collections.abc import Generator
from typing import Any, Final, Self, TypeVar

import psycopg
from psycopg.pq import TransactionStatus
from psycopg.waiting import Ready, Wait
from sqlalchemy import URL, Engine, create_engine, event

from .errors import LOCK_TIMEOUT_SECONDS
from .pooler import direct, is_pooled

T = TypeVar("T")

# Connections that stay open once they were needed. Each connection to a mail server claims over one of its own: those that
# are not kept are made anew for every mail, and to sign in costs the server more than the claim.
_KEPT: Final = 32
# A statement of ours takes milliseconds, the largest some seconds. What a frozen client has left running must end by
# itself, for it keeps rows locked.
_STATEMENT_TIMEOUT_SECONDS: Final = 15
# A process that is suspended inside a transaction keeps rows locked, too; ours never rest so long in one.
_IDLE_TIMEOUT_SECONDS: Final = 60
# The server's own timeouts do not run while it is frozen itself. More than its wait for a lock, so that its words come
# first; less than the 10 s after which a process that was told to stop is ended: what was heard has to be kept by then.
SILENCE_SECONDS = 9.0
# To be asked whether a connection still works is answered at once; after it comes the wait for a new connection.
PING_SILENCE_SECONDS = 3.0
# A connection that answered so short a time ago is not asked first whether it works: a round of `serve` is several short
# transactions, and asking took half of its time.
FRESH_SECONDS: Final = 0.5
# An index over a large table is built in silence.
MIGRATION_SILENCE_SECONDS: Final = 3600.0

_CONNECTING: Final = {
    "connect_timeout": 6,  # with the ping before it less than SILENCE_SECONDS, and for the same reason
    "client_encoding": "utf8",
    # A host that has vanished answers nothing, not even with a reset: these find out while no statement runs.
    "keepalives": 1,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 15_000,
}
# A server or a database may have other defaults, by which the driver cannot read times, or nobody waits in vain.
_SESSION: Final = {
    "datestyle": "ISO, YMD",
    "intervalstyle": "postgres",
    "timezone": "UTC",
    "bytea_output": "hex",
    "default_transaction_isolation": "read committed",
    "lock_timeout": f"{LOCK_TIMEOUT_SECONDS:.0f}s",
    "statement_timeout": f"{_STATEMENT_TIMEOUT_SECONDS}s",
    "idle_in_transaction_session_timeout": f"{_IDLE_TIMEOUT_SECONDS}s",
}
_SET_SESSION = f"SELECT {', '.join(['set_config(%s, %s, false)'] * len(_SESSION))}"
_SET_TRANSACTION = _SET_SESSION.replace("false", "true")
# SQL_ASCII takes any bytes as they are. All others lack characters that news has.
_ENCODINGS: Final = frozenset({"UTF8", "SQL_ASCII"})

# A connection that broke is told in our own words; the pool would add a traceback of giving it back.
logging.getLogger("sqlalchemy.pool").setLevel(logging.CRITICAL + 1)


class ServerSilentError(psycopg.OperationalError):
    """The server has sent nothing for longer than any statement takes."""


class WrongEncodingError(psycopg.NotSupportedError):
    """The database cannot hold every character."""


class BoundedConnection(psycopg.Connection[Any]):
    """A connection that is given up when nothing comes from the server."""

    silence: float | None = None  # seconds; None: as long as SILENCE_SECONDS says
    answered: float = 0.0  # when the server last did, by time.monotonic()

    def wait(self, gen: Generator[Wait, Ready | int, T], *args: Any, **options: Any) -> T:
        """As psycopg's, which waits for ever."""
        try:
            answer = super().wait(
                _watched(gen, SILENCE_SECONDS if self.silence is None else self.silence), *args, **options
            )
        except ServerSilentError:
            self.pgconn.finish()  # what may still arrive on it belongs to no statement any more
            raise
        self.answered = time.monotonic()
        return answer

    def is_fresh(self) -> bool:
        """Whether the server answered a moment ago and has not ended the connection since, which it tells unasked."""
        if self.closed or time.monotonic() - self.answered >= FRESH_SECONDS:
            return False
        with selectors.DefaultSelector() as selector:
            selector.register(self.fileno(), selectors.EVENT_READ)
            return not selector.select(0)


class _PooledCursor(psycopg.Cursor[Any]):
    """Of a connection that is another one in every transaction: each begins with its settings."""

    def execute(self, *args: Any, **options: Any) -> Self:
        self._begin()
        return super().execute(*args, **options)

    def executemany(self, *args: Any, **options: Any) -> None:
        self._begin()
        super().executemany(*args, **options)

    def _begin(self) -> None:
        idle = self.connection.info.transaction_status is TransactionStatus.IDLE
        if idle and not self.connection.autocommit:
            super().execute(_SET_TRANSACTION, _settings())


def _watched(gen: Generator[Wait, Ready | int, T], limit: float) -> Generator[Wait, Ready | int, T]:
    """The same waits, until nothing was heard for too long; rows that keep coming may take as long as they like."""
    try:
        wanted = next(gen)
        heard = time.monotonic()
        while True:
            ready = yield wanted
            # What the driver sends when its own short wait is over is none of the two.
            if ready:
                heard = time.monotonic()
            elif time.monotonic() - heard >= limit:
                raise ServerSilentError(f"no answer for {limit:.0f} seconds")
            wanted = gen.send(ready)
    except StopIteration as end:
        value: T = end.value
        return value


def postgresql_engine(url: URL) -> Engine:
    """An engine whose connections are all bounded; what the URL itself says about connecting counts more."""
    pooled, url = is_pooled(url), direct(url)
    options: dict[str, Any] = {name: value for name, value in _CONNECTING.items() if name not in url.query}
    if pooled:
        options |= {"prepare_threshold": None, "cursor_factory": _PooledCursor}
    engine = create_engine(
        url,
        hide_parameters=True,
        pool_pre_ping=True,
        pool_size=_KEPT,
        connect_args=options,
        # Of one transaction it can be said at its beginning alone.
        **({"isolation_level": "READ COMMITTED"} if pooled else {}),
    )

    ping = engine.dialect.do_ping

    def brief_ping(connection: Any) -> bool:
        if connection.is_fresh():
            return True
        connection.silence = PING_SILENCE_SECONDS
        try:
            return ping(connection)
        finally:
            connection.silence = None

    engine.dialect.do_ping = brief_ping  # type: ignore[method-assign,assignment]

    @event.listens_for(engine, "do_connect")
    def connect(_dialect: object, _record: object, words: Any, options: Any) -> BoundedConnection:
        connection = BoundedConnection.connect(*words, **options)
        try:
            _require_encoding(connection)
            if not pooled:
                _begin_session(connection)
        except BaseException:
            connection.close()
            raise
        return connection

    return engine


def _require_encoding(connection: BoundedConnection) -> None:
    encoding = connection.info.parameter_status("server_encoding") or ""
    if encoding not in _ENCODINGS:
        raise WrongEncodingError(f"its encoding is {encoding}, which lacks characters")


def _begin_session(connection: BoundedConnection) -> None:
    connection.execute(_SET_SESSION, _settings())
    connection.commit()


def _settings() -> list[str]:
    return [word for setting in _SESSION.items() for word in setting]
