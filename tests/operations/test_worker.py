"""One worker: when it begins, when it ends by itself, and what it leaves to others."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from bot import Bot, desk_of_one_feed
from clustered import Cluster
from servers.postgres import Server

from digestbot.model import Account, JobKind
from digestbot.operations.slots import NoSlotError, with_slots
from digestbot.operations.worker import WorkerProcess, worker_name
from digestbot.ports import Lane
from digestbot.store.database import Database, database_address
from digestbot.store.queue import SCHEMA
from digestbot.store.slots import AccountSlots

IMPATIENT = "from digestbot.operations import watchdog; watchdog.Watchdog.__init__.__defaults__ = (3,)"
HANGS = """
from digestbot.operations import worker
async def hang(self, clock):
    import time
    time.sleep(1000)
worker.WorkerProcess._keep = hang
"""
OFTEN = "from functools import partial; from digestbot.operations import serve; serve.tick_forever = partial(serve.tick_forever, seconds=1.0)"


def exit_of(cluster: Cluster, *, within: float) -> int | None:
    """How the first worker ended."""
    process = cluster.workers[0][0]
    process.join(within)
    return process.exitcode


@pytest.fixture
def cluster(tmp_path: Path, postgres: Server) -> Iterator[Cluster]:
    with Cluster(tmp_path, postgres.new_database(), feeds=1, mailboxes=1) as one:
        yield one


def test_a_worker_that_hangs_ends_itself(cluster: Cluster):
    """Its loop gives no sign of life: it ends with 1, and one line says why."""
    cluster.start("worker", before=IMPATIENT + HANGS)
    assert exit_of(cluster, within=20) == 1
    assert "gave no sign of life" in cluster.logs()


def test_a_forgotten_worker_ends_itself(cluster: Cluster):
    """Another process took it for dead: it ends with 1 and one line, to be started again."""
    known = f"{SCHEMA}.procrastinate_workers"
    cluster.start()
    assert cluster.until(lambda: cluster.ask(f"SELECT count(*) FROM {known}") == [(3,)], seconds=20)
    cluster.ask(f"DELETE FROM {known}")
    store = cluster.open()
    cluster.make(store)
    store.close()
    assert exit_of(cluster, within=20) == 1
    assert cluster.logs().count("digestbot: the queue cannot be worked on any more") == 1
    assert "Traceback" not in cluster.logs()


def test_a_refused_account_is_told_once_for_all(tmp_path: Path, postgres: Server):
    """Three workers and one refused token: one alert of the scheduler's, in whose folder it lies, and its end when it works again."""
    settings = {"ALERTS__TO": "file:./ops"}
    with Cluster(tmp_path, postgres.new_database(), feeds=1, mailboxes=0, settings=settings) as cluster:
        cluster.slack.revoked = True
        cluster.start("serve", before=OFTEN)
        for _ in range(2):
            cluster.start()
        told = lambda: "account slack" in cluster.alerts()  # noqa: E731
        assert cluster.until(told, seconds=40), cluster.logs()
        time.sleep(3)
        assert cluster.alerts().count("account slack:") == 1


def test_a_worker_meets_a_newer_database(cluster: Cluster):
    """It ends with one line, and changes nothing."""
    cluster.open().close()
    cluster.ask("UPDATE alembic_version SET version_num = '9999'")
    cluster.start()
    assert exit_of(cluster, within=20) == 1
    [line] = cluster.logs().splitlines()
    assert "was written by a newer digestbot" in line


def test_serve_waits_for_its_database(cluster: Cluster, postgres: Server):
    """It says once that it is away, once that it is back, and never ends; so does a worker beside it, after a short time."""
    cluster.start("serve", before=OFTEN)
    cluster.start()
    assert cluster.until(cluster.all_sent, seconds=40), cluster.logs()
    postgres.away(6)
    said = [cluster.log(number).read_text for number in (1, 2)]
    told = cluster.until(lambda: all("the database is back" in log() for log in said), seconds=45)
    assert told, cluster.logs()
    assert cluster.workers[0][0].exitcode is None
    assert sum(cluster.ended.values()) == 0
    assert [log().count("the database is back") for log in said] == [1, 1]
    assert [log().count(" ERROR the database ") for log in said] == [1, 1], cluster.logs()
    assert "error connecting" not in cluster.logs()


@pytest.mark.parametrize("command", ["worker", "serve"])
def test_a_queue_needs_postgresql(tmp_path: Path, command: str):
    """A configuration with a file for its database is refused in one line that says what to do."""
    bot = desk_of_one_feed(tmp_path)
    bot.configure(JOBS="cluster")
    said = bot(command)
    assert said.returncode == 2
    assert "the queue lies in PostgreSQL" in said.stderr


