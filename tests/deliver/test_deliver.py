"""What is done with an outbox, on a channel that does as it is told; rows are those of the fault table."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

import pytest
from delivering import DAY, Clock, message, planned, recipients, states, work_off
from memory_outbox import MemoryOutbox

from digestbot.deliver import deliver, freeze
from digestbot.deliver.backoff import backoff
from digestbot.errors import (
    ContentRejected,
    DeliveryError,
    OutcomeUnknown,
    PermanentFailure,
    StoreError,
    StoreUnavailable,
    TemporaryFailure,
)
from digestbot.model import Delivery, DeliveryState, Message


@dataclass
class Scripted:
    """A channel that raises what it is told to, per address or in turn, and remembers what arrived."""

    name: str = "slack"
    visibility_delay: float = 10.0
    turns: list[DeliveryError | None] = field(default_factory=list)
    refuses: dict[str, DeliveryError] = field(default_factory=dict)
    arrives: bool = False  # whether a message whose answer was lost had arrived
    answers: bool = True  # whether it can be asked what arrived
    searches: list[DeliveryError] = field(default_factory=list)  # what the next searches raise
    resends: bool = False
    parts: int = 1
    arrived: list[str] = field(default_factory=list)
    parents: list[str] = field(default_factory=list)  # what was given as the parent, of every attempt and search
    closed: int = 0
    before_send: Callable[[Delivery], None] = lambda _delivery: None

    def canonical(self, address: str) -> str:
        if " " in address:
            raise PermanentFailure(f"{address!r} is no address")
        return address.lower()

    def encode(self, message: Message, *, now: datetime) -> tuple[bytes, ...]:
        return tuple(f"{message.subject} {part}".encode() for part in range(self.parts))

    def fill(self, body: bytes, delivery: Delivery) -> bytes:
        return body + f" {delivery.recipient.address}".encode()

    def send(self, delivery: Delivery, *, parent: str) -> str:
        self.before_send(delivery)
        self.parents.append(parent)
        error = self.refuses.get(delivery.recipient.address) or (self.turns.pop(0) if self.turns else None)
        if error is None or (isinstance(error, OutcomeUnknown) and self.arrives):
            self.arrived.append(delivery.key)
        if error is not None:
            raise error
        return f"remote {delivery.key}"

    def find_sent(self, delivery: Delivery, *, parent: str = "") -> str | None:
        self.parents.append(parent)
        if self.searches:
            raise self.searches.pop(0)
        if not self.answers:
            raise OutcomeUnknown("cannot be asked")
        return f"remote {delivery.key}" if delivery.key in self.arrived else None

    def resend_if_unknown(self, delivery: Delivery) -> bool:
        return self.resends

    def check(self) -> str:
        return "fine"

    def close(self) -> None:
        self.closed += 1


@pytest.fixture
def clock() -> Clock:
    return Clock()


def test_keys_are_stable_and_opaque(clock: Clock):
    """Digest, date, recipient and database alone make the key; another of any of them makes another key; it tells nothing."""
    channels = {"slack": Scripted(parts=2)}

    def keys(of: Message, *to: str) -> list[str]:
        return [delivery.key for delivery in freeze(of, recipients(*to), channels, now=clock.now())]

    first = keys(message(), "slack:#chips")
    clock.sleep(3600)
    assert keys(replace(message(), subject="Another"), "slack:#chips") == first
    assert [re.fullmatch(r"[0-9a-f]{32}-[01]", key) is not None for key in first] == [True, True]
    others = keys(message(day=date(2026, 5, 28)), "slack:#chips") + keys(message(), "slack:#gold")
    assert not set(first) & set(others)
    elsewhere = freeze(message(), recipients("slack:#chips"), channels, now=clock.now(), installation_id="another")
    assert not set(first) & {row.key for row in elsewhere}


def test_row_63_two_digests_in_one_channel(clock: Clock):
    """Both are sent: the digest's name is part of the key."""
    channel = Scripted()
    rows = [
        row for name in ("morning", "evening")
        for row in freeze(message(name=name), recipients("slack:#chips"), {"slack": channel}, now=clock.now())
    ]  # fmt: skip
    assert work_off(MemoryOutbox(rows), channel, clock).ok
    assert len(set(channel.arrived)) == 2


