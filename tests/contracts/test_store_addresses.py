"""What every store promises about addresses that are gone, and about its installation id."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from builders import NOON
from delivering import recipients

from digestbot.model import Delivery, DeliveryState, Edition
from digestbot.store import Stores, open_store

DAY = timedelta(days=1)
TODAY = NOON.date()


def post(store: Stores, digest: str, days: int, *addresses: str) -> None:
    """Publish an edition to these addresses."""
    day = (NOON + days * DAY).date()
    edition = store.editions.claim(Edition(digest=digest, date=day, since=NOON - DAY, until=NOON))
    rows = [
        Delivery(digest=digest, edition=day, recipient=each, key=f"{digest} {day} {each}", payload=b"x")
        for each in recipients(*addresses)
    ]
    store.editions.publish(edition, "{}", rows, used=())


def test_addresses_that_are_gone_are_found_by_edition(store: Stores):
    """Those of failed and cancelled deliveries; one that was sent after all is none of them."""
    post(store, "morning", 0, "mailto:a", "mailto:b", "mailto:c")
    post(store, "morning", 1, "mailto:a")
    post(store, "evening", 0, "mailto:a")
    for each in store.outbox.all():
        store.outbox.record_outcome(each, DeliveryState.FAILED, error="no", address_gone=each.recipient.address != "b")
    refused = store.outbox.refused(digest="morning", day=TODAY)
    assert [(row.recipient.address, row.address_gone, row.error) for row in refused] == [
        ("a", True, "no"),
        ("c", True, "no"),
    ]
    again = store.outbox.requeue(refused[0], deadline=NOON + DAY)
    assert again is not None
    assert not again.address_gone
    store.outbox.record_outcome(refused[1], DeliveryState.SENT)
    assert store.outbox.refused(digest="morning", day=TODAY) == ()


def test_an_installation_has_an_id_of_its_own(store: Stores, tmp_path: Path):
    """It stays the same, and no other database has it."""
    assert store.installation_id() == store.installation_id() != ""
    other = open_store(tmp_path / "other")
    assert other.installation_id() != store.installation_id()
    other.close()
