"""What a restored database does with what was open in it, on every database."""

from __future__ import annotations

from datetime import timedelta

import pytest
from builders import NOON

from digestbot.model import FINAL, Delivery, DeliveryState, Edition, Recipient
from digestbot.store import Stores, hold_open


@pytest.mark.parametrize("state", DeliveryState)
def test_what_is_open_is_held_and_the_rest_stays(store: Stores, state: DeliveryState):
    """Pending and sending become unknown, with a reason, and nothing is open any more; what is final keeps its state and reason."""
    row = Delivery(
        digest="morning",
        edition=NOON.date(),
        recipient=Recipient(channel="slack", address="#chips"),
        key="k",
        payload=b"words",
    )
    edition = store.editions.claim(
        Edition(digest="morning", date=NOON.date(), since=NOON - timedelta(days=1), until=NOON)
    )
    store.editions.publish(edition, "{}", [row], used=())
    if state is not DeliveryState.PENDING:
        claimed = store.outbox.claim(row, now=NOON)
        assert claimed is not None
        if state in FINAL:
            store.outbox.record_outcome(claimed, state, error="" if state is DeliveryState.SENT else "why")
    [before] = store.outbox.all()
    held = hold_open(store.database)
    [after] = store.outbox.all()
    assert held == (state not in FINAL)
    assert after.state is (state if state in FINAL else DeliveryState.UNKNOWN)
    assert after.error == (before.error if state in FINAL else "a backup was put back: it may have been sent since")
    assert not store.outbox.is_open(digest="morning")
