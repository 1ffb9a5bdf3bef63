"""Copies that are taken while another process writes."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

from digestbot.store import Stores, open_store, scratch_copy

# A small -wal is folded into the database all the time: the worst case for whoever copies both. Now and then the writer
# rests, as between answers from the network: on a fast disk nobody can copy what never does.
KEEP_WRITING = """
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from digestbot.model import FeedState, Item
from digestbot.store import open_store

store = open_store(Path(sys.argv[1]))
with store.database.reading() as connection:
    connection.exec_driver_sql("PRAGMA wal_autocheckpoint=20")
for feed in range(100_000):
    items = [Item(id=f"{feed}-{n}", title="x" * 500, keys=(f"{feed}-{n}",)) for n in range(10)]
    store.items.save(FeedState(name=str(feed)), items, now=datetime.now(UTC))
    if feed % 25 == 0:
        time.sleep(0.06)
    if feed == 20:
        print("going", flush=True)
"""


def test_a_copy_taken_while_another_process_writes_is_whole(tmp_path: Path):
    """Every feed that is in it has all its items, and the database finds no fault with itself."""
    command = [sys.executable, "-c", KEEP_WRITING, str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout is not None
        assert writer.stdout.readline() == "going\n"
        try:
            for _ in range(8):
                with scratch_copy(tmp_path) as scratch:
                    _check(scratch)
        finally:
            writer.kill()
    open_store(tmp_path).close()


def _check(scratch: Stores) -> None:
    with scratch.database.reading() as connection:
        assert connection.exec_driver_sql("PRAGMA integrity_check").scalars().all() == ["ok"]
    found = scratch.items.recent(since=datetime(2000, 1, 1, tzinfo=UTC), until=datetime(2100, 1, 1, tzinfo=UTC))
    assert len(found) == 10 * len(scratch.items.states())
