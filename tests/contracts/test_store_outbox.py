"""What every store promises about the outbox, on every database."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from builders import NOON
from forking import PROCESSES, start
from sqlalchemy import func, select, text
from store_processes import claim_everything, claim_one

from digestbot.errors import StoreError
from digestbot.model import FINAL, Delivery, DeliveryState, Edition, Recipient
from digestbot.store import Stores
from digestbot.store.schema import bodies

DAY = timedelta(days=1)
TODAY = NOON.date()


def delivery(address: str = "#chips", *, days: int = 0, part: int = 0, digest: str = "morning") -> Delivery:
    """A pending delivery of the edition of a day."""
    return Delivery(
        digest=digest,
        edition=(NOON + days * DAY).date(),
        recipient=Recipient(channel="slack", address=address),
        part=part,
        key=f"{digest}-{address}-{days}-{part}",
        payload=f"{address} {part}".encode(),
    )


def shown(delivery: Delivery) -> Delivery:
    """Without the bytes that nobody needs to look at."""
    return replace(delivery, payload=b"")


def post(store: Stores, *deliveries: Delivery) -> None:
    """Publish the editions of these deliveries."""
    for digest, day in {(each.digest, each.edition) for each in deliveries}:
        edition = store.editions.claim(Edition(digest=digest, date=day, since=NOON - DAY, until=NOON))
        mine = [each for each in deliveries if (each.digest, each.edition) == (digest, day)]
        store.editions.publish(edition, "{}", mine, used=())


def in_state(store: Stores, state: DeliveryState) -> Delivery:
    """A delivery that was claimed and became `state`."""
    post(store, delivery())
    claimed = store.outbox.claim(delivery(), now=NOON)
    assert claimed is not None
    return (
        claimed
        if state is DeliveryState.SENDING
        else store.outbox.record_outcome(claimed, state, remote_id="C1:1", error="why")
    )


def test_open_deliveries_come_oldest_edition_first_and_parents_before_replies(store: Stores):
    """Within that, in the order in which they were published."""
    post(
        store,
        delivery("#b", days=1),
        delivery("#b", part=0),
        delivery("#b", part=1),
        delivery("#a", part=0),
        delivery("#a", part=1),
    )
    assert store.outbox.open() == (
        shown(delivery("#b", part=0)),
        shown(delivery("#a", part=0)),
        shown(delivery("#b", part=1)),
        shown(delivery("#a", part=1)),
        shown(delivery("#b", days=1)),
    )


def test_deliveries_can_be_asked_for_by_digest_and_day(store: Stores):
    """Both narrow, in `open` as in `all`."""
    post(store, delivery(), delivery(days=1), delivery(digest="evening"))
    for ask in (store.outbox.open, store.outbox.all):
        assert len(ask()) == 3
        assert [each.key for each in ask(digest="evening")] == ["evening-#chips-0-0"]
        assert [each.key for each in ask(digest="morning", day=TODAY)] == ["morning-#chips-0-0"]
        assert len(ask(day=TODAY)) == 2


def test_deliveries_are_counted_and_chosen_by_state(store: Stores):
    """The counts are of one digest, for each edition; the rows those in the states that are asked for."""
    post(store, delivery(), delivery("#b"), delivery(days=1), delivery(digest="evening"))
    claimed = store.outbox.claim(delivery("#b"), now=NOON)
    assert claimed is not None
    failed = store.outbox.record_outcome(claimed, DeliveryState.FAILED, error="why")
    pending = DeliveryState.PENDING
    assert store.outbox.tally(digest="morning") == {
        (TODAY, pending): 1,
        (TODAY, DeliveryState.FAILED): 1,
        (TODAY + DAY, pending): 1,
    }
    assert store.outbox.tally(digest="noon") == {}
    assert store.outbox.all(states={DeliveryState.FAILED}) == (failed,)
    assert store.outbox.all(digest="morning", day=TODAY, states=(pending,)) == (shown(delivery()),)
    assert store.outbox.all(states=()) == ()


def test_the_newest_revision_is_that_of_any_delivery(store: Stores):
    """Of one edition alone; there is none where nothing was to be sent."""
    rows = delivery(), replace(delivery("#b"), revision=3), replace(delivery(days=1), revision=5)
    post(store, *rows)

    assert store.outbox.newest_revision(digest="morning", day=TODAY) == 3
    assert store.outbox.newest_revision(digest="noon", day=TODAY) == -1


@pytest.mark.parametrize("state", sorted(FINAL))
def test_a_delivery_in_a_final_state_is_no_longer_open(store: Stores, state: DeliveryState):
    """It stays on record."""
    settled = in_state(store, state)
    assert store.outbox.open() == ()
    assert store.outbox.all() == (settled,)
    assert store.outbox.claim(settled, now=NOON) is None


def test_a_claim_counts_the_attempt_and_is_won_once(store: Stores):
    """The second who wants it gets nothing, whatever they believe its state to be."""
    post(store, delivery())
    claimed = store.outbox.claim(delivery(), now=NOON)
    assert claimed is not None
    assert replace(claimed, claimed=NOON, claimed_by="") == replace(
        delivery(), state=DeliveryState.SENDING, attempts=1, claimed=NOON
    )
    assert store.outbox.claim(delivery(), now=NOON) is None
    assert store.outbox.open() == (shown(claimed),)


def test_what_was_tried_since_it_was_read_is_not_claimed(store: Stores):
    """Whoever tried it may have put it off: it is read again before the next attempt."""
    post(store, delivery())
    [read] = store.outbox.open()
    claimed = store.outbox.claim(read, now=NOON)
    assert claimed is not None
    put_off = store.outbox.record_outcome(claimed, DeliveryState.PENDING, not_before=NOON + DAY)
    assert store.outbox.claim(read, now=NOON) is None
    assert store.outbox.open() == (put_off,)


def test_a_delivery_put_back_can_be_claimed_again(store: Stores):
    """The reason and the earliest time of the next attempt are remembered, and forgotten once it is sent."""
    sending = in_state(store, DeliveryState.SENDING)
    later = NOON + timedelta(minutes=5)
    waiting = store.outbox.record_outcome(sending, DeliveryState.PENDING, error="greylisted", not_before=later)
    assert (waiting.state, waiting.error, waiting.not_before) == (DeliveryState.PENDING, "greylisted", later)
    claimed = store.outbox.claim(waiting, now=later)
    assert claimed is not None
    assert claimed.attempts == 2
    assert claimed.claimed == later or not store.database.sqlite
    sent = store.outbox.record_outcome(claimed, DeliveryState.SENT, remote_id="C1:1716811200.000100")
    assert (sent.state, sent.remote_id, sent.error, sent.not_before) == (
        DeliveryState.SENT,
        "C1:1716811200.000100",
        "",
        None,
    )


@pytest.mark.parametrize("state", [DeliveryState.EXPIRED, DeliveryState.CANCELLED, DeliveryState.FAILED])
def test_a_delivery_that_was_never_claimed_can_be_settled(store: Stores, state: DeliveryState):
    """Its time was over, or an operator's word or a dead account ended it."""
    post(store, delivery())
    assert store.outbox.record_outcome(delivery(), state, error="over").state is state


