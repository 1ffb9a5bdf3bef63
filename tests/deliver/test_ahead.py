"""Mails claimed several at a time: what a kill, a full disk, a stop or another process finds of them."""

from __future__ import annotations

import os
import resource
import signal
import threading
from collections import Counter, deque
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from delivering import Clock
from forking import start
from mail_accounts import At, mail_through, publish, work
from servers.smtp import Mail, SmtpServer

from digestbot.deliver import DeliveryReport, deliver
from digestbot.deliver import ahead as ahead_module
from digestbot.deliver.ahead import Ahead, may_follow
from digestbot.deliver.patience import PatientOutbox, Waits
from digestbot.deliver.remembered import MessageId
from digestbot.errors import StoreError
from digestbot.model import Account, Delivery, DeliveryState, Recipient
from digestbot.ports import ClaimsAhead
from digestbot.store import Stores, journal, open_store
from digestbot.store.claims_ahead import ClaimedAhead

A = Account(name="default")
NOW = datetime(2026, 5, 27, 6, tzinfo=UTC)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Stores]:
    opened = open_store(tmp_path)
    yield opened
    opened.close()


@pytest.fixture
def smtp() -> Iterator[SmtpServer]:
    with SmtpServer() as server:
        yield server


def claims_of(store: Stores) -> ClaimsAhead:
    claims = store.outbox.claims_ahead()
    assert claims is not None
    return claims


def published(store: Stores, count: int) -> tuple[Delivery, ...]:
    publish(store, mail_through(At(account=A, port=1)), count, now=NOW)
    return store.outbox.open()


def claimed(claims: ClaimsAhead, rows: Sequence[Delivery], account: Account = A) -> list[Delivery]:
    return [row for row in claims.claim(rows, now=NOW, account=account) if row is not None]


def journals(data: Path) -> list[Path]:
    return list((data / "unrecorded").glob("*"))


def die_in_the_middle(data: Path) -> None:
    """Claim five; send one, begin another, and end as by a kill."""
    store = open_store(data)
    claims = claims_of(store)
    first, second, *_ = claimed(claims, store.outbox.open())
    claims.begin(first)
    claims.sent(
        Delivery(**{name: getattr(first, name) for name in ("digest", "edition", "recipient", "key", "attempts")})
    )
    claims.begin(second)
    os.kill(os.getpid(), signal.SIGKILL)


def test_after_a_kill_only_what_was_begun_is_in_doubt(store: Stores, tmp_path: Path):
    """What was noted as sent is sent, what was never begun is pending without having cost a try."""
    published(store, 5)
    process = start(die_in_the_middle, tmp_path)
    process.join()

    settled = store.outbox.take_up()

    assert [row.state for row in settled] == [DeliveryState.SENT]
    assert [(row.state, row.attempts) for row in store.outbox.all()] == [
        (DeliveryState.SENT, 1),
        (DeliveryState.SENDING, 1),
        *[(DeliveryState.PENDING, 0)] * 3,
    ]
    assert journals(tmp_path) == []


def test_who_finds_a_claim_of_a_dead_process_reads_its_journal_first(store: Stores, tmp_path: Path):
    """Else a process that took everything up before the other one died would send its mails again."""
    published(store, 5)
    process = start(die_in_the_middle, tmp_path)
    process.join()
    [first, *_] = store.outbox.all()

    assert store.outbox.abandoned(first)

    assert Counter(row.state for row in store.outbox.all())[DeliveryState.SENT] == 1


def test_a_living_process_is_not_interfered_with(store: Stores, tmp_path: Path):
    """Its journal is its own, whoever takes up what was left."""
    claims = claims_of(store)
    [first, *_] = claimed(claims, published(store, 3))
    claims.begin(first)
    other = open_store(tmp_path)

    assert other.outbox.take_up() == ()

    assert {row.state for row in other.outbox.all()} == {DeliveryState.SENDING}
    other.close()
    claims.give_back()
    claims.close()


def test_what_is_given_back_is_as_it_was(store: Stores):
    """Pending, its tries and its account as before: another may claim it at once."""
    before = published(store, 3)
    claims = claims_of(store)
    claimed(claims, before)

    claims.give_back()
    claims.close()

    assert [(row.state, row.attempts, row.account) for row in store.outbox.all()] == [
        (DeliveryState.PENDING, 0, "")
    ] * 3
    assert [row.account for row in claimed(claims_of(store), before, Account(name="spare"))] == ["spare"] * 3


