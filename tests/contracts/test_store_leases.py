"""What every store promises about leases, on every database."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from forking import PROCESSES, start
from store_processes import take_lease

from digestbot.store import Stores


@pytest.fixture
def other(place: Any, tmp_path: Path) -> Iterator[Stores]:
    """A store of another machine's on the same database."""
    opened = place.open()
    opened.leases._data = tmp_path / "another machine"
    opened.leases._data.mkdir()
    yield opened
    opened.close()


def test_a_name_is_held_by_one(store: Stores, other: Stores):
    """Whoever comes second gets the others; what was left is free at once."""
    assert store.leases.take(["a", "b"], seconds=60) == {"a", "b"}
    assert other.leases.take(["a", "b", "c"], seconds=60) == {"c"}
    store.leases.leave(["a"])
    assert other.leases.take(["a", "b"], seconds=60) == {"a"}


def test_a_lease_ends(store: Stores, other: Stores):
    """After its seconds a name is free, and who held it cannot renew it."""
    store.leases.take(["a"], seconds=0.2)
    time.sleep(0.25)
    assert store.leases.renew(["a"], seconds=60) == set()
    assert other.leases.take(["a"], seconds=60) == {"a"}


def test_a_lease_is_renewed_by_its_holder_alone(store: Stores, other: Stores):
    """Renewed, it outlasts its first seconds; nobody else renews or leaves it."""
    store.leases.take(["a"], seconds=0.3)
    assert store.leases.renew(["a"], seconds=60) == {"a"}
    time.sleep(0.35)
    assert other.leases.renew(["a"], seconds=60) == set()
    other.leases.leave(["a"])
    assert other.leases.take(["a"], seconds=60) == set()


def test_another_thread_renews_what_one_has_taken(store: Stores, other: Stores, place: Any):
    """While that one works on, say at grouping; it takes nothing from it."""
    place.data.mkdir(exist_ok=True)
    store.leases.take(["a"], seconds=0.5)
    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(lambda: store.leases.renew(["a"], seconds=60)).result() == {"a"}
        assert pool.submit(lambda: store.leases.take(["a"], seconds=60)).result() == set()
    time.sleep(0.55)
    assert other.leases.take(["a"], seconds=60) == set()


def test_a_name_may_rest(store: Stores, other: Stores):
    """Left with a rest it is free after so many seconds: not for the one who left it, either."""
    store.leases.take(["a"], seconds=60)
    store.leases.leave(["a"], rest=0.3)
    assert other.leases.take(["a"], seconds=60) == set()
    assert store.leases.take(["a"], seconds=60) == set()
    time.sleep(0.35)
    assert other.leases.take(["a"], seconds=60) == {"a"}


def test_a_killed_process_of_the_same_folder_holds_nothing(store: Stores, place: Any):
    """Nobody waits for a lease whose holder is known to be dead, and everybody for one that lives."""
    place.data.mkdir(exist_ok=True)
    taken, its = PROCESSES.Pipe(duplex=False)
    holder = start(take_lease, place.data, place.url, "a", its)
    assert taken.poll(60)
    assert taken.recv() == ["a"]
    assert store.leases.take(["a"], seconds=60) == set()
    holder.kill()
    holder.join()
    assert store.leases.take(["a"], seconds=60) == {"a"}


def test_a_clock_that_was_ahead_holds_nothing_for_days(store: Stores, other: Stores):
    """No lease lasts for an hour: what says so was written by a wrong clock."""
    store.leases.take(["a"], seconds=2 * 3600)
    assert other.leases.take(["a"], seconds=60) == {"a"}


def test_each_of_a_thousand_names_is_taken_once(place: Any, tmp_path: Path):
    """By four who want all of them at once, each in an order of its own."""
    names = [f"host {number}" for number in range(1000)]

    def take(number: int) -> set[str]:
        mine = place.open()
        mine.leases._data = tmp_path / f"machine {number}"
        mine.leases._data.mkdir()
        taken = set[str]()
        for at in range(number * 100, 1000 + number * 100, 100):
            taken |= mine.leases.take([names[n % 1000] for n in range(at, at + 100)], seconds=60)
        mine.close()
        return taken

    with ThreadPoolExecutor(4) as pool:
        taken = list(pool.map(take, range(4)))
    assert sorted(name for one in taken for name in one) == sorted(names)


def test_what_was_free_for_a_day_is_forgotten(store: Stores, other: Stores, monkeypatch: pytest.MonkeyPatch):
    """And only that."""
    from datetime import timedelta

    from digestbot.store import leases

    store.leases.take(["held", "left"], seconds=60)
    store.leases.leave(["left"])
    monkeypatch.setattr(leases, "_FORGOTTEN_AFTER", timedelta())
    time.sleep(0.01)
    store.leases.prune()
    with store.database.reading() as connection:
        assert list(connection.exec_driver_sql("SELECT name FROM leases")) == [("held",)]
    assert other.leases.take(["held"], seconds=60) == set()
