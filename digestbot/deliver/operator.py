"""What an operator decides about deliveries: send them again, they arrived, they did not, do not try any more."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime

from ..model import Delivery, DeliveryState, EditionDate, Recipient, is_of
from ..ports import Outbox

# Not `unknown`: a second copy may follow, so that one has to be asked for by name.
RESENDABLE = frozenset({DeliveryState.FAILED, DeliveryState.EXPIRED, DeliveryState.CANCELLED})


def select_deliveries(
    outbox: Outbox, states: Collection[DeliveryState], *, digest: str | None, day: date | None, recipient: str | None
) -> tuple[Delivery, ...]:
    """The deliveries in one of these states; None for a digest, day or recipient means any. A date alone means all of its editions.

    `recipient` is written as in the configuration, `slack:#chips`, or without its channel, `#chips`.
    """
    return tuple(
        delivery
        for delivery in outbox.all(digest=digest, day=day if isinstance(day, EditionDate) else None, states=states)
        if recipient in (None, str(delivery.recipient), delivery.recipient.address)
        and (day is None or is_of(delivery.edition, day))
    )


def newest_revisions(chosen: Sequence[Delivery]) -> tuple[Delivery, ...]:
    """Without those that a newer revision of their edition replaces, for the same recipient."""
    newest: dict[tuple[str, date, Recipient], int] = {}
    for one in chosen:
        place = one.digest, one.edition, one.recipient
        newest[place] = max(one.revision, newest.get(place, 0))
    return tuple(one for one in chosen if one.revision == newest[one.digest, one.edition, one.recipient])


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
