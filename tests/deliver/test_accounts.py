"""Mail at a provider's pace: rates, connections and shares of accounts, and what happens when one of them refuses."""

from __future__ import annotations

import os
import random
import signal
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from time import sleep

import pytest
from delivering import DAY, Clock
from forking import start
from mail_accounts import At, mail_through, publish, work
from servers.ports import free_port
from servers.smtp import DROP_AFTER_QUEUEING, Mail, SmtpServer

from digestbot.deliver import DeliveryReport, deliver
from digestbot.jobs.current import JOB
from digestbot.model import Account, Delivery, DeliveryState
from digestbot.store import Stores, open_store
from digestbot.store.claims_ahead import ClaimedAhead

A, B = Account(name="default"), Account(name="spare")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Stores]:
    opened = open_store(tmp_path)
    yield opened
    opened.close()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def smtp() -> Iterator[SmtpServer]:
    with SmtpServer() as server:
        yield server


@pytest.fixture
def other() -> Iterator[SmtpServer]:
    with SmtpServer() as server:
        yield server


def work_off(store: Stores, clock: Clock, *accounts: At, max_wait: float = 60.0) -> DeliveryReport:
    channel = mail_through(*accounts)
    return deliver(
        store.outbox, {"mailto": channel}, now=clock.now, sleep=clock.sleep, max_wait=max_wait, accounts=store.accounts
    )


def rows(store: Stores) -> tuple[Delivery, ...]:
    return store.outbox.all()


def test_several_connections_send_at_once_and_each_mail_once(store: Stores, clock: Clock):
    """Four are in flight together, every reader gets one, and the report counts all."""
    inside, most = [0], [0]
    lock = threading.Lock()

    def count(_: Mail) -> None:
        with lock:
            inside[0] += 1
            most[0] = max(most[0], inside[0])
        sleep(0.05)
        with lock:
            inside[0] -= 1

    with SmtpServer(on_accept=count) as smtp:
        at = At(account=A, port=smtp.port, connections=4)
        publish(store, mail_through(at), 40, now=clock.now())
        report = work_off(store, clock, at)

    assert most == [4]
    assert smtp.connections == 4
    assert sorted(Counter(mail.recipient for mail in smtp.messages).values()) == [1] * 40
    assert (report.sent_count, report.ok) == (40, True)


def test_what_connections_log_tells_the_job(store: Stores, smtp: SmtpServer, clock: Clock):
    """They work in threads of their own, for the job that gave them their mails."""
    at = At(account=A, port=smtp.port, connections=2)
    publish(store, mail_through(at), 4, now=clock.now())
    found = set()

    def now() -> datetime:
        found.add((threading.current_thread().name, JOB.get()))
        return clock.now()

    before = JOB.set("7")
    deliver(store.outbox, {"mailto": mail_through(at)}, now=now, sleep=clock.sleep, accounts=store.accounts)
    JOB.reset(before)
    assert ("connection", "7") in found
    assert {job for _, job in found} == {"7"}


def test_a_rate_is_kept_by_all_connections_together(store: Stores, smtp: SmtpServer, clock: Clock):
    """At 10 a second 60 mails take five seconds and more, whatever the number of connections."""
    at = At(account=Account(name="default", rate=10.0), port=smtp.port)
    publish(store, mail_through(at), 60, now=clock.now())
    began = clock.now()

    assert work_off(store, clock, at).ok

    assert timedelta(seconds=4.9) <= clock.now() - began <= timedelta(seconds=7)


def test_warming_up_leaves_the_rest_for_the_days_to_come(store: Stores, smtp: SmtpServer, clock: Clock):
    """Five a day; the others stay pending without having cost a try, and go on the next day."""
    at = At(account=Account(name="default", warm_up=5), port=smtp.port)
    publish(store, mail_through(at), 12, now=clock.now())

    first = work_off(store, clock, at)
    assert (first.sent_count, first.waiting_count, len(smtp.messages)) == (5, 7, 5)
    assert {row.attempts for row in first.waiting} == {0}
    assert work_off(store, clock, at).sent_count == 0
    clock.time = datetime.combine(clock.now().date() + timedelta(days=1), time(), UTC)
    assert work_off(store, clock, at).sent_count == 5


def test_shares_follow_the_weights(store: Stores, smtp: SmtpServer, other: SmtpServer, clock: Clock):
    """Three to one, where both keep up; each row says which account sent it."""
    accounts = (
        At(account=Account(name="default", weight=3), port=smtp.port),
        At(account=Account(name="spare", weight=1), port=other.port),
    )
    publish(store, mail_through(*accounts), 80, now=clock.now())
    assert work_off(store, clock, *accounts).ok

    assert len(smtp.messages) + len(other.messages) == 80
    assert 18 <= len(other.messages) <= 22
    assert Counter(row.account for row in rows(store)) == {"default": len(smtp.messages), "spare": len(other.messages)}