def test_an_operator_resolves_an_unknown_delivery(store: Stores):
    """It was sent after all, or it may be sent again; what the far side called it is kept."""
    unknown = in_state(store, DeliveryState.UNKNOWN)
    again = store.outbox.record_outcome(unknown, DeliveryState.PENDING)
    assert (again.state, again.remote_id) == (DeliveryState.PENDING, "C1:1")
    assert store.outbox.record_outcome(again, DeliveryState.SENT).remote_id == "C1:1"


def test_whoever_was_overtaken_changes_nothing(store: Stores):
    """A process that hung while another took its delivery over may not undo what that one recorded."""
    hanging = in_state(store, DeliveryState.SENDING)
    back = store.outbox.record_outcome(hanging, DeliveryState.PENDING)
    current = store.outbox.claim(back, now=NOON + DAY)
    assert current is not None
    assert store.outbox.record_outcome(hanging, DeliveryState.PENDING, error="timed out") == shown(current)
    sent = store.outbox.record_outcome(current, DeliveryState.SENT, remote_id="C1:2")
    assert store.outbox.record_outcome(hanging, DeliveryState.UNKNOWN) == sent
    assert store.outbox.record_outcome(hanging, DeliveryState.SENT, remote_id="C1:1") == sent


def test_what_has_arrived_is_always_recorded(store: Stores):
    """Even by a process that was overtaken: otherwise it would be sent again."""
    hanging = in_state(store, DeliveryState.SENDING)
    back = store.outbox.record_outcome(hanging, DeliveryState.PENDING)
    assert store.outbox.record_outcome(hanging, DeliveryState.SENT, remote_id="C1:1").state is DeliveryState.SENT
    assert store.outbox.claim(back, now=NOON) is None


