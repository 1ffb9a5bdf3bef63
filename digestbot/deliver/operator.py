"""An operator's words on deliveries: send it again, it has arrived, it has not, never mind."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime

from ..model import Delivery, DeliveryState
from ..ports import Outbox

RESENDABLE = frozenset({DeliveryState.FAILED, DeliveryState.EXPIRED, DeliveryState.CANCELLED})


def select_deliveries(
    outbox: Outbox, states: Collection[DeliveryState], *, digest: str | None, day: date | None, recipient: str | None
) -> tuple[Delivery, ...]:
    """The deliveries in one of these states, of every edition or one, to everybody or one.

    `recipient` is matched as it stands in the configuration, `slack:#chips`, or without its channel.
    """
    return tuple(
        delivery
        for delivery in outbox.all(digest=digest, day=day, states=states)
        if recipient in (None, str(delivery.recipient), delivery.recipient.address)
    )


def reopen(outbox: Outbox, chosen: Sequence[Delivery], *, deadline: datetime) -> tuple[Delivery, ...]:
    """Let them be sent again, as they were frozen.

    Left out are those whose bytes were dropped long ago, or could never be written.
    """
    again = (outbox.reopen(delivery, deadline=deadline) for delivery in chosen if outbox.payload(delivery))
    return tuple(delivery for delivery in again if delivery is not None)


def decide(outbox: Outbox, chosen: Sequence[Delivery], state: DeliveryState, *, why: str) -> tuple[Delivery, ...]:
    """Record the operator's word; what somebody has moved on meanwhile stays as it is."""
    error = "" if state is DeliveryState.SENT else why
    return tuple(outbox.settle(delivery, state, error=error) for delivery in chosen)
