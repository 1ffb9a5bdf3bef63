"""What every store promises about its schema, on every database."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from builders import NOON, item
from forking import PROCESSES, start
from sqlalchemy import inspect, text
from store_processes import open_at_once

from digestbot.errors import StoreError
from digestbot.model import Delivery, DeliveryState, Edition, FeedState, Recipient
from digestbot.store import migrate as migrations
from digestbot.store.schema import metadata

pytestmark = pytest.mark.usefixtures("real_beginnings")
REBUILD = """
import sqlalchemy as sa
from alembic import op

revision = "test"
down_revision = "{head}"


def upgrade():
    rebuild = "always" if op.get_bind().dialect.name == "sqlite" else "never"
    for table in ("items", "editions", "deliveries"):
        with op.batch_alter_table(table, recreate=rebuild) as batch:
            batch.add_column(sa.Column("novelty", sa.Text(), nullable=False, server_default="new"))
"""


def is_ours(_object: object, name: str | None, kind: str, _reflected: bool, _other: object) -> bool:
    """Whether SQLAlchemy knows it: what the archive is searched by is made by hand, and `layout` compares it."""
    return not (kind in ("table", "index") and name and name.startswith(("sent_words", "ix_sent_stories_words")))


def layout(connection) -> dict[str, object]:
    """Everything that the database says of its tables, in an order of its own."""
    inspected, found = inspect(connection), {}
    for table in inspected.get_table_names():
        columns = {
            column["name"]: (str(column["type"]), column["nullable"], str(column["default"] or "").strip("'()"))
            for column in inspected.get_columns(table)
        }
        found[table] = {
            "columns": columns,
            "key": inspected.get_pk_constraint(table)["constrained_columns"],
            "references": sorted(map(repr, inspected.get_foreign_keys(table))),
            "unique": sorted(repr(sorted(one["column_names"])) for one in inspected.get_unique_constraints(table)),
            "checks": sorted(str(one["sqltext"]) for one in inspected.get_check_constraints(table)),
            "indexes": sorted(
                repr((one["name"], one["column_names"], one["unique"])) for one in inspected.get_indexes(table)
            ),
        }
    return found


def test_a_new_database_is_as_the_revisions_would_have_made_it(empty):
    """Made at once from the schema, or by every revision in turn: same tables, columns, keys, indexes and revision."""
    store = empty.open()
    with store.database.reading() as connection:
        made, revision = layout(connection), migrations.revision(connection)
    with store.database.migrating() as connection:
        metadata.drop_all(connection)
        connection.execute(text("DROP TABLE alembic_version"))
        migrations.upgrade(connection, None, name="the database")
    with store.database.reading() as connection:
        assert layout(connection) == made
        assert migrations.revision(connection) == revision == migrations.HEAD
    store.close()


def test_the_revisions_make_exactly_the_tables_of_the_schema(empty):
    """A field added to the model without a revision is named here."""
    store = empty.open()
    with store.database.reading() as connection:
        # Defaults of SQLite come back quoted, which Alembic takes for a difference.
        compared = {
            "compare_type": True,
            "compare_server_default": not store.database.sqlite,
            "include_object": is_ours,
        }
        context = MigrationContext.configure(connection, opts=compared)
        assert compare_metadata(context, metadata) == []
    store.close()


def test_the_newest_revision_is_the_one_that_opening_looks_for():
    """There is one head, and its name stands in the code."""
    config = Config()
    config.set_main_option("script_location", str(migrations.SCRIPTS))
    assert ScriptDirectory.from_config(config).get_heads() == [migrations.HEAD]


def test_processes_that_open_a_new_database_at_once_all_succeed(empty):
    """One of them makes the tables, the others wait for it."""
    together = PROCESSES.Barrier(4)
    answers, openers = [], []
    for _ in range(4):
        answer, theirs = PROCESSES.Pipe(duplex=False)
        openers.append(start(open_at_once, empty.data, empty.url, together, theirs))
        answers.append(answer)
    assert [answer.recv() for answer in answers if answer.poll(300)] == [0] * 4
    for opener in openers:
        opener.join(300)
    assert [opener.exitcode for opener in openers] == [0] * 4


def test_an_upgrade_keeps_everything_even_what_is_being_sent(
    empty, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    """Tables that others refer to are rebuilt around their rows; a claimed delivery is still claimed. It is said once."""
    store = empty.open()
    bridge = item("Bridge", keys=("guid:1",))
    store.items.save(FeedState(name="gazette"), [bridge], now=NOON)
    edition = store.editions.claim(Edition(digest="morning", date=NOON.date(), since=bridge.published, until=NOON))
    recipient = Recipient(channel="slack", address="#chips")
    posted = Delivery(digest="morning", edition=NOON.date(), recipient=recipient, key="k", payload=b"frozen")
    store.editions.publish(edition, "{}", [posted], used=[bridge.id])
    sending = store.outbox.claim(posted, now=NOON)
    store.close()

    scripts = tmp_path / "100 % migrations"
    shutil.copytree(migrations.SCRIPTS, scripts)
    (scripts / "versions" / "test.py").write_text(REBUILD.format(head=migrations.HEAD), encoding="utf-8")
    monkeypatch.setattr(migrations, "SCRIPTS", scripts)
    monkeypatch.setattr(migrations, "HEAD", "test")
    caplog.clear()
    empty.open().close()
    store = empty.open()
    [line] = [record.getMessage() for record in caplog.records if "up to date" in record.getMessage()]
    assert line.endswith("to test")
    with store.database.reading() as connection:
        assert connection.scalar(text("SELECT novelty FROM deliveries")) == "new"
    assert sending is not None
    assert store.outbox.open() == (replace(sending, payload=b""),)
    assert store.outbox.payload(sending) == b"frozen"
    assert sending.state is DeliveryState.SENDING
    assert store.items.save(FeedState(name="gazette"), [replace(bridge, id="other")], now=NOON) == 0
    assert store.items.window("morning", since=bridge.published, until=NOON, oldest=bridge.published) == ()
    store.close()


def test_a_failed_upgrade_leaves_the_database_as_it_was(empty, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """The next version may try again: nothing is half done."""
    empty.open().close()
    scripts = tmp_path / "migrations"
    shutil.copytree(migrations.SCRIPTS, scripts)
    broken = REBUILD.format(head=migrations.HEAD) + "    op.execute('SELECT nothing FROM nowhere')\n"
    (scripts / "versions" / "test.py").write_text(broken, encoding="utf-8")
    with monkeypatch.context() as patch:
        patch.setattr(migrations, "SCRIPTS", scripts)
        patch.setattr(migrations, "HEAD", "test")
        with pytest.raises(StoreError):
            empty.open()
    store = empty.open()
    with store.database.reading() as connection:
        context = MigrationContext.configure(connection, opts={"include_object": is_ours})
        assert compare_metadata(context, metadata) == []
    store.close()


def test_a_database_of_a_newer_version_is_left_alone(empty):
    """The error says what to do about it."""
    store = empty.open()
    with store.database.writing() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    store.close()
    with pytest.raises(StoreError, match=r"newer digestbot .schema 9999.*install that version again"):
        empty.open()