def test_a_slot_is_held_by_one(postgres: Server):
    """Of all processes on a server: who comes second gets the others; what a broken connection held is free."""
    url = postgres.new_database()
    ours, theirs, third = (Database(*database_address(Path(), url)) for _ in range(3))
    with AccountSlots(ours).held(["a 1", "a 2"]) as first, AccountSlots(theirs).held(["a 2", "a 3"]) as second:
        assert (first, second) == ({"a 1", "a 2"}, {"a 3"})
    with AccountSlots(theirs).held(["a 1", "a 2"]) as after:
        assert after == {"a 1", "a 2"}
    with AccountSlots(ours).held(["a 1"]):
        Cluster(Path(), url).cut_connections()
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline:
            with AccountSlots(third).held(["a 1"]) as freed:
                if freed:
                    break
        assert freed == {"a 1"}
    for one in (ours, theirs, third):
        one.close()


def test_slots_are_shared_among_those_who_want_some(postgres: Server):
    """Whoever comes first leaves the others their part of each account; the last takes what is left."""
    one = Database(*database_address(Path(), postgres.new_database()))
    names = [f"mailto {account} {number}" for account in ("a", "b") for number in range(1, 5)]
    with AccountSlots(one).held(names, among=3) as first, AccountSlots(one).held(names, among=3) as second:
        assert sorted(first) == ["mailto a 1", "mailto a 2", "mailto b 1", "mailto b 2"]
        assert sorted(first | second) == sorted(names)
    one.close()


class SomeSlots:
    """Slots of which some are another's."""

    def __init__(self, *free: str) -> None:
        self.free = set(free)

    @contextmanager
    def held(self, names: Sequence[str], *, among: int) -> Iterator[frozenset[str]]:
        yield frozenset(self.free.intersection(names))


def mail() -> Any:
    lanes = [Lane(Account(name=name), SimpleNamespace()) for name in ("one", "one", "two")]  # type: ignore[arg-type]
    return SimpleNamespace(name="mailto", lanes=lanes, fill=lambda: "filled")


def test_a_channel_uses_the_connections_whose_slots_it_holds():
    """No other; all else of it is as it was, and channels without accounts are left alone."""
    channels = {"mailto": mail(), "slack": SimpleNamespace(name="slack")}
    with with_slots(channels, SomeSlots("mailto one 2", "mailto two 1"), stop=threading.Event()) as found:  # type: ignore[arg-type]
        assert [lane.account.name for lane in found["mailto"].lanes] == ["one", "two"]  # type: ignore[attr-defined]
        assert found["mailto"].fill() == "filled"  # type: ignore[call-arg]
        assert found["slack"] is channels["slack"]


def test_without_a_slot_nothing_is_sent(monkeypatch: pytest.MonkeyPatch):
    """It is waited for some moments; then the job comes again later."""
    from digestbot.operations import slots

    monkeypatch.setattr(slots, "_LOOK_SECONDS", 0.5)
    with pytest.raises(NoSlotError), with_slots({"mailto": mail()}, SomeSlots(), stop=threading.Event()):
        pytest.fail("nobody may send")


def test_check_says_that_a_queue_needs_postgresql(tmp_path: Path):
    """As `serve` would, with the line."""
    text = "DIGESTBOT_FEEDS__A=./a.xml\nDIGESTBOT_DIGESTS__M__AT=07:00\nDIGESTBOT_DIGESTS__M__TO=file:./out\nDIGESTBOT_JOBS=cluster\n"
    (tmp_path / "config.env").write_text(text)
    told = Bot(tmp_path).bare("check")
    assert told.returncode == 2
    assert "DIGESTBOT_JOBS (line 4): the queue lies in PostgreSQL, and the database is a file" in told.stdout


def test_a_worker_tells_of_a_configuration_that_it_does_not_take_up():
    """From the second round on: a file that is away for a moment is nothing to call somebody for."""
    told: list[tuple[str, ...]] = []
    store = SimpleNamespace(
        queue=object(),
        beat=lambda now: None,
        workers=SimpleNamespace(tell=lambda *_, problems, **__: told.append(problems)),
        leases=SimpleNamespace(take=lambda *_, **__: False),
    )
    following = SimpleNamespace(refused={})
    following.look = lambda: setattr(following, "refused", {"configuration": "AT is no time"})
    one: Any = WorkerProcess(following=following, store=store, kinds=(JobKind.MAKE,), stop=threading.Event())  # type: ignore[arg-type]
    for _ in range(2):
        one._round(SimpleNamespace(ask=lambda: None))
    following.look = lambda: setattr(following, "refused", {})
    one._round(SimpleNamespace(ask=lambda: None))
    assert told == [(), (f"configuration: worker {worker_name()}: AT is no time",), ()]
