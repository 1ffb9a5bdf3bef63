"""The store read where it lies: the same is seen as in a copy, without one, and nothing of it changes."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from builders import NOON, item
from older_database import take_back
from store_processes import kept_written
from stored import GAZETTE, change, contents, files, fill

from digestbot.errors import StoreError
from digestbot.model import FeedState
from digestbot.store import FILE, Stores, open_store, read_snapshot
from digestbot.store import snapshot as room


@pytest.fixture
def no_copy(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever takes a copy fails."""

    def refuse(*_: object) -> None:
        raise AssertionError("a copy was taken")

    monkeypatch.setattr(room, "scratch_copy", refuse)


@pytest.mark.usefixtures("no_copy")
def test_an_open_store_is_read_without_a_copy(place):
    """All that is committed is seen, while its owner goes on."""
    store = place.open()
    fill(store)
    assert read_snapshot(place.data, contents, place.url) == contents(store)
    change(store)
    assert read_snapshot(place.data, contents, place.url) == contents(store)
    store.close()


@pytest.mark.usefixtures("no_copy")
def test_one_state_is_seen_from_the_first_question_to_the_last(place):
    """What is committed meanwhile is not seen, and its writer does not wait."""
    store = place.open()
    fill(store)

    def read(found: Stores) -> tuple[object, object]:
        before = contents(found)
        change(store)
        return before, contents(found)

    before, after = read_snapshot(place.data, read, place.url)
    assert before == after != contents(store)
    store.close()


@pytest.mark.usefixtures("no_copy")
def test_a_closed_store_is_read_without_a_trace(tmp_path: Path):
    """The folder is the same to the byte, while it is read too; a path may hold any character."""
    folder = tmp_path / "data? of 100% #1"
    store = open_store(folder)
    fill(store)
    expected = contents(store)
    store.close()
    before = files(folder)

    def read(found: Stores) -> tuple[object, ...]:
        seen = contents(found)
        assert files(folder) == before
        return seen

    assert read_snapshot(folder, read) == expected
    assert files(folder) == before


def test_who_writes_gets_a_copy_and_nothing_is_kept(place):
    """A reader need not know whether what it calls writes."""
    store = place.open()
    fill(store)
    before = contents(store)

    def read(found: Stores) -> tuple[object, ...]:
        contents(found)
        change(found)
        return contents(found)

    assert read_snapshot(place.data, read, place.url) != before
    assert contents(store) == before
    store.close()


def test_a_closed_store_that_changes_while_it_is_read_is_read_again(tmp_path: Path):
    """What was taken for a file that nobody has open is not believed once somebody had."""
    store = open_store(tmp_path)
    fill(store)
    store.close()
    calls: list[int] = []

    def read(found: Stores) -> int:
        calls.append(len(found.items.states()))
        if len(calls) == 1:
            other = open_store(tmp_path)
            other.items.save(FeedState(name="courier"), [item("New", keys=("guid:9",))], now=NOON)
            other.close()
        return len(found.items.states())

    assert read_snapshot(tmp_path, read) == 2
    assert calls == [1, 2]


def test_an_older_schema_and_a_missing_database_are_read_as_copies(tmp_path: Path):
    """`status` answers before the first run after an upgrade, and before the first run of all."""
    assert read_snapshot(tmp_path / "none", lambda found: found.items.states()) == {}
    assert not (tmp_path / "none").exists()
    store = open_store(tmp_path / "old")
    store.items.save(GAZETTE, [item("Bridge", keys=("guid:1",))], now=NOON)
    store.close()
    take_back(tmp_path / "old" / FILE, "0003")
    before = files(tmp_path / "old")
    assert list(read_snapshot(tmp_path / "old", lambda found: found.items.states())) == ["gazette"]
    assert files(tmp_path / "old") == before


def test_a_damaged_database_is_told_as_everywhere(tmp_path: Path):
    """By its own name, with what to do."""
    (tmp_path / FILE).write_bytes(b"\xa5" * 20_000)
    with pytest.raises(StoreError, match="your last backup") as caught:
        read_snapshot(tmp_path, contents)
    assert str(tmp_path / FILE) in str(caught.value)


def test_a_folder_that_cannot_be_looked_into_is_a_store_error(tmp_path: Path):
    """What the system says of it, and no traceback."""
    with pytest.raises(StoreError, match="cannot be read"):
        read_snapshot(tmp_path / ("x" * 300), contents)


@pytest.mark.parametrize("left", [("-wal", "-shm"), ("-wal",)])
def test_what_a_killed_process_left_is_read(tmp_path: Path, left: tuple[str, ...]):
    """What it committed stands in its -wal, with or without the index of it."""
    store = open_store(tmp_path / "data")
    fill(store)
    expected = contents(store)
    (tmp_path / "killed").mkdir()
    for part in ("", *left):
        (tmp_path / "killed" / f"{FILE}{part}").write_bytes((tmp_path / "data" / f"{FILE}{part}").read_bytes())
    store.close()
    assert read_snapshot(tmp_path / "killed", contents) == expected
    assert sorted(files(tmp_path / "killed")) == sorted(f"{FILE}{part}" for part in ("", *left))


def test_what_is_read_while_another_process_writes_is_whole(tmp_path: Path):
    """Every feed that is seen has all its items."""
    with kept_written(tmp_path):
        for _ in range(20):
            feeds, found = read_snapshot(
                tmp_path,
                lambda store: (
                    store.items.states(),
                    store.items.recent(since=datetime(2000, 1, 1, tzinfo=UTC), until=datetime(2100, 1, 1, tzinfo=UTC)),
                ),
            )
            assert len(found) == 10 * len(feeds)
