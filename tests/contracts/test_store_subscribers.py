"""What every store promises about readers of lists, on every database."""

from __future__ import annotations

import random
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from builders import NOON
from sqlalchemy import text

from digestbot.model import (
    Consent,
    Frequency,
    Reader,
    Refusal,
    Subscriber,
    Subscription,
    SubscriptionState,
)
from digestbot.store import Stores, open_store
from digestbot.text.mail_addresses import AddressError, mail_key

DAY = timedelta(days=1)
ACTIVE, PENDING, PAUSED, GONE, SUPPRESSED = (
    SubscriptionState.ACTIVE,
    SubscriptionState.PENDING,
    SubscriptionState.PAUSED,
    SubscriptionState.UNSUBSCRIBED,
    SubscriptionState.SUPPRESSED,
)


def person(address: str) -> Subscriber:
    return Subscriber(address=address, key=mail_key(address))


def wanted(
    address: str, name: str = "briefing", state: SubscriptionState = ACTIVE, **fields: object
) -> tuple[Subscriber, Subscription]:
    subscription = Subscription(list=name, state=state, since=NOON, consent=Consent.IMPORT, consented=NOON)
    return person(address), replace(subscription, **fields)


def always(subscription: Subscription, _: Reader | None) -> Subscription:
    return subscription


def enrolled(store: Stores, *wishes: tuple[Subscriber, Subscription]) -> tuple[int, ...]:
    """Their ids."""
    answers = store.subscribers.enrol(wishes, always)
    return tuple(one.subscriber for one in answers if isinstance(one, Subscription))


def addresses(readers: tuple[Reader, ...]) -> list[str]:
    return [one.subscriber.address for one in readers]


def test_what_was_enrolled_is_read_back(store: Stores):
    """Address as given, subscription with every field; found by any spelling of the address, and by id."""
    ann = replace(person("Ann@Bücher.example"), language="de", plain=True)
    subscription = wanted("x@example.com")[1]
    full = replace(subscription, state=PAUSED, until=NOON + DAY, frequency=Frequency.WEEKLY, topics=("chips", "größe"))
    (kept,) = store.subscribers.enrol([(ann, full)], always)
    assert kept == replace(full, subscriber=kept.subscriber)
    reader = store.subscribers.find("ANN@xn--bcher-kva.example")
    assert reader == Reader(subscriber=replace(ann, id=kept.subscriber), subscriptions=(kept,))
    assert store.subscribers.get(kept.subscriber) == reader
    assert store.subscribers.find("bob@example.com") is None
    assert store.subscribers.get(kept.subscriber + 1) is None
    with pytest.raises(AddressError):
        store.subscribers.find("nobody")


def test_an_address_in_two_lists_is_one_subscriber(store: Stores):
    """With a subscription to each, whichever way it is written."""
    first, second = enrolled(store, wanted("ann@example.com"), wanted("Ann@Example.com", "weekend"))
    assert first == second
    reader = store.subscribers.get(first)
    assert reader is not None
    assert reader.subscriber.address == "ann@example.com"
    assert {one.list for one in reader.subscriptions} == {"briefing", "weekend"}
    (third,) = enrolled(store, wanted("ANN@example.com", "evening"))
    assert third == first


def test_enrolling_asks_with_all_that_is_known(store: Stores):
    """Of who is there, of who came earlier in the same call, of who is suppressed; a refusal keeps nothing."""
    seen: list[tuple[str, int, bool]] = []

    def look(subscription: Subscription, reader: Reader | None) -> Subscription | Refusal:
        seen.append(
            (
                subscription.list,
                len(reader.subscriptions) if reader else -1,
                bool(reader and reader.suppression),
            )
        )
        return Refusal.SUPPRESSED if reader and reader.suppression else subscription

    store.suppressions.suppress("bob@example.com", "bounced", now=NOON)
    wishes = [wanted("ann@example.com"), wanted("bob@example.com"), wanted("ann@example.com", "weekend")]
    answers = store.subscribers.enrol(wishes, look)
    assert seen == [("briefing", -1, False), ("briefing", 0, True), ("weekend", 1, False)]
    assert answers[1] is Refusal.SUPPRESSED
    assert store.subscribers.find("bob@example.com") is None
    store.suppressions.suppress("ann@example.com", "bounced", now=NOON)
    assert store.subscribers.enrol([wanted("ann@example.com")], look) == (Refusal.SUPPRESSED,)
    assert seen[-1] == ("briefing", 2, True)


