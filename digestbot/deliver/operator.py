"""What an operator decides about deliveries: send them again, they arrived, they did not, do not try any more."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from ..model import Delivery, DeliveryState
from ..ports import Outbox

# Not `unknown`: a second copy may follow, so that one has to be asked for by name.
RESENDABLE = frozenset({DeliveryState.FAILED, DeliveryState.EXPIRED, DeliveryState.CANCELLED})


def requeue_deliveries(outbox: Outbox, chosen: Sequence[Delivery], *, deadline: datetime) -> tuple[Delivery, ...]:
    """Let them be sent again, with the bytes that were frozen, until the deadline.

    Deliveries whose bytes were pruned, or could never be made, are left out of what is returned.
    """
    again = (outbox.requeue(delivery, deadline=deadline) for delivery in chosen if outbox.payload(delivery))
    return tuple(delivery for delivery in again if delivery is not None)


def resolve_deliveries(
    outbox: Outbox, chosen: Sequence[Delivery], state: DeliveryState, *, why: str
) -> tuple[Delivery, ...]:
    """Record the state that an operator gives; a delivery that has changed since it was read keeps its own."""
    error = "" if state is DeliveryState.SENT else why
    return tuple(outbox.record_outcome(delivery, state, error=error) for delivery in chosen)