def test_one_part_for_one_recipient_of_one_edition_is_one_row(store: Stores):
    """The database itself refuses a second, and a key that was given out before."""
    twin = replace(delivery(), key="another key")
    with pytest.raises(StoreError):
        post(store, delivery(), twin)
    with pytest.raises(StoreError):
        post(store, delivery("#a"), replace(delivery("#b"), key=delivery("#a").key))
    assert store.outbox.all() == ()


def test_more_recipients_of_an_edition_are_added_once(store: Stores):
    """Beside what is there, which keeps its state; what is there already is not returned."""
    in_state(store, DeliveryState.SENT)
    late = delivery("#late")
    assert store.outbox.add([delivery(), late]) == (late,)
    assert store.outbox.add([late]) == store.outbox.add([]) == ()
    assert store.outbox.open() == (shown(late),)
    assert store.outbox.payload(late) == late.payload
    assert {row.key: row.state for row in store.outbox.all()}[delivery().key] is DeliveryState.SENT


def test_a_delivery_that_is_not_on_record_cannot_be_settled(store: Stores):
    """The error names it, but not what it holds."""
    with pytest.raises(StoreError, match="slack:#chips"):
        store.outbox.record_outcome(delivery(), DeliveryState.SENT)
    assert store.outbox.claim(delivery(), now=NOON) is None


def test_pruning_drops_the_bytes_of_what_is_finished(store: Stores):
    """The record stays, and so does everything that is young or still to be sent."""
    post(store, delivery("#sent"), delivery("#waiting", digest="evening"), delivery("#sent", days=1))
    for each in (delivery("#sent"), delivery("#sent", days=1)):
        store.outbox.record_outcome(each, DeliveryState.SENT, remote_id="C1:1")
    assert store.outbox.prune(before=TODAY) == 0
    assert store.outbox.prune(before=TODAY + DAY) == 1
    assert store.outbox.prune(before=TODAY + DAY) == 0
    bytes_of = {each.key: store.outbox.payload(each) for each in store.outbox.all()}
    assert sorted(bytes_of.values()) == [b"", b"#sent 0", b"#waiting 0"]
    assert bytes_of[delivery("#sent").key] == b""
    assert store.outbox.open() == (shown(delivery("#waiting", digest="evening")),)


def test_old_records_are_forgotten_and_open_ones_never(store: Stores):
    """What was sent long ago goes; what is still to be sent stays, however old."""
    post(store, delivery("#sent"), delivery("#waiting"), delivery("#sent", days=1))
    for each in (delivery("#sent"), delivery("#sent", days=1)):
        store.outbox.record_outcome(each, DeliveryState.SENT, remote_id="C1:1")
    assert store.outbox.forget(before=TODAY) == 0
    assert store.outbox.forget(before=TODAY + DAY) == 1
    assert {row.key for row in store.outbox.all()} == {delivery("#waiting").key, delivery("#sent", days=1).key}