def test_one_who_is_enrolled_again_gets_what_was_decided(store: Stores):
    """The subscription changes, the subscriber stays as they are."""
    (number,) = enrolled(store, wanted("Ann@example.com", state=PENDING))
    assert enrolled(store, wanted("ann@EXAMPLE.com")) == (number,)
    reader = store.subscribers.get(number)
    assert reader is not None
    assert reader.subscriber.address == "Ann@example.com"
    assert [one.state for one in reader.subscriptions] == [ACTIVE]


def test_a_change_is_decided_on_what_is_kept(store: Stores):
    """A refusal changes nothing, and so does nobody's subscription."""
    (number,) = enrolled(store, wanted("ann@example.com"))
    later = NOON + DAY
    left = store.subscribers.change(number, "briefing", lambda one: replace(one, state=GONE, since=later))
    assert isinstance(left, Subscription)
    assert left.state is GONE
    assert store.subscribers.change(number, "briefing", lambda _: Refusal.UNSUBSCRIBED) is Refusal.UNSUBSCRIBED
    reader = store.subscribers.get(number)
    assert reader is not None
    assert reader.of("briefing") == left
    assert store.subscribers.change(number, "weekend", lambda one: one) is None
    assert store.subscribers.change(number + 1, "briefing", lambda one: one) is None


def test_pages_go_on_where_the_last_one_ended(store: Stores):
    """Of all, of a list, of a state; each subscriber once, in the order of ids."""
    odd = [wanted(f"r{at}@example.com", "odd") for at in range(1, 8, 2)]
    every = [wanted(f"r{at}@example.com", state=GONE if at == 3 else ACTIVE) for at in range(8)]
    enrolled(store, *every, *odd)
    for limit in (1, 3, 500):
        for name, state, count in (("", None, 8), ("odd", None, 4), ("briefing", GONE, 1), ("", ACTIVE, 8)):
            found: list[str] = []
            after = 0
            while page := store.subscribers.page(now=NOON, name=name, state=state, after=after, limit=limit):
                assert len(page) <= limit
                found += addresses(page)
                after = page[-1].subscriber.id
            assert len(found) == len(set(found)) == count, (limit, name, state)
    (third,) = store.subscribers.page(now=NOON, name="odd", after=1, limit=1)
    assert [one.list for one in third.subscriptions] == ["odd"]


def test_readers_are_found_by_a_part_of_their_address(store: Stores):
    """In any case, in pages, of a list and a state where they are named; signs of a pattern are signs."""
    enrolled(
        store,
        wanted("Ann.One@example.com"),
        wanted("bob@example.org", state=PAUSED),
        wanted("ann_two@example.com", name="ports"),
        wanted("cat@example.net"),
    )

    def found(having: str, **of: object) -> list[str]:
        return addresses(store.subscribers.page(now=NOON, having=having, **of))  # type: ignore[arg-type]

    assert found("ANN") == ["Ann.One@example.com", "ann_two@example.com"]
    assert found("@example.com", name="ports") == ["ann_two@example.com"]
    assert found("example", state=PAUSED) == ["bob@example.org"]
    assert found("n_") == ["ann_two@example.com"]
    assert found("%") == []
    first = store.subscribers.page(now=NOON, having="ann", limit=1)
    assert found("ann", after=first[0].subscriber.id) == ["ann_two@example.com"]


def test_subscriptions_are_counted_by_list_and_state(store: Stores):
    """Whoever's address is suppressed counts as that, and a pause that is over as none; pages agree."""
    enrolled(
        store,
        wanted("a@example.com"),
        wanted("b@example.com", state=PENDING),
        wanted("c@example.com", state=PAUSED, until=NOON + DAY),
        wanted("d@example.com", state=PAUSED, until=NOON - DAY),
        wanted("e@example.com", state=PAUSED),
        wanted("f@example.com", state=GONE),
        wanted("g@example.com"),
        wanted("g@example.com", "weekend", state=PAUSED, until=NOON - DAY),
    )
    store.suppressions.suppress("G@example.com", "bounced", now=NOON)
    assert store.subscribers.counts(now=NOON) == {
        ("briefing", ACTIVE): 2,
        ("briefing", PENDING): 1,
        ("briefing", PAUSED): 2,
        ("briefing", GONE): 1,
        ("briefing", SUPPRESSED): 1,
        ("weekend", SUPPRESSED): 1,
    }
    for (name, state), number in store.subscribers.counts(now=NOON).items():
        assert len(store.subscribers.page(now=NOON, name=name, state=state)) == number
    later = Counter(state for _, state in store.subscribers.counts(now=NOON + 2 * DAY))
    assert later[ACTIVE] == 1
    assert store.subscribers.counts(now=NOON + 2 * DAY)["briefing", ACTIVE] == 3


