"""What `Jobs` promises, whoever keeps them: done at once by this process, or by whoever takes them from the queue."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from procrastinate.exceptions import ConnectorException
from procrastinate.manager import JobManager
from servers.postgres import Server
from sqlalchemy import text

from digestbot.errors import StoreError
from digestbot.jobs import queue_schema
from digestbot.jobs.inline import Inline
from digestbot.jobs.procrastinate import QueueWorker
from digestbot.jobs.queue_schema import prepare_queue
from digestbot.model import Batch, Delivery, Edition, EditionKey, JobKind, Recipient
from digestbot.ports import Jobs
from digestbot.store import Stores, database, open_store, queue
from digestbot.store.queue import SCHEMA, names_of_queue

DAY = date(2026, 5, 27)


@dataclass
class Desk:
    """Jobs, and somebody who does those that can be done now."""

    jobs: Jobs
    work_off: Callable[[], None]
    done: list[tuple[JobKind, str]]
    pass_time: Callable[[timedelta], None]


@dataclass
class Noted:
    """Work that only notes what it was given."""

    done: list[tuple[JobKind, str]] = field(default_factory=list)
    breaks: set[str] = field(default_factory=set)

    def of(self, kind: JobKind) -> Callable[[str], None]:
        def work(key: str) -> None:
            self.done.append((kind, key))
            if key in self.breaks:
                raise StoreError("broken")

        return work

    def all(self, *kinds: JobKind) -> dict[JobKind, Callable[[str], None]]:
        return {kind: self.of(kind) for kind in kinds or JobKind}


@pytest.fixture
def queued(postgres: Server, tmp_path: Path) -> Iterator[Stores]:
    store = open_store(tmp_path, postgres.new_database(), queued=True)
    prepare_queue(store.database)
    yield store
    store.close()


@pytest.fixture(params=["inline", "queue"])
def desk(request: pytest.FixtureRequest) -> Desk:
    noted = Noted()
    if request.param == "inline":
        times = [datetime.now(UTC)]
        inline = Inline(noted.all(), clock=lambda: times[-1])
        return Desk(inline, inline.work_off, noted.done, lambda by: times.append(times[-1] + by))
    store: Stores = request.getfixturevalue("queued")
    assert store.queue is not None

    def pass_time(by: timedelta) -> None:
        with store.database.writing() as connection, names_of_queue(connection):
            connection.execute(text("UPDATE procrastinate_jobs SET scheduled_at = scheduled_at - :by"), {"by": by})

    return Desk(store.queue, lambda: work_off(store, noted), noted.done, pass_time)


def work_off(store: Stores, noted: Noted, *kinds: JobKind) -> None:
    """Do whatever waits and may be done now."""
    asyncio.run(QueueWorker(store.database, noted.all(*kinds)).work(wait=False))


def test_a_job_is_done(desk: Desk):
    """Whatever its kind; once."""
    for kind in JobKind:
        desk.jobs.put(kind, "morning 2026-05-27")
    desk.work_off()
    desk.work_off()
    assert sorted(desk.done) == sorted((kind, "morning 2026-05-27") for kind in JobKind)
    assert sum(desk.jobs.waiting().values()) == 0


def test_a_job_waits_for_its_moment(desk: Desk):
    """Before it nobody does it, and one that waits is not put twice."""
    for _ in range(2):
        desk.jobs.put(JobKind.MAKE, "morning 2026-05-27", not_before=datetime.now(UTC) + timedelta(hours=1))
    desk.work_off()
    assert desk.done == []
    assert desk.jobs.waiting()[JobKind.MAKE] == 1
    desk.pass_time(timedelta(hours=2))
    desk.work_off()
    assert desk.done == [(JobKind.MAKE, "morning 2026-05-27")]


def test_a_done_job_may_be_put_again(desk: Desk):
    """What is harmless twice is done twice."""
    for _ in range(2):
        desk.jobs.put(JobKind.DELIVER, "morning 2026-05-27 1")
        desk.work_off()
    assert len(desk.done) == 2


def test_a_job_that_fails_is_over(queued: Stores):
    """The ledger knows what is left to do: the queue does not try on its own, and the others are done."""
    assert queued.queue is not None
    noted = Noted(breaks={"1"})
    for key in "123":
        queued.queue.put(JobKind.DELIVER, key)
    work_off(queued, noted)
    work_off(queued, noted)
    assert sorted(key for _, key in noted.done) == ["1", "2", "3"]


def test_a_worker_does_its_kinds_alone(queued: Stores):
    """The others wait for who does them, and are counted for who looks on; not what may only be done later."""
    assert queued.queue is not None
    noted = Noted()
    for kind in JobKind:
        queued.queue.put(kind, "key")
    work_off(queued, noted, JobKind.DELIVER)
    assert queued.workers.waiting() == {JobKind.COLLECT: 1, JobKind.MAKE: 1, JobKind.DELIVER: 0}
    queued.queue.put(JobKind.DELIVER, "key", not_before=datetime.now(UTC) + timedelta(hours=1))
    assert queued.workers.waiting()[JobKind.DELIVER] == 0
    assert [kind for kind, _ in noted.done] == [JobKind.DELIVER]
    assert queued.queue.waiting() == {JobKind.COLLECT: 1, JobKind.MAKE: 1, JobKind.DELIVER: 1}


def published(store: Stores, count: int) -> Edition:
    now = datetime.now(UTC)
    edition = store.editions.claim(Edition(digest="morning", date=DAY, since=now - timedelta(days=1), until=now))
    rows = [
        Delivery(
            digest="morning",
            edition=DAY,
            recipient=Recipient(channel="mailto", address=f"r{number}@example.com"),
            key=f"key {number}",
            payload=b"news",
        )
        for number in range(count)
    ]
    store.editions.publish(edition, "{}", rows, used=())
    return edition


def test_what_is_published_is_put_with_it(queued: Stores):
    """A job for each hundred deliveries; together they name all of them."""
    published(queued, 250)
    noted = Noted()
    work_off(queued, noted)
    named = [number for _, key in noted.done for number in EditionKey.parse(key).numbers]
    assert {row.number for row in queued.outbox.open()} <= set(named)
    assert len(noted.done) == 3


def test_what_is_not_published_is_not_put(queued: Stores, monkeypatch: pytest.MonkeyPatch):
    """Both are one transaction: where one fails, there is neither."""
    assert queued.queue is not None
    put = queued.queue.put_deliveries

    def and_break(*of: object) -> None:
        put(*of)  # type: ignore[arg-type]
        raise StoreError("the server went away")

    monkeypatch.setattr(queued.queue, "put_deliveries", and_break)
    with pytest.raises(StoreError):
        published(queued, 10)
    assert queued.outbox.open() == ()
    assert queued.queue.waiting()[JobKind.DELIVER] == 0


def test_a_lost_queue_is_made_whole(queued: Stores, postgres: Server):
    """Emptied in mid-run, it has again a job for each range with something open, and for no other; not twice."""
    assert queued.queue is not None
    published(queued, 250)
    first = queued.outbox.open()[:100]
    with queued.database.writing() as connection:
        connection.execute(text(f"TRUNCATE {SCHEMA}.procrastinate_jobs CASCADE"))
        connection.execute(
            text("UPDATE deliveries SET state = 'sent' WHERE number < :last"), {"last": first[-1].number}
        )
    assert queued.queue.make_whole() == 3 - (first[-1].number >= 100)
    assert queued.queue.make_whole() == 0
    noted = Noted()
    work_off(queued, noted)
    named = {number for _, key in noted.done for number in EditionKey.parse(key).numbers}
    assert {row.number for row in queued.outbox.open()} <= named


def test_an_edition_without_anything_open_is_done(queued: Stores):
    """Also where whoever delivered the last of it died before it could say so; not while something is open."""
    assert queued.queue is not None
    published(queued, 2)
    queued.queue.make_whole()
    assert [str(one.state) for one in queued.editions.history("morning")] == ["ready"]
    with queued.database.writing() as connection:
        connection.execute(text("UPDATE deliveries SET state = 'sent'"))
    queued.queue.make_whole()
    assert [str(one.state) for one in queued.editions.history("morning")] == ["done"]


def test_what_a_dead_worker_held_waits_again(queued: Stores):
    """Its worker gave no sign of life for too long, or its row is gone; what is put anew meanwhile is not held up."""
    assert queued.queue is not None
    for key in ("quiet", "gone", "alive", "put again"):
        queued.queue.put(JobKind.DELIVER, key)
    with queued.database.writing() as connection, names_of_queue(connection):
        for name, ago in (("quiet", 60), ("alive", 0), ("put again", 60)):
            connection.execute(
                text(
                    "WITH worker AS (INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - make_interval(secs => :ago)) "
                    "RETURNING id) UPDATE procrastinate_jobs SET status = 'doing', worker_id = worker.id FROM worker "
                    "WHERE args->>'key' = :key"
                ),
                {"ago": ago, "key": name},
            )
        connection.execute(text("UPDATE procrastinate_jobs SET status = 'doing' WHERE args->>'key' = 'gone'"))
    queued.queue.put(JobKind.DELIVER, "put again")
    assert queued.queue.sweep(stale=10) == 3
    noted = Noted()
    work_off(queued, noted)
    assert sorted(key for _, key in noted.done) == ["gone", "put again", "quiet"]


def test_a_batch_that_is_being_asked_is_not_put_again(queued: Stores):
    """Who takes it would only wait for its hosts; an edition or a range may put itself again, for what is left of it."""
    assert queued.queue is not None
    for kind in JobKind:
        queued.queue.put(kind, "key")
    with queued.database.writing() as connection, names_of_queue(connection):
        connection.execute(text("UPDATE procrastinate_jobs SET status = 'doing'"))
    for kind in JobKind:
        queued.queue.put(kind, "key")
    assert queued.queue.waiting() == {JobKind.COLLECT: 0, JobKind.MAKE: 1, JobKind.DELIVER: 1}


@pytest.mark.parametrize(
    ("refused", "left"), [(psycopg.OperationalError("cut"), 0), (psycopg.errors.RaiseException("no such job"), 1)]
)
def test_the_end_of_a_job_is_said_though_the_database_is_away(
    queued: Stores, monkeypatch: pytest.MonkeyPatch, refused: psycopg.Error, left: int
):
    """Else it would be its living worker's for ever; what the server itself refuses is not tried again."""
    finish, asked = JobManager.finish_job, []

    async def cut_once(*args: Any, **options: Any) -> None:
        asked.append(1)
        if len(asked) == 1:
            raise ConnectorException from refused
        await finish(*args, **options)

    monkeypatch.setattr(JobManager, "finish_job", cut_once)
    assert queued.queue is not None
    queued.queue.put(JobKind.DELIVER, "key")
    work_off(queued, Noted(), JobKind.DELIVER)
    with queued.database.reading() as connection:
        assert connection.scalar(text(f"SELECT count(*) FROM {SCHEMA}.procrastinate_jobs")) == left


