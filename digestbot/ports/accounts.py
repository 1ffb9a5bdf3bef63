"""The accounts that mail is sent through, as everybody who shares a database knows them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Protocol

from ..model import AccountState


class Accounts(Protocol):
    """How far each account has come. `Outbox.claim` takes from its bucket, in the transaction of the claim."""

    def states(self) -> Mapping[str, AccountState]:
        """Of all that were ever used, by name."""

    def refuse(self, name: str, *, now: datetime, why: str, rest: timedelta | None = None) -> datetime:
        """It was asked to slow down, could not be reached, or was refused: it rests for everybody. Returns until when, by the clock of `now`.

        Args:
            name: of the account.
            now: the time; a database that machines share goes by its own clock.
            why: without secrets.
            rest: how long; by default longer each time.
        """

    def resume(self) -> None:
        """None of them rests any more: their settings are read anew. What was taken from their buckets stays taken."""