def test_row_56_recipients_are_united_by_their_canonical_spelling(clock: Clock):
    """The first spelling is kept, in the first place."""
    rows = freeze(message(), recipients("slack:#B", "slack:#a", "slack:#b"), {"slack": Scripted()}, now=clock.now())
    assert [row.recipient.address for row in rows] == ["#B", "#a"]


def test_what_cannot_be_composed_fails_alone(clock: Clock):
    """A bad address and a channel without an account become failed rows with a reason; the rest goes out."""
    channel = Scripted()
    outbox = MemoryOutbox(
        freeze(
            message(), recipients("slack:two words", "mailto:a@b.c", "slack:#ok"), {"slack": channel}, now=clock.now()
        )
    )
    assert states(outbox) == ["failed", "failed", "pending"]
    assert "no address" in outbox.all()[0].error
    assert outbox.all()[1].error == "the mailto channel is not configured"
    assert {row.deadline for row in outbox.all()} == {clock.now() + timedelta(hours=24)}
    assert work_off(outbox, channel, clock).ok


@pytest.mark.parametrize("error", [PermanentFailure("no such channel"), ContentRejected("too long")])
def test_one_bad_recipient_stops_nobody(clock: Clock, error: DeliveryError):
    """The others get theirs in the same round, and the report says what failed."""
    channel = Scripted(refuses={"#b": error})
    outbox = planned(channel, "slack:#a", "slack:#b", "slack:#c", clock=clock)
    report = work_off(outbox, channel, clock)
    assert states(outbox) == ["sent", "failed", "sent"]
    assert not report.ok
    assert [row.error for row in report.settled if row.error] == [str(error)]


@pytest.mark.parametrize("claimed", [False, True])
def test_a_delivery_that_breaks_its_channel_stops_nobody(clock: Clock, *, claimed: bool):
    """Whether it breaks in sending or in checking, it is unknown from then on, and the others go out."""
    channel = Scripted()
    outbox = planned(channel, "slack:#a", "slack:#b", clock=clock)

    def broken(delivery: Delivery, *, parent: str = "") -> str | None:
        if delivery.recipient.address == "#a":
            raise ValueError("secret words of a payload")
        return real(delivery, parent=parent)

    if claimed:
        outbox.claim(outbox.open()[0], now=clock.now())
    name = "find_sent" if claimed else "send"
    real = getattr(channel, name)
    setattr(channel, name, broken)
    report = work_off(outbox, channel, clock)
    assert states(outbox) == ["unknown", "sent"]
    [row] = [row for row in report.settled if row.error]
    assert "internal error while" in row.error
    assert "(ValueError)" in row.error
    assert "secret" not in row.error


def test_claimed_before_it_is_sent(clock: Clock):
    """The outbox says `sending` while the channel works, and counts the attempt."""
    channel = Scripted()
    outbox = planned(channel, "slack:#a", clock=clock)
    seen: list[str] = []
    channel.before_send = lambda delivery: seen.append(f"{states(outbox)} {delivery.attempts}")
    work_off(outbox, channel, clock)
    assert seen == ["['sending'] 1"]


def test_row_04_cut_off_between_claim_and_send(clock: Clock):
    """A claimed row that never left is sent once, after its absence is certain."""
    channel = Scripted()
    outbox = planned(channel, "slack:#a", clock=clock)
    outbox.claim(outbox.open()[0], now=clock.now())
    assert work_off(outbox, channel, clock).ok
    assert len(channel.arrived) == 1
    assert sum(clock.sleeps) == channel.visibility_delay


def test_an_old_claim_needs_no_waiting(clock: Clock):
    """What was claimed longer ago than the visibility delay is sent at once."""
    channel = Scripted()
    outbox = planned(channel, "slack:#a", clock=clock)
    outbox.claim(outbox.open()[0], now=clock.now() - timedelta(minutes=5))
    assert work_off(outbox, channel, clock).ok
    assert sum(clock.sleeps) == 0


