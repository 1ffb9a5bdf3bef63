"""Copies that are taken while another process writes."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from store_processes import kept_written

from digestbot.store import Stores, open_store, scratch_copy


def test_a_copy_taken_while_another_process_writes_is_whole(tmp_path: Path):
    """Every feed that is in it has all its items, and the database finds no fault with itself."""
    with kept_written(tmp_path):
        for _ in range(8):
            with scratch_copy(tmp_path) as scratch:
                _check(scratch)
    open_store(tmp_path).close()


def _check(scratch: Stores) -> None:
    with scratch.database.reading() as connection:
        assert connection.exec_driver_sql("PRAGMA integrity_check").scalars().all() == ["ok"]
    found = scratch.items.recent(since=datetime(2000, 1, 1, tzinfo=UTC), until=datetime(2100, 1, 1, tzinfo=UTC))
    assert len(found) == 10 * len(scratch.items.states())