def test_what_many_are_sent_is_kept_once(store: Stores):
    """A hundred recipients of one message, one body; another message of the edition is another."""
    many = [replace(delivery(f"#{number}"), payload=b"the same") for number in range(100)]
    post(store, *many, delivery("#other"))
    with store.outbox._database.reading() as connection:
        assert connection.scalar(select(func.count()).select_from(bodies)) == 2
    assert {store.outbox.payload(one) for one in many} == {b"the same"}
    claimed = store.outbox.claim(many[7], now=NOON)
    assert claimed is not None
    assert claimed.payload == b"the same"


def test_open_deliveries_come_in_pages(store: Stores):
    """Page after page each of them once, in the order of the whole, whatever ends meanwhile; paused channels are left out."""
    rows = [delivery(f"#{number}", days=days, part=part) for days in (0, 1) for number in range(3) for part in (0, 1)]
    mail = replace(delivery("a@example.com"), recipient=Recipient(channel="mailto", address="a@example.com"))
    post(store, *rows, mail)
    whole = store.outbox.open(digest="morning")
    pages, last = [], None
    while page := store.outbox.open(digest="morning", after=last, limit=4):
        pages += page
        last = page[-1]
        store.outbox.record_outcome(page[0], DeliveryState.SENT)
    assert pages == list(whole)
    assert store.outbox.count_open(digest="morning") == Counter(row.edition for row in store.outbox.open())
    left = store.outbox.open(without=("slack",))
    assert {row.recipient.channel for row in left} <= {"mailto"}
    assert store.outbox.is_open(digest="morning")
    assert not store.outbox.is_open(digest="evening")


def test_an_operator_names_deliveries_in_several_ways(store: Stores):
    """With or without its channel, by date or edition; of several revisions the newest where that is asked for."""
    old = delivery("#a_b")
    new = replace(old, key="newer", revision=1)
    other = delivery("#axb")
    post(store, old, new, other, delivery("#a_b", days=1))
    of = {"digest": None, "day": None, "states": None, "recipient": None}

    def keys(**which: object) -> set[str]:
        return {row.key for row in store.outbox.matching(**(of | which))}  # type: ignore[arg-type]

    every = {old.key, new.key, other.key, delivery("#a_b", days=1).key}
    assert keys() == every
    assert keys(recipient="#a_b") == keys(recipient="slack:#a_b") == every - {other.key}
    assert keys(recipient="b") == set()
    assert keys(day=TODAY) == every - {delivery("#a_b", days=1).key}
    assert keys(newest=True) == every - {old.key}
    assert keys(states={DeliveryState.SENT}) == set()
    assert store.outbox.by_keys([new.key, "no such key"]) == (shown(new),)


def test_a_part_finds_its_first_one(store: Stores):
    """By digest, edition, recipient and revision."""
    first, reply = delivery("#a"), delivery("#a", part=1)
    post(store, first, reply, delivery("#b"), delivery("#a", days=1))
    assert store.outbox.parent(reply) == shown(first)
    assert store.outbox.parent(delivery("#c", part=1)) is None


@pytest.mark.parametrize("won", [True, False])
def test_the_outcome_of_one_and_the_claim_of_the_next_are_one_commit(store: Stores, *, won: bool):
    """What has arrived is recorded whether or not somebody else has the next one."""
    post(store, delivery("#a"), delivery("#b"))
    first = store.outbox.claim(delivery("#a"), now=NOON)
    assert first is not None
    if not won:
        store.outbox.claim(delivery("#b"), now=NOON)
    second = store.outbox.claim(delivery("#b"), now=NOON, sent=replace(first, remote_id="C1:1"))
    assert (second is not None) is won
    assert [(each.state, each.remote_id) for each in store.outbox.all()] == [
        (DeliveryState.SENT, "C1:1"),
        (DeliveryState.SENDING, ""),
    ]