def test_a_claim_of_another_process_is_left_alone(clock: Clock):
    """With several processes on one database, a claim counts as abandoned only when the claim_timeout is over."""
    channel = Scripted()
    outbox = planned(channel, "slack:#a", clock=clock)
    claimed = outbox.claim(outbox.open()[0], now=clock.now())
    assert claimed is not None
    report = deliver(outbox, {"slack": channel}, now=clock.now, sleep=clock.sleep, claim_timeout=600, max_wait=60)
    assert (len(report.waiting), channel.arrived) == (1, [])
    assert report.ok
    outbox.record_outcome(claimed, DeliveryState.SENT, remote_id="by the neighbour")
    assert deliver(outbox, {"slack": channel}, now=clock.now, sleep=clock.sleep, claim_timeout=600).settled == ()
    assert channel.arrived == []


@pytest.mark.parametrize("why", ["ours in doubt", "dead", "pending beside it", "failed beside it", "lease over"])
def test_only_what_another_live_process_sends_is_no_failure(clock: Clock, why: str):
    """What waits for this process, was lost by it, or lies in the claim of a dead one is not done."""
    channel = Scripted(visibility_delay=99)
    outbox = planned(channel, "slack:#a", *(["slack:#b"] if "beside" in why else []), clock=clock)
    if why == "failed beside it":
        channel.turns.append(PermanentFailure("no"))
    elif why == "pending beside it":
        channel.turns.append(TemporaryFailure("later"))
    if why == "ours in doubt":
        channel.turns.append(OutcomeUnknown("lost"))
    else:
        outbox.claim(outbox.open()[0], now=clock.now())
    if why == "dead":
        outbox.abandoned = lambda _row: True  # type: ignore[method-assign]
    if why == "lease over":
        clock.time += timedelta(seconds=601)
    report = deliver(
        outbox,
        {"slack": channel},
        now=clock.now,
        sleep=clock.sleep,
        claim_timeout=600,
        max_wait=0,
        stop=lambda: why == "lease over",
    )
    assert not report.ok


def test_later_parts_wait_for_who_sends_the_first(clock: Clock):
    """A thread whose parent another process sends is in its hands altogether."""
    channel = Scripted(parts=3)
    outbox = planned(channel, "slack:#a", clock=clock)
    outbox.claim(outbox.open()[0], now=clock.now())
    report = deliver(outbox, {"slack": channel}, now=clock.now, sleep=clock.sleep, claim_timeout=600, max_wait=0)
    assert (len(report.waiting), report.ok, channel.arrived) == (len(outbox.rows), True, [])


def test_whoever_loses_the_race_for_a_claim_sends_nothing(clock: Clock):
    """Another process took the row between reading and claiming."""
    channel = Scripted()
    outbox = planned(channel, "slack:#a", clock=clock)
    [row] = outbox.open()
    outbox.open = lambda **_: (row,)  # type: ignore[method-assign]
    outbox.claim(row, now=clock.now())
    work_off(outbox, channel, clock)
    assert channel.arrived == []


@pytest.mark.parametrize(
    ("arrives", "answers", "resends", "state", "copies"),
    [
        (True, True, False, "sent", 1),
        (False, True, False, "sent", 1),
        (True, False, True, "sent", 2),
        (False, False, True, "sent", 1),
        (True, False, False, "unknown", 1),
        (False, False, False, "unknown", 0),
    ],
)
def test_a_lost_answer(clock: Clock, *, arrives: bool, answers: bool, resends: bool, state: str, copies: int):
    """Found: sent. Surely absent: sent again. Cannot be asked: the channel's policy, never silence."""
    channel = Scripted(turns=[OutcomeUnknown("lost")], arrives=arrives, answers=answers, resends=resends)
    outbox = planned(channel, "slack:#a", clock=clock)
    work_off(outbox, channel, clock)
    assert (states(outbox), len(channel.arrived)) == ([state], copies)


def test_a_doubt_past_the_deadline_is_unknown(clock: Clock):
    """Nobody knows whether it arrived, so it is not called expired; and nothing is sent any more."""
    channel = Scripted(answers=False, resends=True)
    outbox = planned(channel, "slack:#a", clock=clock)
    outbox.claim(outbox.open()[0], now=clock.now())
    clock.sleep(100_000)
    work_off(outbox, channel, clock)
    assert (states(outbox), channel.arrived) == (["unknown"], [])


