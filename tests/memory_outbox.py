"""`ports.Outbox` without a database, for tests of what is done with an outbox rather than of how it is kept."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from digestbot.model import FINAL, Account, Delivery, DeliveryState, Recipient


class MemoryOutbox:
    """Rows in a dictionary; `history` holds every state a row has been in, by key."""

    def __init__(self, deliveries: Iterable[Delivery] = ()) -> None:
        self.rows: dict[str, Delivery] = {}
        self.add(deliveries)
        self.history: list[tuple[str, DeliveryState]] = []
        self.aside: list[tuple[Delivery, DeliveryState, dict[str, Any]]] = []

    def open(
        self,
        *,
        digest: str | None = None,
        day: date | None = None,
        after: Delivery | None = None,
        limit: int | None = None,
        without: Collection[str] = (),
    ) -> tuple[Delivery, ...]:
        rows = [row for row in self.all(digest=digest, day=day) if row.state not in FINAL]
        rows = [row for row in rows if row.recipient.channel not in without or row.state is not DeliveryState.PENDING]
        if after is not None:
            rows = [row for row in rows if _place(row) > _place(after)]
        return tuple(rows[:limit])

    def is_open(self, *, digest: str) -> bool:
        return bool(self.open(digest=digest))

    def count_open(self, *, digest: str | None) -> Mapping[date, int]:
        return Counter(row.edition for row in self.open(digest=digest))

    def open_mails(self, *, digest: str, channel: str) -> tuple[int, datetime | None]:
        raise NotImplementedError  # `status` asks a database

    def all(
        self,
        *,
        digest: str | None = None,
        day: date | None = None,
        states: Collection[DeliveryState] | None = None,
        recipients: Collection[Recipient] | None = None,
        limit: int | None = None,
    ) -> tuple[Delivery, ...]:
        rows = [row for row in self._select(digest, day) if states is None or row.state in states]
        rows = [row for row in rows if recipients is None or row.recipient in recipients]
        return tuple(replace(row, payload=b"") for row in rows[:limit])

    def matching(self, **which: Any) -> tuple[Delivery, ...]:
        raise NotImplementedError  # what an operator names is looked for in a database

    def by_keys(self, keys: Collection[str]) -> tuple[Delivery, ...]:
        return tuple(replace(self.rows[key], payload=b"") for key in keys)

    def parent(self, delivery: Delivery) -> Delivery | None:
        return next(
            (
                replace(row, payload=b"")
                for row in self._select(delivery.digest, delivery.edition)
                if (row.part, row.recipient, row.revision) == (0, delivery.recipient, delivery.revision)
            ),
            None,
        )

    def tally(
        self, *, digest: str, day: date | None = None, states: Collection[DeliveryState] | None = None
    ) -> Mapping[tuple[date, DeliveryState], int]:
        return Counter((row.edition, row.state) for row in self.all(digest=digest, day=day, states=states))

    def add(self, frozen: Iterable[Delivery]) -> tuple[Delivery, ...]:
        first = len(self.rows) + 1
        fresh = tuple(
            replace(one, number=number)
            for number, one in enumerate((one for one in frozen if one.key not in self.rows), first)
        )
        self.rows |= {one.key: one for one in fresh}
        return fresh

    def payload(self, delivery: Delivery) -> bytes:
        return self.rows[delivery.key].payload

    def claim(
        self, delivery: Delivery, *, now: datetime, sent: Delivery | None = None, account: Account | None = None
    ) -> Delivery | None:
        if sent is not None:
            self.record_outcome(sent, DeliveryState.SENT, remote_id=sent.remote_id)
        row = self.rows[delivery.key]
        if (row.state, row.attempts) != (DeliveryState.PENDING, delivery.attempts):
            return None
        through = account.name if account else ""
        return self._put(
            replace(row, state=DeliveryState.SENDING, attempts=row.attempts + 1, claimed=now, account=through)
        )

    def claims_ahead(self) -> None:
        return None

    def claim_clock(self, now: datetime) -> datetime:
        return now

    def set_aside(self, delivery: Delivery, state: DeliveryState, **outcome: Any) -> bool:
        self.aside.append((delivery, state, outcome))
        return True

    def take_up(self) -> tuple[Delivery, ...]:
        taken = tuple(self.record_outcome(delivery, state, **outcome) for delivery, state, outcome in self.aside)
        self.aside.clear()
        return taken

    def abandoned(self, delivery: Delivery) -> bool:
        return False

    def record_outcome(
        self,
        delivery: Delivery,
        state: DeliveryState,
        *,
        remote_id: str = "",
        error: str = "",
        not_before: datetime | None = None,
        address_gone: bool = False,
        spared: bool = False,
        begun: bool = True,
    ) -> Delivery:
        row = self.rows[delivery.key]
        moved_on = (row.state, row.attempts) != (delivery.state, delivery.attempts)
        if moved_on and state is not DeliveryState.SENT:
            return replace(row, payload=b"")
        row = replace(
            row,
            state=state,
            remote_id=remote_id or row.remote_id,
            error=error,
            not_before=not_before,
            address_gone=address_gone,
            spared=row.spared + spared,
            account=row.account if begun else "",
        )
        return replace(self._put(row), payload=b"")

    def newest_revision(self, *, digest: str, day: date) -> int:
        return max((row.revision for row in self._select(digest, day)), default=-1)

    def refused(self, *, digest: str, day: date) -> tuple[Delivery, ...]:
        ended = (DeliveryState.FAILED, DeliveryState.CANCELLED)
        return tuple(row for row in self.all(digest=digest, day=day) if row.address_gone and row.state in ended)

    def requeue(self, delivery: Delivery, *, deadline: datetime) -> Delivery | None:
        row = self.rows[delivery.key]
        return self._put(replace(row, state=DeliveryState.PENDING, error="", deadline=deadline))

    def prune(self, *, before: date) -> int:
        return 0

    def forget(self, *, before: date) -> int:
        return 0

    def _put(self, row: Delivery) -> Delivery:
        self.rows[row.key] = row
        self.history.append((row.key, row.state))
        return row

    def _select(self, digest: str | None, day: date | None) -> list[Delivery]:
        rows = [row for row in self.rows.values() if digest in (None, row.digest) and day in (None, row.edition)]
        return sorted(rows, key=_place)


def _place(row: Delivery) -> tuple[date, int, int]:
    return row.edition, row.part, row.number