def test_throttled_after_the_message_slows_the_account_and_costs_the_reader_nothing(
    store: Stores, smtp: SmtpServer, clock: Clock
):
    """`454 Throttling` at the end of a message: it goes again by the same account, later, and the pace is lowered."""
    smtp.fail("END", *["454 Throttling failure: Maximum sending rate exceeded."] * 3)
    at = At(account=Account(name="default", rate=14.0), port=smtp.port)
    publish(store, mail_through(at), 4, now=clock.now())
    began = clock.now()

    assert work_off(store, clock, at).ok

    assert [row.attempts - row.spared for row in rows(store)] == [1, 1, 1, 1]
    assert sum(row.spared for row in rows(store)) == 3
    assert store.accounts.states()["default"].refusals == 3
    assert clock.now() - began >= timedelta(seconds=1 + 2 + 4)
    assert len({mail.data for mail in smtp.messages}) == 4


def test_421_slows_the_account_not_the_reader(store: Stores, smtp: SmtpServer, clock: Clock):
    """A server that says goodbye twice, also to the new connection: the delivery waits for the account, not for a backoff."""
    smtp.fail("MAIL", "421 4.7.0 too many", "421 4.7.0 too many")
    at = At(account=A, port=smtp.port)
    publish(store, mail_through(at), 2, now=clock.now())

    assert work_off(store, clock, at).ok

    assert [(row.attempts, row.spared) for row in rows(store)] == [(3, 2), (1, 0)]
    assert sum(clock.sleeps) < 5.0


def test_what_was_not_begun_goes_by_another_account(store: Stores, smtp: SmtpServer, clock: Clock):
    """An account whose server cannot be reached rests; its rows, never handed over, are sent by the other one."""
    accounts = At(account=A, port=free_port()), At(account=B, port=smtp.port)
    publish(store, mail_through(*accounts), 10, now=clock.now())

    assert work_off(store, clock, *accounts).ok

    assert {row.account for row in rows(store)} == {"spare"}
    assert {row.attempts - row.spared for row in rows(store)} == {1}
    assert len(smtp.messages) == 10


def test_what_may_have_arrived_is_sent_again_by_its_own_account_alone(
    store: Stores, smtp: SmtpServer, other: SmtpServer, clock: Clock
):
    """The answer to a whole message got lost: the copy, identical, comes from the account that began it."""
    smtp.fail("END", DROP_AFTER_QUEUEING)
    accounts = At(account=A, port=smtp.port), At(account=B, port=other.port)
    publish(store, mail_through(*accounts), 12, now=clock.now())

    assert work_off(store, clock, *accounts).ok

    copies = Counter(mail.data for mail in (*smtp.messages, *other.messages))
    assert sorted(copies.values()) == [1] * 11 + [2]
    [doubled] = [data for data, count in copies.items() if count == 2]
    assert [mail.data for mail in smtp.messages].count(doubled) == 2


def test_a_row_that_was_put_off_after_its_message_keeps_its_account(
    store: Stores, smtp: SmtpServer, other: SmtpServer, clock: Clock
):
    """451 to the final dot is greylisting: another account would be greylisted, too, and the first never trusted."""
    smtp.fail("END", "451 4.7.1 come back later")
    accounts = At(account=A, port=smtp.port), At(account=B, port=other.port)
    publish(store, mail_through(*accounts), 6, now=clock.now())

    assert work_off(store, clock, *accounts, max_wait=1000.0).ok

    [again] = [row for row in rows(store) if row.attempts == 2]
    assert (again.account, again.spared) == ("default", 0)


def test_a_refused_login_rests_for_every_process(store: Stores, clock: Clock):
    """One login is tried; another process on the database tries none until the rest is over or the settings are read anew."""
    with SmtpServer(extensions=("AUTH PLAIN LOGIN",)) as smtp:
        smtp.fail("", *["535 5.7.8 no"] * 9)  # type: ignore[arg-type]
        at = At(account=A, port=smtp.port, connections=2, password="wrong")
        publish(store, mail_through(at), 6, now=clock.now())
        first = work_off(store, clock, at)
        tried = smtp.connections
        second = work_off(store, clock, at)

        assert "user name or password" in first.stopped["mailto"]
        assert tried <= 2  # one for each connection that was opening at that moment
        assert smtp.connections == tried
        assert second.waiting_count == 6
        assert {row.attempts - row.spared for row in rows(store)} == {0}
        store.accounts.resume()
        work_off(store, clock, at)
        assert smtp.connections > tried