def test_a_search_that_has_to_wait_is_made_again(clock: Clock):
    """While a channel cannot be asked for a moment nothing is decided, and nothing sent."""
    channel = Scripted(
        turns=[OutcomeUnknown("lost")], arrives=True, searches=[TemporaryFailure("busy", retry_after=30)]
    )
    outbox = planned(channel, "slack:#a", clock=clock)
    assert work_off(outbox, channel, clock).ok
    assert (len(channel.arrived), clock.sleeps) == (1, [0, 30])


def test_a_doubt_past_the_deadline_is_unknown_though_nobody_can_be_asked_now(clock: Clock):
    """It may have arrived: only what surely has not is called expired."""
    channel = Scripted(searches=[TemporaryFailure("busy")])
    outbox = planned(channel, "slack:#a", clock=clock)
    outbox.claim(outbox.open()[0], now=clock.now())
    clock.sleep(100_000)
    work_off(outbox, channel, clock)
    assert (states(outbox), channel.arrived) == (["unknown"], [])


def test_expired_without_an_attempt(clock: Clock):
    """What could not be tried in time says so, and is not sent late."""
    channel = Scripted()
    outbox = planned(channel, "slack:#a", clock=clock)
    clock.sleep(100_000)
    [row] = work_off(outbox, channel, clock).settled
    assert (row.state, channel.arrived) == (DeliveryState.EXPIRED, [])
    assert "deadline" in row.error


@pytest.mark.parametrize(("seconds", "state"), [(-1, "sent"), (0, "expired"), (1, "expired")])
def test_a_delivery_expires_at_its_deadline(clock: Clock, seconds: int, state: str):
    """At the deadline itself it is too late; a second before it is not."""
    channel = Scripted()
    outbox = planned(channel, "slack:#a", clock=clock)
    [row] = outbox.open()
    assert row.deadline is not None
    clock.sleep((row.deadline - clock.now()).total_seconds() + seconds)
    work_off(outbox, channel, clock)
    assert (states(outbox), len(channel.arrived)) == ([state], state == "sent")


def test_max_wait_is_a_budget(clock: Clock):
    """Short waits are slept through, up to the budget in all; the rest is left for the next call."""
    channel = Scripted(turns=[TemporaryFailure("later", retry_after=4)] * 3)
    outbox = planned(channel, "slack:#a", clock=clock)
    report = work_off(outbox, channel, clock, max_wait=10)
    assert clock.sleeps == [4, 4]
    assert [row.state for row in report.waiting] == [DeliveryState.PENDING]
    clock.sleep(4)
    assert work_off(outbox, channel, clock, max_wait=10).ok


def test_unavailable_for_one_is_not_for_all(clock: Clock):
    """A mailbox that is full holds up only itself; an account that is limited holds up all of it."""
    channel = Scripted(refuses={"#a": TemporaryFailure("full")})
    outbox = planned(channel, "slack:#a", "slack:#b", clock=clock)
    work_off(outbox, channel, clock, max_wait=0)
    assert states(outbox) == ["pending", "sent"]
    channel = Scripted(turns=[TemporaryFailure("limited", account=True, retry_after=5)])
    outbox = planned(channel, "slack:#a", "slack:#b", clock=clock)
    assert work_off(outbox, channel, clock, max_wait=0).sent == ()
    assert work_off(outbox, channel, clock, max_wait=5).ok


def test_a_stopped_account_is_left_alone_between_calls(clock: Clock):
    """With its channel_backoff kept, a daemon does not try a wrong password every half minute; with new ones it does at once."""
    channel = Scripted(turns=[PermanentFailure("wrong password", account=True)])
    outbox = planned(channel, "slack:#a", "slack:#b", clock=clock)
    channel_backoff: dict[str, datetime] = {}
    for _ in range(10):
        deliver(
            outbox, {"slack": channel}, now=clock.now, sleep=clock.sleep, channel_backoff=channel_backoff, max_wait=0
        )
        clock.sleep(30)
    assert channel.arrived == []
    assert sum(row.attempts for row in outbox.all()) == 1
    report = deliver(outbox, {"slack": channel}, now=clock.now, sleep=clock.sleep, channel_backoff={}, max_wait=0)
    assert report.ok


