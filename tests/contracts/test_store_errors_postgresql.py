"""What a real PostgreSQL refuses, and what the error tells the operator to do."""

from __future__ import annotations

from pathlib import Path

import psycopg
import pytest
from servers.ports import free_port
from servers.postgres import Server
from sqlalchemy import make_url

from digestbot.errors import StoreError
from digestbot.store import open_store

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
