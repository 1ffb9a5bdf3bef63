"""Claims of several deliveries at a time, where their outcomes can be kept beside the database until the next ones are claimed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from ..model import Account, Delivery


class ClaimsAhead(Protocol):
    """By one connection, for a channel that may send in doubt. A kill leaves in doubt what was begun and not yet noted as sent."""

    def claim(
        self, asked: Sequence[Delivery], *, now: datetime, account: Account | None
    ) -> tuple[Delivery | None, ...]:
        """What `Outbox.claim` makes of each: of the first at least, of several only where the account has no pace. Records what was sent."""

    def still(self, delivery: Delivery, *, now: datetime) -> Delivery:
        """A claimed one whose turn has come; cancelled where its reader has left, or is suppressed, since it was claimed."""

    def begin(self, delivery: Delivery) -> None:
        """Note that it is about to be sent; raises a StoreError where that cannot be kept."""

    def sent(self, delivery: Delivery) -> None:
        """Note that it arrived, with its `remote_id`."""

    def give_back(self) -> None:
        """Let others claim what was not begun, its attempts as before, and record what was sent."""

    def close(self) -> None:
        """What could not be recorded is kept, for `Outbox.take_up`."""