def test_row_23_stopped_in_the_middle(clock: Clock):
    """The current delivery is finished and recorded, the rest stays pending, and the next call sends it once."""
    channel = Scripted()
    outbox = planned(channel, *(f"slack:#{number}" for number in range(5)), clock=clock)
    report = deliver(
        outbox, {"slack": channel}, now=clock.now, sleep=clock.sleep, stop=lambda: len(channel.arrived) >= 2
    )
    assert states(outbox) == ["sent", "sent", "pending", "pending", "pending"]
    assert len(report.waiting) == 3
    assert work_off(outbox, channel, clock).ok
    assert len(set(channel.arrived)) == len(channel.arrived) == 5


def test_row_12_disk_full_at_the_outcome(clock: Clock):
    """The error is raised; the row stays claimed, and the next call finds the message instead of sending it again."""
    channel = Scripted()
    outbox = planned(channel, "slack:#a", clock=clock)
    record_outcome = outbox.record_outcome

    def full(*_args: object, **_fields: object) -> Delivery:
        raise StoreError("the disk is full")

    outbox.record_outcome = full  # type: ignore[method-assign]
    with pytest.raises(StoreError, match="disk is full"):
        work_off(outbox, channel, clock)
    assert states(outbox) == ["sending"]
    outbox.record_outcome = record_outcome  # type: ignore[method-assign]
    assert work_off(outbox, channel, clock).ok
    assert len(channel.arrived) == 1


def test_row_12_disk_full_at_the_claim(clock: Clock):
    """What cannot be claimed is not sent."""
    channel = Scripted()
    outbox = planned(channel, "slack:#a", clock=clock)

    def full(*_args: object, **_fields: object) -> Delivery | None:
        raise StoreError("the disk is full")

    outbox.claim = full  # type: ignore[method-assign]
    with pytest.raises(StoreError):
        work_off(outbox, channel, clock)
    assert channel.arrived == []
    assert channel.closed == 1


def test_row_15_clock_steps_back_after_sending(clock: Clock):
    """A sent row is final, whatever the clock says."""
    channel = Scripted()
    outbox = planned(channel, "slack:#a", clock=clock)
    work_off(outbox, channel, clock)
    clock.sleep(-7200)
    work_off(outbox, channel, clock)
    assert len(channel.arrived) == 1


def test_parts_keep_their_order(clock: Clock):
    """A part waits for the one before it, over retries and for every recipient."""
    channel = Scripted(parts=3, turns=[None, None, TemporaryFailure("later"), OutcomeUnknown("lost"), None])
    outbox = planned(channel, "slack:#a", "slack:#b", clock=clock)
    assert work_off(outbox, channel, clock).ok
    for recipient in ("#a", "#b"):
        keys = [row.key for row in outbox.all() if row.recipient.address == recipient]
        assert [key for key in channel.arrived if key in keys] == keys


def test_every_later_part_belongs_to_the_first(clock: Clock):
    """Sent or searched for, in this call or in a later one, its parent is where part 0 is."""
    channel = Scripted(parts=3, turns=[None, None, TemporaryFailure("later")])
    outbox = planned(channel, "slack:#a", clock=clock)
    work_off(outbox, channel, clock, max_wait=0)
    first, *_ = outbox.all()
    assert channel.parents == ["", first.remote_id, first.remote_id]
    channel.parents.clear()
    channel.turns = [OutcomeUnknown("lost")]
    clock.sleep(60)
    assert work_off(outbox, channel, clock).ok
    assert channel.parents == [first.remote_id] * 4  # sent, searched for twice, sent again


def test_later_parts_share_the_end_of_the_first(clock: Clock):
    """There is no thread to reply in: they fail with the first, and say why."""
    channel = Scripted(parts=2, turns=[ContentRejected("too long")])
    outbox = planned(channel, "slack:#a", clock=clock)
    work_off(outbox, channel, clock)
    assert states(outbox) == ["failed", "failed"]
    assert outbox.all()[1].error == "the first part of this message is failed"


