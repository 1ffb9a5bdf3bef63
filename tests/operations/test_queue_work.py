"""What a worker does of a job, and that what is not done yet comes again."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast

import pytest
from bot import desk_of_one_feed

from digestbot.model import EditionKey, JobKind
from digestbot.operations.queue_work import QueueWork
from digestbot.ports import Jobs
from digestbot.settings import load
from digestbot.store import Stores, open_store

NOW = datetime(2026, 5, 27, 0, 0, tzinfo=UTC)  # 08:00 in Hong Kong: the edition of 07:30 is due
EDITION = EditionKey(digest="morning", edition=NOW.date())
LEASE = f"edition {EDITION}"


@dataclass
class Desk:
    """One worker's work on a store, another worker of it, and what was put into the queue."""

    work: QueueWork
    store: Stores
    other: ThreadPoolExecutor
    now: datetime = NOW
    put: list[tuple[JobKind, str, datetime | None]] = field(default_factory=list)
    free: list[bool] = field(
        default_factory=list
    )  # for each job to make it, whether the other could take its edition then

    def taken(self, *, seconds: float) -> bool:
        """Whether the other worker could take the edition for so long."""
        return bool(self.other.submit(self.store.leases.take, [LEASE], seconds=seconds).result())


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    bot = desk_of_one_feed(tmp_path)
    bot.configure(FEEDS__HARBOUR="http://127.0.0.1:9/feed")
    loaded = load(tmp_path / "config.env", {}, folder=tmp_path)
    store = open_store(tmp_path / "data")

    class Noted:
        def put(self, kind: JobKind, key: str, *, not_before: datetime | None = None) -> None:
            made.put.append((kind, key, not_before))
            if kind is JobKind.MAKE:
                made.free.append(made.taken(seconds=0.0))

    work = QueueWork(
        loaded=lambda: loaded,
        store=store,
        jobs=cast(Jobs, Noted()),
        slots=cast(Any, None),
        stop=threading.Event(),
        clock=lambda: made.now,
        problems={kind: {} for kind in JobKind},
    )
    with ThreadPoolExecutor(1) as other:
        made = Desk(work, store, other)
        yield made
    work.close()
    store.close()


def test_who_comes_for_an_edition_that_waits_finds_it_free(desk: Desk):
    """Its feeds are not read: they are asked for, and the next look is put once this one holds the edition no more."""
    desk.work.make(str(EDITION))
    assert [kind for kind, _, _ in desk.put] == [JobKind.COLLECT, JobKind.MAKE]
    assert desk.put[-1][1:] == (str(EDITION), NOW + timedelta(seconds=1))
    assert desk.free == [True]


def test_an_edition_that_another_has_is_looked_at_again(desk: Desk):
    """Whoever has it may die with it: the job comes again."""
    assert desk.taken(seconds=30.0)
    desk.work.make(str(EDITION))
    assert desk.put == [(JobKind.MAKE, str(EDITION), NOW + timedelta(seconds=10))]


def test_an_edition_comes_again_when_its_worker_is_stopped(desk: Desk):
    """SIGTERM while it is made: another worker goes on at once."""
    desk.work.make(str(EDITION))
    desk.now += timedelta(minutes=10)  # whoever was to read its feeds has died
    desk.work.stop.set()
    desk.work.make(str(EDITION))
    assert desk.put[-1] == (JobKind.MAKE, str(EDITION), desk.now)
    assert desk.free == [True, True]