def test_a_claim_that_fails_records_no_outcome(store: Stores, monkeypatch: pytest.MonkeyPatch):
    """Both or neither: a full disk at the claim leaves the sent one in doubt, to be looked for."""
    post(store, delivery("#a"), delivery("#b"))
    first = store.outbox.claim(delivery("#a"), now=NOON)
    assert first is not None
    monkeypatch.setattr(store.outbox._claims, "_claim", store.database.prepared(text("UPDATE nowhere SET nothing = 1")))
    with pytest.raises(StoreError):
        store.outbox.claim(delivery("#b"), now=NOON, sent=replace(first, remote_id="C1:1"))
    assert [each.state for each in store.outbox.all()] == [DeliveryState.SENDING, DeliveryState.PENDING]


@pytest.mark.parametrize("state", sorted(FINAL))
def test_an_operator_requeues_what_is_final(store: Stores, state: DeliveryState):
    """It is pending until its new deadline, and can be claimed; what was tried before is remembered."""
    settled = in_state(store, state)
    again = store.outbox.requeue(settled, deadline=NOON + DAY)
    assert again == replace(settled, state=DeliveryState.PENDING, error="", deadline=NOON + DAY)
    claimed = store.outbox.claim(again, now=NOON)
    assert claimed is not None
    assert (claimed.attempts, claimed.payload) == (2, delivery().payload)


def test_what_is_open_is_not_requeued(store: Stores):
    """Neither what is being sent, nor what somebody requeued meanwhile."""
    sending = in_state(store, DeliveryState.SENDING)
    assert store.outbox.requeue(sending, deadline=NOON + DAY) == shown(sending)
    failed = store.outbox.record_outcome(sending, DeliveryState.FAILED)
    again = store.outbox.requeue(failed, deadline=NOON + DAY)
    assert again is not None
    store.outbox.claim(again, now=NOON)
    overtaken = store.outbox.requeue(failed, deadline=NOON + 2 * DAY)
    assert overtaken is not None
    assert overtaken.state is DeliveryState.SENDING


def test_what_was_pruned_cannot_be_sent_again(store: Stores):
    """There is nothing left to send."""
    settled = in_state(store, DeliveryState.FAILED)
    store.outbox.prune(before=TODAY + DAY)
    assert store.outbox.requeue(settled, deadline=NOON + DAY) is None


def test_processes_that_claim_at_once_win_every_delivery_once(place):
    """Four processes, forty deliveries: each is claimed by exactly one of them."""
    store = place.open()
    wanted = [delivery(f"#{number}") for number in range(40)]
    post(store, *wanted)
    together = PROCESSES.Barrier(4)
    answers, rivals = [], []
    for _ in range(4):
        answer, theirs = PROCESSES.Pipe(duplex=False)
        rivals.append(start(claim_everything, place.data, place.url, together, theirs))
        answers.append(answer)
    won = [key for answer in answers if answer.poll(300) for key in answer.recv()]
    for rival in rivals:
        rival.join(300)
    assert sorted(won) == sorted(each.key for each in wanted)
    assert {each.attempts for each in store.outbox.open()} == {1}
    store.close()


def test_a_claim_is_abandoned_once_its_process_has_ended(place):
    """Of the same data folder: what was claimed by a living thread, by another folder or by nobody known is not."""
    place.data.mkdir(exist_ok=True)
    store = place.open()
    post(store, *(delivery(name) for name in ("#dead", "#mine", "#thread", "#nobody")))
    dead, mine, thread, nobody = store.outbox.open()
    answer, theirs = PROCESSES.Pipe(duplex=False)
    rival = start(claim_one, place.data, place.url, dead, theirs)
    assert answer.poll(300)
    [alive] = [row for row in store.outbox.open() if row.key == dead.key]
    assert not store.outbox.abandoned(alive)
    rival.kill()
    rival.join(300)
    assert store.outbox.abandoned(alive)
    own = store.outbox.claim(mine, now=NOON)
    with ThreadPoolExecutor(1) as pool:
        theirs_too = pool.submit(store.outbox.claim, thread, now=NOON).result(300)
    assert own is not None
    assert theirs_too is not None
    assert store.outbox.abandoned(own)
    assert not store.outbox.abandoned(theirs_too)
    foreign = replace(alive, claimed_by=alive.claimed_by.replace(alive.claimed_by[:32], "f" * 32))
    assert not store.outbox.abandoned(foreign)
    assert not store.outbox.abandoned(nobody)
    store.close()