def test_one_sweeps_at_a_time(queued: Stores):
    """Who comes second does nothing, and does not wait."""
    assert queued.queue is not None
    queued.queue.put(JobKind.DELIVER, "key")
    with queued.database.writing() as connection, names_of_queue(connection):
        connection.execute(text("UPDATE procrastinate_jobs SET status = 'doing'"))
    with queued.database.writing() as connection:
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": queue._SWEEP_LOCK})
        assert queued.queue.sweep(stale=10) == 0
    assert queued.queue.sweep(stale=10) == 1


def test_processes_that_begin_at_once_prepare_it_one_after_the_other(postgres: Server, tmp_path: Path):
    """Each has looked before, found none, and waits for its turn: the second finds what the first has made."""
    url = postgres.new_database()
    stores = [open_store(tmp_path, url, queued=True) for _ in range(2)]
    waiting = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as first, ThreadPoolExecutor() as both:
        first.execute("SELECT pg_advisory_lock(%s)", [database._MIGRATION_LOCK])
        made = [both.submit(prepare_queue, one.database) for one in stores]
        while first.execute(waiting).fetchone() != (2,):
            time.sleep(0.01)
        first.execute("SELECT pg_advisory_unlock_all()")
    assert [one.result() for one in made] == [None, None]
    for one in stores:
        one.close()


