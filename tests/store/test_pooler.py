"""Through a pooler that lends a connection for one transaction: each of them is as if it had a session of its own."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from servers.pgbouncer import pooled
from servers.postgres import Server
from sqlalchemy import text

from digestbot.errors import StoreError
from digestbot.jobs.procrastinate import QueueWorker
from digestbot.jobs.queue_schema import prepare_queue
from digestbot.model import JobKind
from digestbot.store import Stores, open_store
from digestbot.store.database import database_address
from digestbot.store.pooler import direct

SETTINGS = "SELECT current_setting('lock_timeout'), current_setting('timezone'), current_setting('intervalstyle')"


@pytest.fixture(params=["nothing between", "pgbouncer"])
def url(request: pytest.FixtureRequest, postgres: Server) -> Iterator[str]:
    """A database as it is written down for a pooler, through one and without."""
    plain = postgres.new_database()
    if request.param == "nothing between":
        yield plain
        return
    try:
        with pooled(plain) as between:
            yield between
    except OSError as error:
        pytest.skip(str(error))


@pytest.fixture
def store(url: str, tmp_path: Path) -> Iterator[Stores]:
    one = open_store(tmp_path, f"{url}?pooler=transaction", queued=True)
    yield one
    one.close()


def test_each_transaction_begins_with_its_settings_and_leaves_none(store: Stores, url: str):
    """By SQLAlchemy's connection and by the driver's own cursor; whoever is lent the connection next finds it as it was."""
    database = store.database
    for _ in range(3):
        with database.reading() as one, database.writing() as other, database.writing_directly() as third:
            third.execute(SETTINGS)
            found = {tuple(one.execute(text(SETTINGS)).one()), tuple(other.execute(text(SETTINGS)).one())}
            assert found | {third.fetchone()} == {("8s", "UTC", "postgres")}
    plain = direct(database.url).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(plain, autocommit=True, prepare_threshold=None) as stranger:
        for _ in range(4):
            assert stranger.execute("SHOW lock_timeout").fetchone() == ("0",)
            assert stranger.execute("SELECT count(*) FROM pg_prepared_statements").fetchone() == (0,)


def test_a_job_is_put_and_done(store: Stores):
    """The queue's names are found in every transaction, whichever connection it is lent."""
    prepare_queue(store.database)
    assert store.queue is not None
    done: list[str] = []
    for number in range(3):
        store.queue.put(JobKind.DELIVER, f"morning 2026-05-27 {number}")
    asyncio.run(QueueWorker(store.database, {JobKind.DELIVER: done.append}).work(wait=False))
    assert sorted(done) == [f"morning 2026-05-27 {number}" for number in range(3)]


def test_another_word_for_a_pooler_is_refused():
    """A mode that nothing is prepared for is no setting that is passed over."""
    with pytest.raises(StoreError, match="pooler=transaction"):
        database_address(Path(), "postgresql://desk@127.0.0.1/news?pooler=statement")