def test_an_account_that_refuses_its_login_stops_no_other(store: Stores, smtp: SmtpServer, clock: Clock):
    """The other sends everything, and the report names the one that failed."""
    with SmtpServer(extensions=("AUTH PLAIN LOGIN",)) as locked:
        locked.fail("", *["535 5.7.8 no"] * 9)  # type: ignore[arg-type]
        accounts = At(account=A, port=smtp.port), At(account=B, port=locked.port, password="wrong")
        publish(store, mail_through(*accounts), 10, now=clock.now())
        report = work_off(store, clock, *accounts)

    assert list(report.stopped) == ["mailto/spare"]
    assert (report.sent_count, len(smtp.messages)) == (10, 10)


def test_an_account_that_is_gone_from_the_configuration_leaves_no_row_behind(
    store: Stores, smtp: SmtpServer, other: SmtpServer, clock: Clock
):
    """What it had begun goes by the accounts there are."""
    other.fail("END", *["451 4.7.1 later"] * 4)
    both = At(account=A, port=smtp.port), At(account=B, port=other.port)
    publish(store, mail_through(*both), 8, now=clock.now())
    assert work_off(store, clock, *both, max_wait=0.0).waiting_count == 4
    clock.sleep(1000)

    assert work_off(store, clock, both[0]).ok

    assert Counter(row.account for row in rows(store)) == {"default": 8}


def test_what_breaks_in_one_connection_ends_the_call_with_its_reason(
    store: Stores, smtp: SmtpServer, clock: Clock, monkeypatch: pytest.MonkeyPatch
):
    """A database that fails under one of them is told by `deliver`, and no thread is left behind."""
    at = At(account=A, port=smtp.port, connections=3)
    publish(store, mail_through(at), 20, now=clock.now())
    real = ClaimedAhead.begin
    calls = iter(range(100))

    def failing(claims: ClaimedAhead, delivery: Delivery) -> None:
        if next(calls) == 5:
            raise RuntimeError("the disk is gone")
        real(claims, delivery)

    monkeypatch.setattr(ClaimedAhead, "begin", failing)
    with pytest.raises(RuntimeError, match="the disk is gone"):
        work_off(store, clock, at)

    assert not [thread for thread in threading.enumerate() if thread.name == "connection"]
    monkeypatch.undo()
    assert work_off(store, clock, at).ok
    assert len({mail.recipient for mail in smtp.messages}) == 20


def test_stopped_in_the_middle_the_rest_stays_pending(store: Stores, clock: Clock):
    """What every connection is sending is finished and recorded; nothing else is begun."""
    stop = threading.Event()

    with SmtpServer(on_accept=lambda _: stop.set()) as smtp:
        at = At(account=A, port=smtp.port, connections=3)
        publish(store, mail_through(at), 30, now=clock.now())
        deliver(
            store.outbox,
            {"mailto": mail_through(at)},
            now=clock.now,
            sleep=clock.sleep,
            stop=stop.is_set,
            accounts=store.accounts,
        )

    states = Counter(row.state for row in rows(store))
    assert states == {DeliveryState.SENT: len(smtp.messages), DeliveryState.PENDING: 30 - len(smtp.messages)}
    assert 1 <= len(smtp.messages) <= 6


def test_killed_at_random_with_several_connections(tmp_path: Path):
    """No mail is lost; copies are identical, and no more than the connections had in flight at each kill."""
    dice, lock, worker = random.Random(11), threading.Lock(), []

    def maybe_kill(_: Mail) -> None:
        with lock:
            if worker and dice.random() < 0.04:
                os.kill(worker.pop(), signal.SIGKILL)

    with ExitStack() as stack:
        first, second = (stack.enter_context(SmtpServer(on_accept=maybe_kill)) for _ in range(2))
        accounts = At(account=A, port=first.port, connections=3), At(account=B, port=second.port, connections=2)
        store = open_store(tmp_path)
        publish(store, mail_through(*accounts), 200, day=DAY, now=datetime.now(UTC))
        store.close()
        kills = 0
        while True:
            life = start(work, tmp_path, accounts, {})
            with lock:
                worker[:] = [life.pid] if kills < 8 else []
            life.join()
            if life.exitcode == 0:
                break
            assert life.exitcode == -signal.SIGKILL
            kills += 1
        mails = [*first.messages, *second.messages]

    store = open_store(tmp_path)
    assert {row.state for row in rows(store)} == {DeliveryState.SENT}
    store.close()
    by_reader: dict[str, list[bytes]] = {}
    for mail in mails:
        by_reader.setdefault(mail.recipient, []).append(mail.data)
    assert kills >= 3
    assert len(by_reader) == 200
    assert all(len(set(copies)) == 1 for copies in by_reader.values())
    assert len(mails) - 200 <= kills * 5