def test_a_claim_of_somebody_else_is_not_given_back(store: Stores, tmp_path: Path):
    """The journal of a process that lost the race for a row says nothing about the one that won it."""
    [row] = published(store, 1)
    loser = ClaimedAhead(
        store.database, store.outbox._claims, store.outbox._together, tmp_path, lambda: "somebody who lost"
    )
    store.outbox.claim(row, now=NOW)

    assert loser.claim([row], now=NOW, account=A) == (None,)
    loser.close()
    store.outbox.take_up()

    assert [row.state for row in store.outbox.all()] == [DeliveryState.SENDING]


def test_where_a_power_cut_left_half_a_line_the_others_count(store: Stores, tmp_path: Path):
    """What cannot be read is passed over: that mail is in doubt, or is given back."""
    claims = claims_of(store)
    [first, *_] = claimed(claims, published(store, 2))
    claims.begin(first)
    [path] = (tmp_path / "unrecorded").glob("*.journal")
    path.write_bytes(path.read_bytes()[:-9])
    claims.close()

    store.outbox.take_up()

    assert [row.state for row in store.outbox.all()] == [DeliveryState.PENDING] * 2


def test_a_full_disk_is_told_before_a_mail_is_begun(store: Stores, smtp: SmtpServer, tmp_path: Path):
    """Nothing is sent whose beginning cannot be noted, and nothing is lost once there is room again."""
    claims = claims_of(store)
    [first, second] = claimed(claims, published(store, 2))
    claims.begin(first)
    room = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    try:
        [path] = (tmp_path / "unrecorded").glob("*.journal")
        resource.setrlimit(resource.RLIMIT_FSIZE, (path.stat().st_size + 5, room[1]))
        with pytest.raises(StoreError, match="cannot be kept"):
            claims.begin(second)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, room)
        signal.signal(signal.SIGXFSZ, handler)
    claims.close()

    store.outbox.take_up()

    assert [(row.state, row.attempts) for row in store.outbox.all()] == [
        (DeliveryState.SENDING, 1),
        (DeliveryState.PENDING, 0),
    ]


@pytest.mark.parametrize("extensions", [(), ("PIPELINING",)], ids=["in turn", "pipelining"])
def test_a_kill_amid_many_mails_costs_one_copy(tmp_path: Path, extensions: tuple[str, ...]):
    """Of two hundred readers one at most gets a second mail, the same to the byte; no other had a second try."""
    accepted = threading.Event()
    worker: list[int] = []

    def kill(mail: Mail) -> None:
        if mail.recipient == "r90@example.com" and not accepted.is_set():
            accepted.set()
            os.kill(worker[0], signal.SIGKILL)

    with SmtpServer(on_accept=kill, extensions=extensions) as smtp:
        at = At(account=A, port=smtp.port)
        store = open_store(tmp_path)
        publish(store, mail_through(at), 200, now=datetime.now(UTC))
        process = start(work, tmp_path, (at,), {})
        worker.append(process.pid or 0)
        process.join()
        start(work, tmp_path, (at,), {}).join()

    copies = Counter(mail.recipient for mail in smtp.messages)
    assert Counter(row.attempts for row in store.outbox.all()) == {1: 199, 2: 1}
    assert len(copies) == 200
    assert {name: count for name, count in copies.items() if count > 1}.keys() <= {"r90@example.com"}
    assert len({mail.data for mail in smtp.messages}) == 200
    store.close()


def test_what_is_not_sent_at_a_stop_is_given_back(store: Stores, smtp: SmtpServer):
    """A stop in the middle leaves the rest pending, without a try, for whoever comes next."""
    at = At(account=A, port=smtp.port)
    publish(store, mail_through(at), 60, now=Clock().now())

    report = work_off(store, at, stop=lambda: len(smtp.messages) >= 20)

    assert report.sent_count == 20
    assert Counter((row.state, row.attempts) for row in store.outbox.all()) == {
        (DeliveryState.SENT, 1): 20,
        (DeliveryState.PENDING, 0): 40,
    }


def work_off(store: Stores, at: At, **named: object) -> DeliveryReport:
    clock = Clock()
    return deliver(
        store.outbox,
        {"mailto": mail_through(at)},
        now=clock.now,
        sleep=clock.sleep,
        accounts=store.accounts,
        **named,  # type: ignore[arg-type]
    )


