"""A bit of everything in a store, and what it looks like from outside."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from builders import NOON, item

from digestbot.model import (
    Consent,
    Delivery,
    Edition,
    FeedState,
    Recipient,
    Subscriber,
    Subscription,
    SubscriptionState,
)
from digestbot.store import Stores

DAY = timedelta(days=1)
GAZETTE = FeedState(name="gazette", etag='"1"')


def fill(store: Stores) -> None:
    """One of everything."""
    bridge = item("Bridge", keys=("guid:1",))
    store.items.save(GAZETTE, [bridge, item("Storm", keys=("guid:2",))], now=NOON)
    edition = store.editions.claim(Edition(digest="morning", date=NOON.date(), since=NOON - DAY, until=NOON))
    recipient = Recipient(channel="slack", address="#chips")
    posted = Delivery(digest="morning", edition=edition.date, recipient=recipient, key="k", payload=b"frozen")
    store.editions.publish(edition, "{}", [posted], used=[bridge.id])
    ann = Subscriber(address="ann@example.com", key="ann@example.com")
    reads = Subscription(list="briefing", state=SubscriptionState.ACTIVE, since=NOON, consent=Consent.FORM)
    store.subscribers.enrol([(ann, reads)], lambda wanted, _: wanted)
    store.suppressions.suppress("bob@example.com", "bounced", now=NOON)


def contents(store: Stores) -> tuple[object, ...]:
    """Everything that can be read."""
    window = store.items.window("morning", since=NOON - DAY, until=NOON, oldest=NOON - DAY)
    recent = store.items.recent(since=NOON - DAY, until=NOON)
    readers = store.subscribers.page(now=NOON), store.suppressions.page()
    return store.items.states(), recent, window, store.editions.history("morning"), store.outbox.all(), readers


def change(store: Stores) -> None:
    """A bit of everything."""
    store.items.save(FeedState(name="courier"), [item("New", keys=("guid:9",))], now=NOON)
    store.editions.set_state("evening", NOON.date(), store.editions.history("morning")[0].state)
    for delivery in store.outbox.open():
        store.outbox.claim(delivery, now=NOON)
    store.suppressions.lift("bob@example.com")


def files(folder: Path) -> dict[str, bytes]:
    """Every file in a folder with its bytes."""
    return {path.name: path.read_bytes() for path in folder.iterdir()}