def test_the_queue_is_prepared_once_and_not_by_an_older_release(queued: Stores, monkeypatch: pytest.MonkeyPatch):
    """Its migrations are recorded; a release that does not know one of them says so in one line and changes nothing."""
    prepare_queue(queued.database)
    names = queue_schema.migration_names()
    monkeypatch.setattr(queue_schema, "migration_names", lambda: names[:-1])
    with pytest.raises(StoreError, match=r"newer procrastinate"):
        prepare_queue(queued.database)


def test_missing_migrations_of_the_queue_are_applied(queued: Stores, monkeypatch: pytest.MonkeyPatch):
    """Each once, in their order, without making the tables anew."""
    names, ran = queue_schema.migration_names(), list[str]()
    monkeypatch.setattr(queue_schema, "migration_names", lambda: (*names, "98.sql", "99.sql"))
    monkeypatch.setattr(queue_schema, "_run", lambda _connection, name: ran.append(name))
    prepare_queue(queued.database)
    prepare_queue(queued.database)
    assert ran == ["migrations/98.sql", "migrations/99.sql"]


def test_keys_read_back():
    """A key names its job on every machine."""
    edition = EditionKey(digest="morning", edition=DAY)
    for batch in (Batch(number=3, of=20), Batch(number=0, of=1, edition=edition)):
        assert Batch.parse(str(batch)) == batch
    for key in (edition, EditionKey(digest="morning", edition=DAY, part=7)):
        assert EditionKey.parse(str(key)) == key


def test_each_host_is_in_one_batch():
    """Whoever asks."""
    batches = [Batch(number=number, of=7) for number in range(7)]
    assert all(sum(batch.holds(f"host{n}.example") for batch in batches) == 1 for n in range(100))


def test_the_tables_lie_in_a_schema_of_their_own(queued: Stores, postgres: Server):
    """Whoever looks for ours finds ours."""
    url = queued.database._reader.url.render_as_string(hide_password=False).replace("+psycopg", "")
    with psycopg.connect(url) as connection:
        found = connection.execute("SELECT schemaname FROM pg_tables WHERE tablename = 'procrastinate_jobs'").fetchall()
    assert found == [(SCHEMA,)]