def test_what_waited_for_long_is_claimed_anew(store: Stores, monkeypatch: pytest.MonkeyPatch):
    """Who left the list meanwhile is seen: a claim made ahead is good for a second."""
    seconds = [100.0]
    monkeypatch.setattr(ahead_module, "steady_seconds", lambda: seconds[0])
    rows = published(store, 4)
    outbox = PatientOutbox(store.outbox, Waits(1.0, lambda _: None, lambda: False))
    ahead = Ahead(outbox, claims_of(store))

    first = ahead.claim(rows[0], lambda: rows[1:], now=NOW, account=A)
    assert {row.state for row in store.outbox.all()} == {DeliveryState.SENDING}
    seconds[0] += 1.5
    ahead.begin(first)  # type: ignore[arg-type]
    second = ahead.claim(rows[1], lambda: (), now=NOW, account=A)

    assert second is not None
    assert [row.state for row in store.outbox.all()] == [DeliveryState.SENDING] * 2 + [DeliveryState.PENDING] * 2
    ahead.give_back()
    ahead.close()


def test_an_account_with_a_pace_claims_one_at_a_time(store: Stores):
    """What waits for its bucket is not claimed meanwhile: another account may send it."""
    rows = published(store, 3)
    claims = claims_of(store)

    assert len(claims.claim(rows, now=NOW, account=Account(name="slow", rate=1.0))) == 1

    claims.give_back()
    claims.close()


def test_whoever_leaves_after_the_claim_gets_nothing(store: Stores):
    """Another process suppresses an address while its mail waits: what waits is asked again once anything has changed."""
    rows = published(store, 3)
    outbox = PatientOutbox(store.outbox, Waits(1.0, lambda _: None, lambda: False))
    ahead = Ahead(outbox, claims_of(store))
    first = ahead.claim(rows[0], lambda: rows[1:], now=NOW, account=A)
    assert first is not None
    ahead.begin(first)
    store.suppressions.suppress("r1@example.com", "no such mailbox", now=NOW)

    second, third = (ahead.claim(row, lambda: (), now=NOW, account=A) for row in rows[1:])

    assert second is not None
    assert (second.state, second.error) == (DeliveryState.CANCELLED, "suppressed: no such mailbox")
    assert third is not None
    assert third.state is DeliveryState.SENDING
    assert [row.state for row in store.outbox.all()][1] is DeliveryState.CANCELLED
    ahead.give_back()
    ahead.close()


def test_another_thread_may_add_to_what_follows():
    """Whoever hands out deliveries does not wait until a claim has looked at those that wait."""
    row = Delivery(digest="morning", edition=NOW.date(), recipient=Recipient(channel="mailto", address="a@example.com"))
    waiting = deque([row, row])

    class Adding(frozenset[MessageId]):
        def __contains__(self, _one: object) -> bool:
            waiting.append(row)
            return False

    assert may_follow(waiting, now=NOW, unless=Adding()) == [row, row]


def test_whoever_leaves_while_the_mail_before_is_sent_gets_nothing(store: Stores):
    """Their mail may be made and announced by then; its text does not go out."""
    clock = Clock()

    def leave(mail: Mail) -> None:
        if mail.recipient == "r3@example.com":
            store.suppressions.suppress("r4@example.com", "no such mailbox", now=clock.now())

    with SmtpServer(on_accept=leave, extensions=("PIPELINING",)) as smtp:
        at = At(account=A, port=smtp.port)
        publish(store, mail_through(at), 8, now=clock.now())

        assert work_off(store, at).sent_count == 7
        assert [mail.recipient for mail in smtp.messages] == [f"r{n}@example.com" for n in range(8) if n != 4]


def test_many_connections_find_room_in_the_database(store: Stores, smtp: SmtpServer):
    """Thirty-two to the mail server hold as many to the database, and none waits for another."""
    at = At(account=A, port=smtp.port, connections=32)
    publish(store, mail_through(at), 200, now=Clock().now())

    assert work_off(store, at).sent_count == 200


def test_a_journal_keeps_what_is_not_recorded_alone(store: Stores, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """An edition to a hundred thousand leaves no file of their size: once the database has a batch, the next one stands alone."""
    monkeypatch.setattr(journal, "_LARGE", 1)
    rows = published(store, 4)
    claims = claims_of(store)
    for row in claimed(claims, rows[:2]):
        claims.begin(row)
        claims.sent(replace(row, state=DeliveryState.SENT, remote_id="<id>"))
    claimed(claims, rows[2:])

    [path] = (tmp_path / "unrecorded").glob("*.journal")
    assert path.read_text().count("claimed") == 2
    assert "sent" not in path.read_text()
    claims.close()
    store.outbox.take_up()
    assert [row.state for row in store.outbox.all()] == [DeliveryState.SENT] * 2 + [DeliveryState.PENDING] * 2