OUTCOMES = {
    DeliveryState.SENT: {"remote_id": "C1:1"},
    DeliveryState.PENDING: {"error": "busy", "not_before": NOON + DAY},
    DeliveryState.FAILED: {"error": "gone – 東京", "address_gone": True},
}


@pytest.mark.parametrize("state", OUTCOMES)
def test_what_was_set_aside_is_taken_up_as_it_would_have_been_recorded(place, state: DeliveryState):
    """By the next process on the data folder; and once."""
    place.data.mkdir(exist_ok=True)
    store = place.open()
    claimed = in_state(store, DeliveryState.SENDING)
    assert store.outbox.set_aside(claimed, state, **OUTCOMES[state])
    assert store.outbox.open() == (shown(claimed),)
    store.close()
    store = place.open()
    [row] = store.outbox.take_up()
    assert row == store.outbox.record_outcome(claimed, state, **OUTCOMES[state])
    assert row == replace(shown(claimed), state=state, **OUTCOMES[state])
    assert store.outbox.take_up() == ()
    store.close()


@pytest.mark.parametrize("state", OUTCOMES)
def test_what_was_set_aside_gives_way_to_what_happened_since(place, state: DeliveryState):
    """As every late outcome: unless it arrived."""
    place.data.mkdir(exist_ok=True)
    store = place.open()
    claimed = in_state(store, DeliveryState.SENDING)
    store.outbox.set_aside(claimed, state, **OUTCOMES[state])
    back = store.outbox.record_outcome(claimed, DeliveryState.PENDING)
    again = store.outbox.claim(back, now=NOON)
    assert again is not None
    [row] = store.outbox.take_up()
    assert row.state is (DeliveryState.SENT if state is DeliveryState.SENT else DeliveryState.SENDING)
    assert row.attempts == 2
    store.close()


def test_what_another_database_did_not_take_stays(place):
    """The configuration named another one then; files that make no sense stop nothing either."""
    place.data.mkdir(exist_ok=True)
    store = place.open()
    in_state(store, DeliveryState.SENDING)
    store.outbox.set_aside(replace(delivery("#elsewhere"), key="../another"), DeliveryState.SENT)
    for number, words in enumerate(("", "{}", "[]", '{"key": 1', '{"key": "k", "not_before": 7}')):
        (place.data / "unrecorded" / f"{number}.json").write_text(words)
    assert store.outbox.take_up() == ()
    assert len(list((place.data / "unrecorded").iterdir())) == 6
    assert {path.stat().st_mode & 0o777 for path in (place.data / "unrecorded").glob("??*.json")} == {0o600}
    store.close()


def test_the_clock_of_claims(place):
    """Of one machine it is the caller's, so that tests repeat; on a shared database it is the database's."""
    store = place.open()
    post(store, delivery())
    claimed = store.outbox.claim(delivery(), now=NOON)
    assert claimed is not None
    assert store.outbox.open() == (shown(claimed),)
    if not place.url:
        assert (claimed.claimed, store.outbox.claim_clock(NOON)) == (NOON, NOON)
    else:
        assert claimed.claimed is not None
        assert NOON + DAY < claimed.claimed <= store.outbox.claim_clock(NOON) <= claimed.claimed + DAY
    store.close()
