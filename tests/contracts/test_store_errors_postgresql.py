"""What a real PostgreSQL refuses, and what the error tells the operator to do."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import psycopg
import pytest
from builders import NOON
from servers.ports import free_port
from servers.postgres import Server
from servers.proxy import Proxy
from sqlalchemy import make_url

from digestbot.errors import StoreError, StoreUnavailable
from digestbot.model import Delivery, Edition, FeedState, Recipient
from digestbot.store import database, open_store, postgresql

ROLE, PASSWORD = "desk", "battery-staple"


@pytest.fixture(scope="module")
def role(postgres: Server) -> str:
    """The URL of a database by a user that owns nothing in it."""
    url = postgres.new_database()
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute(f"CREATE ROLE {ROLE} LOGIN PASSWORD '{PASSWORD}'")
    return make_url(url).set(username=ROLE, password=PASSWORD).render_as_string(hide_password=False)


def administrate(postgres: Server, statement: str) -> None:
    with psycopg.connect(postgres.url("postgres", scheme="postgresql"), autocommit=True) as connection:
        connection.execute(statement)  # type: ignore[call-overload]


def refusal(url: str) -> str:
    with pytest.raises(StoreError) as caught:
        open_store(Path(), url).close()
    assert PASSWORD not in str(caught.value)
    return str(caught.value)


def test_a_server_that_is_not_there():
    """Nothing listens at the port."""
    assert "Start PostgreSQL" in refusal(f"postgresql://{ROLE}:{PASSWORD}@127.0.0.1:{free_port()}/news")


def test_a_wrong_password(role: str):
    """The user exists."""
    assert "Correct the user or the password" in refusal(role.replace(PASSWORD, "wrong"))


def test_a_database_that_is_missing(role: str):
    """The server and the user are right."""
    missing = make_url(role).set(database="nowhere").render_as_string(hide_password=False)
    assert "Create the database" in refusal(missing)


def test_a_user_who_may_make_no_tables(role: str):
    """Since PostgreSQL 15 only its owner may make tables in a database."""
    assert "own the database" in refusal(role)


def test_a_user_without_a_free_connection(role: str, postgres: Server):
    """The server is full, or this user has as many as it may have."""
    administrate(postgres, f"ALTER ROLE {ROLE} CONNECTION LIMIT 0")
    try:
        assert "has no connection left" in refusal(role)
    finally:
        administrate(postgres, f"ALTER ROLE {ROLE} CONNECTION LIMIT -1")


def test_a_server_that_only_reads(postgres: Server):
    """As a standby, or a database that was set so."""
    url = postgres.new_database()
    administrate(postgres, f"ALTER DATABASE {make_url(url).database} SET default_transaction_read_only = on")
    assert "read-only copy" in refusal(url)


def test_a_server_that_is_stopped_meanwhile(postgres: Server):
    """What it had not committed is not done, and the error says that it was stopped."""
    store = open_store(Path(), postgres.new_database())
    with pytest.raises(StoreError, match="PostgreSQL was stopped"), store.database.reading() as connection:  # noqa: PT012
        process = connection.exec_driver_sql("SELECT pg_backend_pid()").scalar()
        administrate(postgres, f"SELECT pg_terminate_backend({process})")
        connection.exec_driver_sql("SELECT 1")
    store.close()


def test_a_connection_that_ends_in_mid_claim_logs_no_traceback(postgres: Server, caplog: pytest.LogCaptureFixture):
    """What became of it stands in the error's own words; what the pool says of it besides is no operator's concern."""
    store = open_store(Path(), postgres.new_database())
    with pytest.raises(StoreUnavailable), store.database.writing_directly() as cursor:  # noqa: PT012
        cursor.execute("SELECT pg_backend_pid()")
        [process] = cursor.fetchone() or [0]
        administrate(postgres, f"SELECT pg_terminate_backend({process})")
        cursor.execute("SELECT 1")
    store.close()
    assert caplog.records == []


def test_connections_are_kept(postgres: Server):
    """As many as were needed at once: a mail claims over one of its own, and to sign in for each costs more than the claim."""
    store, seen = open_store(Path(), postgres.new_database()), []
    for _ in range(2):
        with ExitStack() as stack:
            at_once = [stack.enter_context(store.database.writing_directly()) for _ in range(12)]
            for cursor in at_once:
                cursor.execute("SELECT pg_backend_pid()")
            seen.append({cursor.fetchone() for cursor in at_once})
    store.close()
    assert seen[0] == seen[1]


def test_a_user_who_may_not_connect(role: str, postgres: Server):
    """The right to connect was taken from everybody."""
    administrate(postgres, f"REVOKE CONNECT ON DATABASE {make_url(role).database} FROM PUBLIC")
    try:
        assert "GRANT CONNECT" in refusal(role)
    finally:
        administrate(postgres, f"GRANT CONNECT ON DATABASE {make_url(role).database} TO PUBLIC")


def test_a_url_without_a_password(role: str, monkeypatch: pytest.MonkeyPatch):
    """The server wants one."""
    monkeypatch.delenv("PGPASSWORD", raising=False)
    assert "Write the password" in refusal(role.replace(f":{PASSWORD}", ""))


@pytest.mark.parametrize(("encoding", "taken"), [("SQL_ASCII", True), ("LATIN1", False), ("EUC_JP", False)])
def test_a_database_of_another_encoding(postgres: Server, encoding: str, *, taken: bool):
    """Taken where it holds every character, and then it gives back what was stored; else refused before anything is."""
    name = f"encoded_{encoding.lower()}"
    administrate(
        postgres, f"CREATE DATABASE {name} ENCODING '{encoding}' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0"
    )
    if not taken:
        assert "ENCODING 'UTF8'" in refusal(postgres.url(name))
        return
    store = open_store(Path(), postgres.url(name))
    store.items.save(FeedState(name="東京", title="naïve – “日本語” 🛠"), [], now=NOON)
    assert store.items.states()["東京"].title == "naïve – “日本語” 🛠"
    store.close()


@pytest.mark.parametrize(
    "setting",
    [
        "DateStyle = 'German'",
        "DateStyle = 'SQL, DMY'",
        "TimeZone = 'Asia/Tokyo'",
        "IntervalStyle = 'sql_standard'",
        "client_encoding = 'LATIN1'",
        "bytea_output = 'escape'",
        "default_transaction_isolation = 'serializable'",
        "lock_timeout = 1",
        "statement_timeout = 100",  # in milliseconds; with less the first statement, which sets ours, may not get through
    ],
)
def test_defaults_of_a_database_do_not_count(postgres: Server, setting: str):
    """Times, texts and bytes come back as they were stored, whatever its owner has set."""
    url = postgres.new_database()
    store = open_store(Path(), url)
    store.close()
    administrate(postgres, f"ALTER DATABASE {make_url(url).database} SET {setting}")
    store = open_store(Path(), url)
    store.items.save(FeedState(name="é", title="東京", checked=NOON), [], now=NOON)
    assert store.items.states()["é"] == FeedState(name="é", title="東京", checked=NOON)
    edition = store.editions.claim(Edition(digest="morning", date=NOON.date(), since=NOON, until=NOON))
    row = Delivery(digest="morning", edition=NOON.date(), recipient=Recipient(channel="slack", address="#é"), key="k",
                   payload=bytes(range(256)), deadline=NOON)  # fmt: skip
    store.editions.publish(edition, "{}", [row], used=())
    assert store.outbox.payload(row) == bytes(range(256))
    assert store.outbox.open()[0].deadline == NOON
    store.close()


@pytest.fixture
def proxy(postgres: Server, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Proxy, str]]:
    """A way to an up-to-date database that can be frozen and cut, and its URL; patience is short."""
    monkeypatch.setattr(postgresql, "SILENCE_SECONDS", 0.4)
    monkeypatch.setattr(postgresql, "PING_SILENCE_SECONDS", 0.2)
    url = make_url(postgres.new_database())
    open_store(Path(), url.render_as_string(hide_password=False)).close()
    assert url.port is not None
    with Proxy(url.port) as way:
        through = url.set(port=way.port).update_query_dict({"connect_timeout": "2"})
        yield way, through.render_as_string(hide_password=False)


def test_a_server_that_freezes_in_a_transaction(proxy: tuple[Proxy, str]):
    """Nothing comes back: one sentence instead of waiting for ever; and it goes on once the server does."""
    way, url = proxy
    store = open_store(Path(), url)
    with (  # noqa: PT012
        pytest.raises(StoreUnavailable, match=r"no answer for .*The server hangs"),
        store.database.reading() as connection,
    ):
        way.freeze()
        connection.exec_driver_sql("SELECT 1")
    way.thaw()
    assert store.outbox.open() == ()
    store.close()


def test_a_server_that_is_frozen_already(proxy: tuple[Proxy, str]):
    """The pooled connection is given up, a new one is tried, and the error says that nothing answers."""
    way, url = proxy
    store = open_store(Path(), url)
    time.sleep(postgresql.FRESH_SECONDS)  # what answered just now is not asked first
    way.freeze()
    began = time.monotonic()
    with pytest.raises(StoreUnavailable, match="Nothing answers"):
        store.outbox.open()
    assert time.monotonic() - began < 15
    way.thaw()
    assert store.outbox.open() == ()
    store.close()


def test_a_slow_answer_is_no_silence(proxy: tuple[Proxy, str]):
    """What counts is the time since something came, not the time that an answer takes."""
    _, url = proxy
    store = open_store(Path(), url)
    with store.database.reading() as connection:
        answer = connection.exec_driver_sql("SELECT repeat('x', 8000), pg_sleep(0.01) FROM generate_series(1, 60)")
        assert len(answer.all()) == 60
    store.close()


def test_connections_that_were_cut_between_two_transactions(proxy: tuple[Proxy, str]):
    """A restarted server is noticed before anything is asked of it: nothing fails."""
    way, url = proxy
    store = open_store(Path(), url)
    way.cut()
    assert store.outbox.open() == ()
    store.close()


@pytest.mark.parametrize("work", ["read", "migrate"])
def test_a_table_that_another_program_holds(postgres: Server, monkeypatch: pytest.MonkeyPatch, work: str):
    """The wait for it is bounded, for a migration, too."""
    url = postgres.new_database()
    monkeypatch.setitem(postgresql._SESSION, "lock_timeout", "200ms")
    monkeypatch.setattr(database, "LOCK_TIMEOUT_SECONDS", 0.2)
    store = open_store(Path(), url)
    with psycopg.connect(url.replace("+psycopg", "")) as holder:
        holder.execute("LOCK TABLE deliveries")
        if work == "migrate":
            holder.execute("UPDATE alembic_version SET version_num = '0005'")
            holder.execute("ALTER TABLE deliveries DROP COLUMN claimed_by")
            holder.commit()
            holder.execute("LOCK TABLE deliveries")
        with pytest.raises(StoreUnavailable, match="Another program holds"):
            _ = store.outbox.open() if work == "read" else open_store(Path(), url)
    store.close()


def test_a_statement_that_never_ends(postgres: Server, monkeypatch: pytest.MonkeyPatch):
    """The server ends it."""
    monkeypatch.setitem(postgresql._SESSION, "statement_timeout", "200ms")
    store = open_store(Path(), postgres.new_database())
    with pytest.raises(StoreUnavailable, match="too slow"), store.database.reading() as connection:
        connection.exec_driver_sql("SELECT pg_sleep(30)")
    store.close()
