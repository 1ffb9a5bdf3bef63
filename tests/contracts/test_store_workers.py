"""What every store promises about the processes that share its work, on every database."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import delete

from digestbot.model import JobKind
from digestbot.store import Stores, last_heartbeat, workers
from digestbot.store.schema import heartbeats

MINUTE = timedelta(minutes=1)


def test_without_a_queue_no_job_waits(store: Stores):
    """Whoever looks on before the first worker has begun."""
    assert store.workers.waiting() == {}


def test_a_worker_tells_what_it_holds_and_since_when(store: Stores):
    """Told again, the same job began when it began; another one anew, and none at all is since nothing."""
    tell = store.workers.tell
    tell("a:1", JobKind.DELIVER, key="morning 2026-05-27 1", problems=("account slack: refused",))
    tell("a:1", JobKind.MAKE)
    [first, idle] = store.workers.seen(within=MINUTE)
    assert (first.kind, first.key, first.problems) == ("deliver", "morning 2026-05-27 1", ("account slack: refused",))
    assert (idle.kind, idle.key, idle.since) == ("make", "", None)
    time.sleep(0.01)
    tell("a:1", JobKind.DELIVER, key="morning 2026-05-27 1")
    again = store.workers.seen(within=MINUTE)[0]
    assert (again.since, again.started, again.problems) == (first.since, first.started, ())
    assert again.seen > first.seen
    tell("a:1", JobKind.DELIVER, key="morning 2026-05-27 2")
    other = store.workers.seen(within=MINUTE)[0]
    assert other.since is not None
    assert first.since is not None
    assert other.since > first.since
    tell("a:1", JobKind.DELIVER)
    assert store.workers.seen(within=MINUTE)[0].since is None


def test_who_is_not_heard_of_is_not_listed(store: Stores, monkeypatch: pytest.MonkeyPatch):
    """Whoever ended in order is forgotten at once, the others when nobody has heard of them for a day."""
    for name in ("a:1", "b:2"):
        store.workers.tell(name, JobKind.MAKE)
    store.workers.gone("a:1")
    assert [one.worker for one in store.workers.seen(within=MINUTE)] == ["b:2"]
    time.sleep(0.05)
    assert store.workers.seen(within=timedelta(milliseconds=10)) == ()
    store.workers.prune()
    assert len(store.workers.seen(within=MINUTE)) == 1
    monkeypatch.setattr(workers, "_FORGOTTEN_AFTER", timedelta())
    store.workers.prune()
    assert store.workers.seen(within=MINUTE) == ()


def test_several_may_serve_one_folder(place: Any):
    """Whoever gives its first sign of life at once with another is not disturbed by that."""
    place.data.mkdir(exist_ok=True)
    stores, together = [place.open() for _ in range(4)], threading.Barrier(4)

    def beat(store: Stores) -> None:
        together.wait(60)
        store.beat(now=datetime.now(UTC))

    for _ in range(10):
        with stores[0].database.writing() as connection:
            connection.execute(delete(heartbeats))
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(beat, stores))
    assert last_heartbeat(place.data, place.url) is not None
    for store in stores:
        store.close()