def test_only_an_address_that_is_gone_counts_as_gone(clock: Clock):
    """After three editions it is suppressed, so no other failure may look like one."""
    refused = {
        "#gone": PermanentFailure("no such mailbox", address_gone=True),
        "#full": TemporaryFailure("mailbox full"),
        "#long": ContentRejected("too long"),
        "#shut": PermanentFailure("not for you"),
    }
    channel = Scripted(refuses=dict(refused))
    outbox = planned(channel, *(f"slack:{name}" for name in refused), "slack:#ok", clock=clock)
    work_off(outbox, channel, clock, max_wait=0)
    assert [row.recipient.address for row in outbox.all() if row.address_gone] == ["#gone"]


def test_a_doubt_is_resolved_by_copies_eight_times_at_most(clock: Clock):
    """Each may have arrived, so later ones wait longer; then an operator has to look."""
    channel = Scripted(visibility_delay=0.0, turns=[OutcomeUnknown("lost")] * 20, answers=False, resends=True)
    outbox = planned(channel, "slack:#a", clock=clock)
    work_off(outbox, channel, clock, max_wait=10_000)
    [row] = outbox.all()
    assert (row.state, row.attempts) == (DeliveryState.UNKNOWN, 8)
    assert [seconds for seconds in clock.sleeps if seconds] == [5, 15, 45]


@pytest.mark.parametrize(("seconds", "attempts"), [(899, 1), (900, 2)])
def test_a_refused_login_is_tried_again_after_a_quarter_of_an_hour(clock: Clock, seconds: int, attempts: int):
    """Not before, though the deliveries are pending: more tries could lock the account."""
    channel = Scripted(turns=[PermanentFailure("wrong password", account=True)])
    outbox = planned(channel, "slack:#a", clock=clock)
    known: dict[str, datetime] = {}
    for wait in (seconds, 0):
        deliver(outbox, {"slack": channel}, now=clock.now, sleep=clock.sleep, channel_backoff=known, max_wait=0)
        clock.sleep(wait)
    assert outbox.all()[0].attempts == attempts


def test_only_what_was_asked_for(clock: Clock):
    """One digest, or one day, leaves the others alone."""
    channel = Scripted()
    rows = [
        row for name, day in (("morning", DAY), ("evening", DAY), ("morning", DAY + timedelta(days=1)))
        for row in freeze(message(name=name, day=day), recipients("slack:#a"), {"slack": channel}, now=clock.now())
    ]  # fmt: skip
    outbox = MemoryOutbox(rows)
    deliver(outbox, {"slack": channel}, now=clock.now, sleep=clock.sleep, digest="morning", day=DAY)
    assert sorted((row.digest, row.edition.day, str(row.state)) for row in outbox.all()) == [
        ("evening", 27, "pending"),
        ("morning", 27, "sent"),
        ("morning", 28, "pending"),
    ]


def test_a_channel_that_is_gone_is_named(clock: Clock):
    """Deliveries of a channel without an account wait and say what is missing."""
    outbox = planned(Scripted(), "slack:#a", clock=clock)
    report = deliver(outbox, {}, now=clock.now, sleep=clock.sleep)
    assert "slack" in report.stopped
    assert len(report.waiting) == 1


def test_the_report_holds_no_payloads(clock: Clock):
    """Thousands of messages are not kept in memory to report on them."""
    channel = Scripted(turns=[TemporaryFailure("later", retry_after=900)])
    outbox = planned(channel, "slack:#a", "slack:#b", clock=clock)
    report = work_off(outbox, channel, clock)
    assert {row.payload for row in (*report.settled, *report.waiting)} == {b""}


def test_backoff_grows_and_is_capped():
    """5, 15, 45 s ... a quarter of an hour; a wish is granted three times before it grows too."""
    assert [backoff(attempts).total_seconds() for attempts in range(1, 8)] == [5, 15, 45, 135, 405, 900, 900]
    assert [backoff(attempts, 2).total_seconds() for attempts in range(1, 7)] == [2, 2, 2, 5, 15, 45]
    assert backoff(1, 10_000).total_seconds() == 900
    assert backoff(5000).total_seconds() == 900


@dataclass
class Outage:
    """Makes calls of an outbox fail until it is over."""

    outbox: MemoryOutbox
    tries: int  # how many calls fail
    error: StoreError = field(default_factory=lambda: StoreUnavailable("the database is away."))

    def breaks(self, name: str) -> None:
        original = getattr(self.outbox, name)

        def call(*args: object, **fields: object) -> object:
            if self.tries > 0:
                self.tries -= 1
                raise self.error
            return original(*args, **fields)

        setattr(self.outbox, name, call)