def test_a_suppression_is_of_the_address_and_can_be_lifted(store: Stores):
    """However it is written, whoever reads there; its first reason stays."""
    assert store.suppressions.newest() is None
    assert store.suppressions.suppress("Ann@Example.com", "no such mailbox", now=NOON)
    assert not store.suppressions.suppress("ann@example.com", "complaint", now=NOON + DAY)
    found = store.suppressions.suppressed(["ANN@example.com", "bob@example.com", "nobody", "ann@example.com"])
    assert {address: one.reason for address, one in found.items()} == dict.fromkeys(
        ("ANN@example.com", "ann@example.com"), "no such mailbox"
    )
    assert (store.suppressions.count(), store.suppressions.newest()) == (1, NOON)
    lifted = store.suppressions.lift("ann@EXAMPLE.com")
    assert lifted is not None
    assert (lifted.key, lifted.since) == ("ann@example.com", NOON)
    assert store.suppressions.lift("ann@example.com") is None
    assert store.suppressions.suppressed(["ann@example.com"]) == {}


def test_suppressions_come_in_pages(store: Stores):
    """Many at once are one transaction; asked for, only those that no subscriber has."""
    reasons = {f"r{at:04}@example.com": "bounced" for at in range(1200)}
    assert store.suppressions.suppress_all(reasons, now=NOON) == 1200
    assert store.suppressions.suppress_all(reasons | {"new@example.com": "x"}, now=NOON) == 1
    assert len(store.suppressions.suppressed(list(reasons))) == 1200
    enrolled(store, wanted("r0001@example.com"))
    page = store.suppressions.page(after="r0000@example.com", limit=2)
    assert [one.key for one in page] == ["r0001@example.com", "r0002@example.com"]
    unknown = store.suppressions.page(after="r0000@example.com", limit=2, unknown=True)
    assert [one.key for one in unknown] == ["r0002@example.com", "r0003@example.com"]


def test_a_forgotten_address_stays_suppressed_and_nobody_can_read_it(store: Stores):
    """No row of any table holds it; it is known again by whoever has it, and can be lifted."""
    (number,) = enrolled(store, wanted("ann@example.com"))
    enrolled(store, wanted("ann@example.com", "weekend"))
    store.suppressions.suppress("ann@example.com", "complaint", now=NOON)
    assert store.subscribers.forget("Ann@example.com", now=NOON)
    assert store.subscribers.get(number) is None
    assert store.subscribers.find("ann@example.com") is None
    assert store.subscribers.counts(now=NOON) == {}
    with store.database.reading() as connection:
        for table in ("subscribers", "subscriptions", "suppressions", "secrets"):
            assert "example" not in repr(connection.execute(text(f"SELECT * FROM {table}")).all())
    assert store.suppressions.suppressed(["ANN@example.com"])
    assert not store.suppressions.suppress("ann@example.com", "bounced", now=NOON)
    assert not store.subscribers.forget("ann@example.com", now=NOON)
    assert store.suppressions.count() == 1
    assert store.suppressions.lift("ann@example.com")
    assert not store.suppressions.suppressed(["ann@example.com"])


def test_the_number_of_one_who_was_forgotten_is_given_to_nobody(store: Stores):
    """Links in old mails name it: they must not unsubscribe somebody else."""
    *_, last = enrolled(store, wanted("ann@example.com"), wanted("bob@example.com"))
    store.subscribers.forget("bob@example.com", now=NOON)
    (number,) = enrolled(store, wanted("cy@example.com"))
    assert number > last


def test_a_subscriber_moves_to_a_free_address_alone(store: Stores):
    """Subscriptions stay; an address that somebody else has, or that is suppressed, is not taken."""
    ann, bob = enrolled(store, wanted("ann@example.com"), wanted("bob@example.com"))
    assert not store.subscribers.move(ann, address="Bob@example.com", key="bob@example.com")
    store.suppressions.suppress("gone@example.com", "it bounced", now=NOON)
    assert not store.subscribers.move(ann, address="gone@example.com", key="gone@example.com")
    assert store.subscribers.move(ann, address="Ann@New.example", key="ann@new.example")
    moved = store.subscribers.find("ann@new.example")
    assert moved is not None
    assert (moved.subscriber.id, moved.subscriber.address) == (ann, "Ann@New.example")
    assert moved.of("briefing") is not None
    assert store.subscribers.find("ann@example.com") is None
    assert not store.subscribers.move(bob + 1000, address="x@example.com", key="x@example.com")


