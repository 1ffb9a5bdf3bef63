"""What was sent, asked for in numbers and pages: Ledger."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import date, datetime
from typing import Protocol

from ..model import Delivery, LedgerCount, LedgerReason


class Ledger(Protocol):
    """Every delivery, looked at; nothing here reads all rows of an edition into memory."""

    def counts(self, *, digest: str, edition: date, now: datetime) -> tuple[LedgerCount, ...]:
        """How many deliveries of an edition are in which state, by revision and channel."""

    def reasons(
        self, *, digest: str, edition: date, common: Callable[[str], str], most: int = 1000
    ) -> tuple[LedgerReason, ...]:
        """Why deliveries of an edition are not sent, the most frequent first.

        Args:
            digest: of this one.
            edition: its name.
            common: what many reasons have in common: it leaves out what tells one reader's from another's.
            most: so many at most; what is rarer is counted together under the reason "".
        """

    def page(
        self, *, digest: str, edition: date, after: Delivery | None = None, limit: int = 1000
    ) -> tuple[Delivery, ...]:
        """Deliveries of an edition by recipient, part and revision: so many at most, of those that come after one."""

    def to(
        self, recipient: str, *, digest: str | None = None, editions: Collection[date] | None = None
    ) -> tuple[Delivery, ...]:
        """The deliveries to an address, with its channel or without, however it is spelled there; of all editions, or of these."""