@pytest.mark.parametrize("name", ["open", "claim", "all", "take_up", "record_outcome"])
def test_an_outage_of_the_database_is_waited_out(clock: Clock, name: str):
    """Whatever was asked of it, and within the time that a call may wait; each message is sent once."""
    channel = Scripted(parts=2)
    outbox = planned(channel, "slack:#a", "slack:#b", clock=clock)
    Outage(outbox, 5).breaks(name)
    assert work_off(outbox, channel, clock).ok
    assert len(channel.arrived) == len(set(channel.arrived)) == 4
    assert 4 <= sum(clock.sleeps) <= 5


def test_an_outage_beyond_the_time_to_wait_ends_the_call(clock: Clock):
    """Nothing was sent, so nothing is in doubt."""
    channel = Scripted()
    outbox = planned(channel, "slack:#a", clock=clock)
    Outage(outbox, 100).breaks("claim")
    with pytest.raises(StoreUnavailable):
        work_off(outbox, channel, clock, max_wait=7)
    assert (sum(clock.sleeps), channel.arrived, outbox.aside) == (7, [], [])


@pytest.mark.parametrize("outcome", [None, PermanentFailure("no such channel"), TemporaryFailure("busy")])
@pytest.mark.parametrize(
    ("error", "stops", "waited"),
    [
        (StoreUnavailable("away."), False, 30),
        (StoreUnavailable("away."), True, 0),
        (StoreError("the disk is full."), False, 0),
    ],
)
def test_an_outcome_that_cannot_be_recorded_is_set_aside(
    clock: Clock, outcome: DeliveryError | None, error: StoreError, *, stops: bool, waited: float
):
    """After half a minute, or at once after a signal or where waiting does not help; the next call takes it up first."""
    stop: list[bool] = []
    channel = Scripted(turns=[outcome], before_send=lambda _: stop.append(True) if stops else None)
    outbox = planned(channel, "slack:#a", clock=clock)
    outage = Outage(outbox, 1000, error)
    outage.breaks("record_outcome")
    with pytest.raises(StoreError):
        deliver(outbox, {"slack": channel}, now=clock.now, sleep=clock.sleep, stop=lambda: bool(stop), max_wait=0)
    assert sum(clock.sleeps) == waited
    assert states(outbox) == ["sending"]
    outage.tries = 0
    clock.sleep(60)
    report = work_off(outbox, channel, clock)
    assert len(channel.arrived) == (0 if isinstance(outcome, PermanentFailure) else 1)
    assert states(outbox) == ["failed" if isinstance(outcome, PermanentFailure) else "sent"]
    assert len(report.settled) == 1


def test_a_claim_that_grew_old_is_given_back(clock: Clock):
    """Half of the lease is over before the first byte: another process may be about to send, so this one claims anew."""
    slow = [True]

    def late(delivery: Delivery) -> None:
        if slow:
            slow.pop()
            time.sleep(0.06)
        delivery.require_claim()

    channel = Scripted(before_send=late)
    outbox = planned(channel, "slack:#a", clock=clock)
    report = deliver(outbox, {"slack": channel}, now=clock.now, sleep=clock.sleep, claim_timeout=0.1)
    assert report.ok or slow  # on a machine that stalls the second claim may grow old, too
    assert [str(state) for _, state in outbox.history][:2] == ["sending", "pending"]


def test_without_other_processes_no_claim_grows_old(clock: Clock):
    """On SQLite one process works on a data folder."""
    channel = Scripted(before_send=lambda delivery: delivery.require_claim())
    outbox = planned(channel, "slack:#a", clock=clock)
    assert deliver(outbox, {"slack": channel}, now=clock.now, sleep=clock.sleep, claim_timeout=0).ok


def test_a_claim_from_the_future_is_waited_for_no_longer_than_any_other(clock: Clock):
    """The clock was set back meanwhile."""
    channel = Scripted()
    outbox = planned(channel, "slack:#a", clock=clock)
    outbox.claim(outbox.open()[0], now=clock.now() + timedelta(hours=6))
    assert work_off(outbox, channel, clock).ok
    assert sum(clock.sleeps) == channel.visibility_delay
