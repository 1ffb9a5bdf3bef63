"""`ports.Outbox` without a database, for tests of what is done with an outbox rather than of how it is kept."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime

from digestbot.model import FINAL, Delivery, DeliveryState


class MemoryOutbox:
    """Rows in a dictionary; `history` holds every state a row has been in, by key."""

    def __init__(self, deliveries: Iterable[Delivery] = ()) -> None:
        self.rows = {self._identity(delivery): delivery for delivery in deliveries}
        self.history: list[tuple[str, DeliveryState]] = []

    def open(self, *, digest: str | None = None, day: date | None = None) -> tuple[Delivery, ...]:
        return tuple(row for row in self._select(digest, day) if row.state not in FINAL)

    def all(self, *, digest: str | None = None, day: date | None = None) -> tuple[Delivery, ...]:
        return tuple(replace(row, payload=b"") for row in self._select(digest, day))

    def claim(self, delivery: Delivery, *, now: datetime) -> Delivery | None:
        row = self.rows[self._identity(delivery)]
        if row.state is not DeliveryState.PENDING:
            return None
        return self._put(replace(row, state=DeliveryState.SENDING, attempts=row.attempts + 1, claimed=now))

    def settle(
        self,
        delivery: Delivery,
        state: DeliveryState,
        *,
        remote: str = "",
        error: str = "",
        not_before: datetime | None = None,
    ) -> Delivery:
        row = self.rows[self._identity(delivery)]
        moved_on = (row.state, row.attempts) != (delivery.state, delivery.attempts)
        if moved_on and state is not DeliveryState.SENT:
            return row
        return self._put(replace(row, state=state, remote=remote or row.remote, error=error, not_before=not_before))

    def _put(self, row: Delivery) -> Delivery:
        self.rows[self._identity(row)] = row
        self.history.append((row.key, row.state))
        return row

    def _select(self, digest: str | None, day: date | None) -> list[Delivery]:
        rows = [row for row in self.rows.values() if digest in (None, row.digest) and day in (None, row.edition)]
        return sorted(rows, key=lambda row: (row.edition, row.part))

    @staticmethod
    def _identity(delivery: Delivery) -> tuple[object, ...]:
        return delivery.digest, delivery.edition, delivery.recipient, delivery.part
