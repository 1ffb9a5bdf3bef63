"""A copy to try things on: everything is in it, and nothing of it reaches the original, on every database."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import psycopg
import pytest
from builders import NOON, item
from stored import GAZETTE, change, contents, files, fill

from digestbot.errors import StoreError
from digestbot.model import Delivery, DeliveryState, Edition, Recipient
from digestbot.store import open_store, scratch_copy


def test_a_copy_holds_everything_and_gives_nothing_back(place):
    """A feed known in the original is known in the copy; what the copy learns, the original never hears of."""
    store = place.open()
    fill(store)
    before = contents(store)
    with scratch_copy(place.data, place.url) as scratch:
        assert contents(scratch) == before
        change(scratch)
        assert contents(scratch) != before
        assert scratch.items.save(GAZETTE, [item("Bridge again", keys=("guid:1",))], now=NOON) == 0
    assert contents(store) == before
    store.close()


def test_a_place_without_a_database_gives_an_empty_copy(empty):
    """It stays without one."""
    with scratch_copy(empty.data, empty.url) as scratch:
        assert scratch.items.states() == {}
        change_nothing = scratch.editions.latest("morning", until=NOON)
        assert change_nothing is None
    assert not empty.data.exists()
    if empty.url:
        with psycopg.connect(empty.url.replace("+psycopg", "")) as connection:
            tables = connection.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'").fetchone()
        assert tables == (0,)


@pytest.mark.parametrize(("schema", "said"), [("0000", "has another schema"), ("9999", "by a newer digestbot")])
def test_a_copy_of_another_schema_on_postgresql_is_refused(postgres, tmp_path: Path, schema: str, said: str):
    """An older one would have to be upgraded first, which a preview may not do; a newer one nobody here can read."""
    url = postgres.new_database()
    open_store(tmp_path, url).close()
    with psycopg.connect(url.replace("+psycopg", "")) as connection:
        connection.execute("UPDATE alembic_version SET version_num = %s", [schema])
    with pytest.raises(StoreError, match=said), scratch_copy(tmp_path, url):
        pass


def test_the_folder_of_a_closed_store_is_the_same_to_the_byte(tmp_path: Path):
    """No file is changed and none appears beside it, not even while the copy is in use."""
    store = open_store(tmp_path)
    fill(store)
    store.close()
    before = files(tmp_path)
    with scratch_copy(tmp_path) as scratch:
        change(scratch)
        assert files(tmp_path) == before
    assert files(tmp_path) == before


def test_the_folder_of_an_open_store_is_the_same_to_the_byte(tmp_path: Path):
    """What another process has committed but not folded into the database yet is in the copy too."""
    store = open_store(tmp_path)
    fill(store)
    expected = contents(store)
    before = files(tmp_path)
    assert any(name.endswith("-wal") for name in before)
    with scratch_copy(tmp_path) as scratch:
        assert contents(scratch) == expected
    assert files(tmp_path) == before
    store.close()


def test_a_copy_of_a_damaged_database_is_refused_by_the_name_of_the_original(tmp_path: Path):
    """Nobody knows the temporary folder."""
    path = tmp_path / "digestbot.sqlite3"
    path.write_bytes(b"\xa5" * 20_000)
    with pytest.raises(StoreError, match="your last backup") as caught, scratch_copy(tmp_path):
        pass
    assert str(path) in str(caught.value)


def test_a_copy_that_a_kill_left_behind_is_removed(empty, monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    """The next copy removes those of processes that are gone, and leaves those of running ones and of other programs."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    left = tmp_path / f"digestbot-copy-{ended.pid}-abc"
    others = [tmp_path / f"digestbot-copy-{os.getpid()}-abc", tmp_path / "digestbot-copy-x", tmp_path / "copy-1-a"]
    for folder in (left, *others):
        folder.mkdir()
        (folder / "digestbot.sqlite3").touch()
    with scratch_copy(empty.data, empty.url):
        assert not left.exists()
    assert all(folder.exists() for folder in others)


def test_a_copy_to_make_an_edition_on_leaves_out_what_is_over(postgres, tmp_path: Path):
    """Of a year's deliveries it holds those that are open, and those whose address is gone: no edition asks for others."""
    url = postgres.new_database()
    store = open_store(tmp_path, url)
    now = datetime.now(UTC)
    edition = store.editions.claim(
        Edition(digest="morning", date=date(2026, 5, 27), since=now - timedelta(days=1), until=now)
    )
    names = ("sent", "open", "gone")
    rows = [
        Delivery(
            digest="morning",
            edition=edition.date,
            recipient=Recipient(channel="mailto", address=f"{name}@example.com"),
            key=name,
            payload=b"news",
        )
        for name in names
    ]
    store.editions.publish(edition, "{}", rows, used=())
    for row in store.outbox.open():
        claimed = store.outbox.claim(row, now=now)
        assert claimed is not None
        if row.key != "open":
            state = DeliveryState.SENT if row.key == "sent" else DeliveryState.FAILED
            store.outbox.record_outcome(claimed, state, address_gone=row.key == "gone")
    store.close()
    with scratch_copy(tmp_path, url, to_make=True) as copy:
        assert sorted(row.key for row in copy.outbox.all()) == ["gone", "open"]
        assert [row.key for row in copy.outbox.refused(digest="morning", day=edition.date)] == ["gone"]
        assert copy.outbox.count_open(digest="morning") == {edition.date: 1}
    with scratch_copy(tmp_path, url) as copy:
        assert len(copy.outbox.all()) == 3
