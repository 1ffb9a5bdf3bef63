"""What the ledger says of an edition, in numbers: LedgerCount, LedgerReason."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from .delivery import DeliveryState


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerCount:
    """How many deliveries of one edition, revision and channel are in one state."""

    channel: str
    revision: int
    state: DeliveryState
    deliveries: int
    recipients: int  # a message may have several parts, each a delivery
    suppressed: int = 0  # of those: not sent because the address is suppressed
    too_late: int = 0  # of those: past their deadline, or not tried again before it
    first: datetime | None = None  # when the first of them was begun, by their last attempts
    last: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerReason:
    """Why so many deliveries of one edition, revision and channel are in one state."""

    channel: str
    revision: int
    state: DeliveryState
    reason: str  # without addresses; empty for all that have rarer reasons
    deliveries: int
