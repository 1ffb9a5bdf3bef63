"""A claim that waits for its account: its bucket fills up again within moments, while a rest takes longer."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from ..model import Account, Delivery, DeliveryState
from .patience import PatientOutbox


def claim_at_pace(
    outbox: PatientOutbox,
    delivery: Delivery,
    *,
    now: Callable[[], datetime],
    sent: Delivery | None,
    account: Account | None,
) -> Delivery | None:
    """As `ports.Outbox.claim`; still pending, with `not_before`, where the account rests for longer than is waited for."""
    while True:
        moment = now()
        claimed = outbox.claim(delivery, now=moment, sent=sent, account=account)
        sent = None  # recorded, whatever became of the claim
        if claimed is None or claimed.state is not DeliveryState.PENDING or claimed.not_before is None:
            return claimed
        if not outbox.wait_at_pace((claimed.not_before - moment).total_seconds()):
            return claimed
