"""What every store promises about a database of an older release: every row comes over, on every database."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from old_release import copy_to_postgresql, stopped_after, unpack
from sqlalchemy import Connection, create_engine, inspect, select

from digestbot.model import DeliveryState
from digestbot.store import Stores, open_store
from digestbot.store.schema import metadata, used_items

LONG_AGO, FAR_OFF = datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)


@pytest.fixture
def old(empty, tmp_path: Path):
    """A place where the older release has left everything it can."""
    source = unpack(tmp_path / "old" if empty.url else empty.data)
    if empty.url:
        copy_to_postgresql(source, empty.url)
    return empty


def contents(store: Stores) -> dict[str, object]:
    """Everything that is stored."""
    with store.database.reading() as connection:
        used = sorted(map(tuple, connection.execute(select(used_items))))
    deliveries = store.outbox.all()
    return {
        "feeds": store.items.states(),
        "items": store.items.recent(since=LONG_AGO, until=FAR_OFF),
        "used": used,
        "editions": store.editions.history("morning"),
        "deliveries": deliveries,
        "payloads": [store.outbox.payload(delivery) for delivery in deliveries],
        "alerts": store.alerts.open_alerts(),
        "installation": store.installation_id(),
    }


@pytest.fixture
def expected(tmp_path: Path) -> dict[str, object]:
    """What SQLite makes of it in a folder of its own."""
    path = unpack(tmp_path / "expected")
    store = open_store(path.parent)
    found = contents(store)
    store.close()
    return found


def test_every_row_of_an_older_release_is_kept(old, expected: dict[str, object]):
    """Both databases hold the same afterwards; it is all there, under today's names."""
    store = old.open()
    assert contents(store) == expected
    feeds, deliveries = store.items.states(), store.outbox.all()
    assert (feeds["courier"].redirect_days, feeds["courier"].moved_to[-17:]) == (2, "/news/courier.xml")
    assert feeds["gazette"].configured_as == "http://feeds.example/gazette.xml"
    assert len(store.items.recent(since=LONG_AGO, until=FAR_OFF)) == 19
    assert [str(edition.state) for edition in store.editions.history("morning")] == ["ready", "done", "done"]
    assert len(deliveries) == 19
    assert [str(row.recipient) for row in deliveries if row.recipient.address == "desk"] == ["slack-webhook:desk"] * 3
    assert [str(row.recipient) for row in deliveries if row.address_gone] == ["mailto:gone@example.com"]
    assert all(
        row.remote_id for row in deliveries if row.state is DeliveryState.SENT and row.recipient.address != "desk"
    )
    assert [row.remote_id for row in deliveries if row.state is DeliveryState.UNKNOWN] == [""]
    assert "account slack-webhook" in store.alerts.open_alerts()
    assert store.items.window("morning", since=LONG_AGO, until=FAR_OFF, oldest=LONG_AGO) == ()  # all are used
    store.close()


def test_errors_of_an_older_release_name_the_settings_of_today(empty, tmp_path: Path):
    """Whoever reads in `status` what to set can set it."""
    source = unpack(tmp_path / "old" if empty.url else empty.data)
    with closing(sqlite3.connect(source)) as database:
        database.execute("UPDATE deliveries SET error = 'set DIGESTBOT_WEBHOOKS__DESK' WHERE number = 3")
        database.commit()
    if empty.url:
        copy_to_postgresql(source, empty.url)
    store = empty.open()
    assert store.outbox.all()[2].error == "set DIGESTBOT_SLACK_WEBHOOKS__DESK"
    store.close()


@pytest.mark.parametrize("statements", [0, 7, 14])
def test_an_upgrade_that_is_interrupted_changes_nothing(old, expected: dict[str, object], statements: int):
    """Wherever it breaks off, the next start finds the older schema whole and brings all of it over."""
    with stopped_after(statements) as done, pytest.raises(KeyboardInterrupt):
        old.open()
    assert len(done) == statements
    store = old.open()
    assert contents(store) == expected
    store.close()


def names(connection: Connection) -> dict[str, object]:
    """Every table with the names of its columns, keys, constraints and indexes."""
    inspector = inspect(connection)
    return {
        table: (
            {column["name"] for column in inspector.get_columns(table)},
            inspector.get_pk_constraint(table),
            sorted(key["name"] or "" for key in inspector.get_foreign_keys(table)),
            sorted(unique["name"] or "" for unique in inspector.get_unique_constraints(table)),
            sorted(index["name"] or "" for index in inspector.get_indexes(table)),
        )
        for table in inspector.get_table_names()
        if table != "alembic_version"
    }


def test_an_older_database_has_the_names_of_a_new_one(old, postgres, tmp_path: Path):
    """Every key, constraint and index is called as in a database that is made today: the next revision finds it."""
    store = old.open()
    fresh = create_engine(postgres.new_database() if old.url else f"sqlite:///{tmp_path / 'fresh.db'}")
    with fresh.begin() as connection, store.database.reading() as upgraded:
        metadata.create_all(connection)
        assert names(upgraded) == names(connection)
    fresh.dispose()
    store.close()