def test_who_never_confirmed_is_forgotten_after_a_while(store: Stores):
    """Only who asked by a form, and nobody who has another list; their address is kept nowhere."""
    asked = {"state": SubscriptionState.PENDING, "consent": Consent.FORM, "consented": None}
    enrolled(
        store,
        wanted("old@example.com", **asked),
        wanted("new@example.com", **asked | {"since": NOON + timedelta(days=2)}),
        wanted("other@example.com", **asked),
        wanted("other@example.com", "ports"),
        wanted("imported@example.com", **asked | {"consent": Consent.IMPORT}),
    )
    assert store.subscribers.forget_unconfirmed(before=NOON + timedelta(days=1)) == 1
    assert store.subscribers.find("old@example.com") is None
    assert store.subscribers.find("new@example.com") is not None
    assert store.subscribers.find("imported@example.com") is not None
    other = store.subscribers.find("other@example.com")
    assert other is not None
    assert [one.list for one in other.subscriptions] == ["ports"]


def test_a_subscriber_can_be_described_anew(store: Stores):
    """Language and form; the address stays."""
    (number,) = enrolled(store, wanted("ann@example.com"))
    reader = store.subscribers.get(number)
    assert reader is not None
    store.subscribers.describe(replace(reader.subscriber, language="de", plain=True))
    described = store.subscribers.get(number)
    assert described is not None
    assert described.subscriber == replace(reader.subscriber, language="de", plain=True)


def test_when_a_confirmation_was_asked_for_is_kept_with_the_subscriber(store: Stores):
    """Where the rule allows it; nobody is asked who is not there."""
    (number,) = enrolled(store, wanted("ann@example.com"))
    seen: list[datetime | None] = []

    def may(last: datetime | None) -> bool:
        seen.append(last)
        return last is None or last < NOON

    assert store.subscribers.record_asked(number, now=NOON, may=may)
    assert not store.subscribers.record_asked(number, now=NOON + DAY, may=may)
    assert seen == [None, NOON]
    assert not store.subscribers.record_asked(number + 1, now=NOON, may=may)


def test_a_secret_is_made_once(place):
    """Another process on the same database gets the same; another name is another secret."""
    one, other = place.open(), place.open()
    assert one.secret("tokens") == other.secret("tokens") != one.secret("others")
    assert len(one.secret("tokens")) == 32
    one.close()
    other.close()


def test_those_who_enrol_the_same_people_at_once_add_each_once(place):
    """Whoever comes second finds them there: no error, no second subscriber, whatever the order."""
    stores = [place.open() for _ in range(3)]
    together = threading.Barrier(3)

    def enrol(seed: int) -> None:
        people = [wanted(f"r{at}@example.com") for at in range(30)]
        random.Random(seed).shuffle(people)
        together.wait(60)
        for at in range(0, 30, 10):
            stores[seed].subscribers.enrol(people[at : at + 10], always)

    with ThreadPoolExecutor(3) as threads:
        for one in [threads.submit(enrol, seed) for seed in range(3)]:
            one.result()
    assert stores[0].subscribers.counts(now=NOON) == {("briefing", ACTIVE): 30}
    for store in stores:
        store.close()


def test_a_list_is_read_without_sorting_it(store: Stores):
    """The page of a list is a range of its key, and the fan-out with it."""
    if not store.database.sqlite:
        pytest.skip("PostgreSQL chooses by what its tables hold")
    with store.database.reading() as connection:
        plan = connection.execute(
            text(
                "EXPLAIN QUERY PLAN SELECT subscriber FROM subscriptions WHERE list = 'briefing' AND subscriber > 7 "
                "AND state = 'active' ORDER BY subscriber LIMIT 500"
            )
        ).all()
    assert [row.detail for row in plan] == ["SEARCH subscriptions USING PRIMARY KEY (list=? AND subscriber>?)"]


def test_a_reader_takes_a_quarter_of_a_kilobyte(tmp_path: Path):
    """Subscriber, subscription and their indexes, with an address of 32 letters: 100,000 of them are 25 MB at most."""
    store = open_store(tmp_path)

    def used() -> int:
        with store.database.reading() as connection:
            return connection.scalar(text("SELECT page_count * page_size FROM pragma_page_count, pragma_page_size"))

    before, count = used(), 1000
    enrolled(store, *(wanted(f"reader.number.{at:04}@mail.example.com") for at in range(count)))
    assert (used() - before) / count < 250
    store.close()
