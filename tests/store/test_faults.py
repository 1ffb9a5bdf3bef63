"""Killed processes, power cuts, full disks, locks and damage: what was stored stays, and errors say what to do."""

from __future__ import annotations

import shutil
import sqlite3
import threading
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from builders import NOON, item
from forking import PROCESSES, start
from store_processes import save_without_pause

from digestbot.errors import StoreError
from digestbot.model import Delivery, DeliveryState, Edition, FeedState, Recipient
from digestbot.store import Stores, open_store
from digestbot.store.database import FILE


def posted(store: Stores) -> Delivery:
    """A delivery in the outbox."""
    edition = store.editions.claim(
        Edition(digest="morning", date=NOON.date(), since=NOON - timedelta(days=1), until=NOON)
    )
    recipient = Recipient(channel="slack", address="#chips")
    delivery = Delivery(digest="morning", edition=edition.date, recipient=recipient, key="k", payload=b"x")
    store.editions.publish(edition, "{}", [delivery], used=())
    return delivery


def test_kill_9_between_any_two_instructions_loses_and_doubles_nothing(tmp_path: Path):
    """What was reported as saved is there in full, and a feed is stored wholly or not at all."""
    reported: set[str] = set()
    for life in range(3):
        saved, theirs = PROCESSES.Pipe(duplex=False)
        writer = start(save_without_pause, tmp_path, life, theirs)
        theirs.close()
        for _ in range(20 + 13 * life):
            reported.add(saved.recv())
        writer.kill()
        with suppress(EOFError, OSError):  # what it had said before it died, perhaps half of a word
            while True:
                reported.add(saved.recv())
        writer.join()
    store = open_store(tmp_path)
    stored = store.items.states()
    assert reported <= stored.keys()
    assert len(stored) <= len(reported) + 3
    again = {
        name: [item(str(n), id=f"{name}-{n}", keys=(f"{name}-{n}", f"u{name}-{n}")) for n in range(20)]
        for name in stored
    }
    assert store.items.save_all([(FeedState(name=name), found) for name, found in again.items()], now=NOON) == 0
    store.close()


def test_a_power_cut_takes_at_most_the_commit_that_was_under_way(tmp_path: Path):
    """With the end of the -wal missing, the database is whole and stands where the last commit but one left it."""
    store = open_store(tmp_path / "data")
    delivery = posted(store)
    wal = tmp_path / "data" / f"{FILE}-wal"
    before = wal.stat().st_size
    store.outbox.claim(delivery, now=NOON)
    after = wal.stat().st_size
    for size, state in ((after, "sending"), (after - 1, "pending"), (before + 30, "pending"), (before, "pending")):
        shutil.copytree(tmp_path / "data", tmp_path / "cut", ignore=shutil.ignore_patterns("*-shm"))
        with (tmp_path / "cut" / wal.name).open("r+b") as file:
            file.truncate(size)
        cut = open_store(tmp_path / "cut")
        assert [each.state for each in cut.outbox.open()] == [state]
        cut.close()
        shutil.rmtree(tmp_path / "cut")
    store.close()


def test_a_full_disk_keeps_what_was_stored_and_says_so(tmp_path: Path):
    """The claim that found no room was not made, so nothing is sent."""
    store = open_store(tmp_path)
    delivery = posted(store)
    with store.database.reading() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
        connection.exec_driver_sql(f"PRAGMA max_page_count={pages}")
    long = [item(str(n), id=str(n), keys=(str(n),), text="word " * 2000) for n in range(50)]
    with pytest.raises(StoreError, match="make room"):
        store.items.save(FeedState(name="gazette"), long, now=NOON)
    assert store.items.states() == {}
    assert store.outbox.open() == (replace(delivery, payload=b""),)
    store.close()


def test_a_writer_waits_for_another_one(tmp_path: Path):
    """A lock that another program holds for a while costs time, nothing else; readers do not even wait."""
    store = open_store(tmp_path)
    delivery = posted(store)
    rival = sqlite3.connect(tmp_path / FILE, isolation_level=None, check_same_thread=False)
    rival.execute("BEGIN IMMEDIATE")
    assert store.outbox.open() == (replace(delivery, payload=b""),)
    threading.Timer(0.5, lambda: rival.execute("ROLLBACK")).start()
    claimed = store.outbox.claim(delivery, now=NOON)
    assert claimed is not None
    assert claimed.state is DeliveryState.SENDING
    rival.close()
    store.close()


def test_a_writer_that_reads_first_is_not_overtaken(tmp_path: Path):
    """What it has read is still true when it writes: the other one waits."""
    first, second = open_store(tmp_path), open_store(tmp_path)
    delivery = posted(first)
    rival = threading.Thread(target=lambda: second.outbox.claim(delivery, now=NOON))
    with first.database.writing() as connection:
        read = connection.exec_driver_sql("SELECT state FROM deliveries").scalar()
        rival.start()
        rival.join(timeout=0.3)
        connection.exec_driver_sql("UPDATE deliveries SET error = state")
    rival.join()
    [claimed] = second.outbox.open()
    assert (read, claimed.error, claimed.state) == ("pending", "pending", DeliveryState.SENDING)
    first.close()
    second.close()


@pytest.mark.parametrize("damage", ["all", "inside"])
def test_a_damaged_database_is_refused_with_the_way_back(tmp_path: Path, damage: str):
    """Nothing is sent from a database that cannot be read; the error names the file and says how to restore it."""
    open_store(tmp_path).close()
    path = tmp_path / FILE
    kept = 0 if damage == "all" else 100
    path.write_bytes(path.read_bytes()[:kept] + b"\xa5" * 20_000)
    with pytest.raises(StoreError, match="your last backup in its place") as caught:
        open_store(tmp_path).outbox.open()
    assert str(path) in str(caught.value)
