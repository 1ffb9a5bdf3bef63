"""The outbox: every delivery, who has claimed it, and what became of it.

Its rows stay after they were sent: by them no delivery is sent twice, and `status` shows them. An edition's
deliveries get their rows, with the bytes of each message, before the first attempt: `insert_deliveries`, called by store/editions.py.
"""

from __future__ import annotations

import threading
from collections.abc import Collection, Mapping, Sequence
from dataclasses import fields, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, RowMapping, bindparam, delete, func, insert, select, update

from ..errors import StoreError
from ..model import FINAL, Delivery, DeliveryState
from .claimant import Claimant, has_ended, process_start, this_claimant
from .database import Database, chunks
from .errors import system_errors
from .schema import UtcDateTime, deliveries, payloads
from .set_aside import SetAside, outcomes, write_outcome

_COLUMNS = [deliveries.c[part.name] for part in fields(Delivery) if part.name in deliveries.c]
_OPEN = deliveries.c.state.not_in(FINAL)
_THIS = deliveries.c.key == bindparam("this")

# Built once: to build a statement takes longer than to execute it.
_CLAIM = (
    update(deliveries)
    .where(_THIS, deliveries.c.state == DeliveryState.PENDING, deliveries.c.attempts == bindparam("tried"))
    .values(
        state=DeliveryState.SENDING,
        attempts=deliveries.c.attempts + 1,
        claimed=bindparam("now"),
        claimed_by=bindparam("me"),
    )
)
# What has arrived has arrived: unlike other outcomes this one does not ask which attempt reports it.
_RECORD_SENT = (
    update(deliveries)
    .where(_THIS, deliveries.c.state != DeliveryState.SENT)
    .values(state=DeliveryState.SENT, remote_id=bindparam("found"), error="", not_before=None)
)
_MOVE = (
    update(deliveries)
    .where(_THIS, deliveries.c.state == bindparam("was"), deliveries.c.attempts == bindparam("tried"))
    .values(
        state=bindparam("becomes"),
        remote_id=bindparam("found"),
        error=bindparam("why"),
        not_before=bindparam("again"),
        deadline=bindparam("until"),
        address_gone=bindparam("no_address"),
    )
)
# Machines that share a database share one clock by it: a claim's age must not depend on whose clock is wrong.
_CLAIM_BY_ITS_CLOCK = _CLAIM.values(claimed=func.clock_timestamp())
_PAYLOAD_AND_CLAIM = (
    select(payloads.c.payload, deliveries.c.claimed)
    .select_from(deliveries.outerjoin(payloads, payloads.c.key == deliveries.c.key))
    .where(_THIS)
)
_ITS_CLOCK = select(func.clock_timestamp(type_=UtcDateTime()))
_ONE = select(*_COLUMNS).where(_THIS)
_PAYLOAD = select(payloads.c.payload).where(payloads.c.key == bindparam("this"))


class OutboxStore:
    """`ports.Outbox` on a database."""

    def __init__(self, database: Database, data: Path | None = None) -> None:
        self._database = database
        self._data = data
        self._threads = threading.local()
        # The database of one machine has no clock of its own: there the caller's counts.
        claim, claimed = (_CLAIM, _PAYLOAD) if database.sqlite else (_CLAIM_BY_ITS_CLOCK, _PAYLOAD_AND_CLAIM)
        self._claim, self._sent, self._claimed = map(database.prepared, (claim, _RECORD_SENT, claimed))

    def open(self, *, digest: str | None = None, day: date | None = None) -> tuple[Delivery, ...]:
        return self._select(_COLUMNS, _OPEN, *_by_edition(digest, day))

    def all(
        self, *, digest: str | None = None, day: date | None = None, states: Collection[DeliveryState] | None = None
    ) -> tuple[Delivery, ...]:
        wanted = [] if states is None else [deliveries.c.state.in_(states)]
        return self._select(_COLUMNS, *wanted, *_by_edition(digest, day))

    def tally(self, *, digest: str) -> Mapping[tuple[date, DeliveryState], int]:
        what = (deliveries.c.edition, deliveries.c.state)
        query = select(*what, func.count()).where(*_by_edition(digest, None)).group_by(*what)
        with self._database.reading() as connection:
            return {(day, state): count for day, state, count in connection.execute(query)}

    def payload(self, delivery: Delivery) -> bytes:
        with self._database.reading() as connection:
            return connection.scalar(_PAYLOAD, {"this": delivery.key}) or b""

    def add(self, frozen: Sequence[Delivery]) -> tuple[Delivery, ...]:
        with self._database.writing() as connection:
            keys = select(deliveries.c.key).where(deliveries.c.key.in_([one.key for one in frozen]))
            known = set(connection.scalars(keys))
            fresh = tuple(one for one in frozen if one.key not in known)
            insert_deliveries(connection, fresh)
        return fresh

    def claim(self, delivery: Delivery, *, now: datetime, sent: Delivery | None = None) -> Delivery | None:
        me = str(self._me or "")
        with self._database.writing_directly() as cursor:
            if sent is not None:
                self._sent.execute(cursor, this=sent.key, found=sent.remote_id)
            when = {"now": now} if self._database.sqlite else {}
            self._claim.execute(cursor, this=delivery.key, tried=delivery.attempts, me=me, **when)
            if not cursor.rowcount:
                return None
            self._claimed.execute(cursor, this=delivery.key)
            payload, *moment = cursor.fetchone() or [b""]
        tried = delivery.attempts + 1
        claimed = moment[0] if moment else now
        return replace(
            delivery,
            state=DeliveryState.SENDING,
            attempts=tried,
            claimed=claimed,
            claimed_by=me,
            payload=bytes(payload or b""),
        )

    def claim_clock(self, now: datetime) -> datetime:
        if self._database.sqlite:
            return now
        with self._database.reading() as connection:
            return connection.execute(_ITS_CLOCK).scalar_one()

    def abandoned(self, delivery: Delivery) -> bool:
        return self._me is not None and has_ended(
            Claimant.parse(delivery.claimed_by), asks=self._me, start_of=process_start
        )

    def record_outcome(
        self,
        delivery: Delivery,
        state: DeliveryState,
        *,
        remote_id: str = "",
        error: str = "",
        not_before: datetime | None = None,
        address_gone: bool = False,
    ) -> Delivery:
        with self._database.writing() as connection:
            if state is DeliveryState.SENT:
                connection.execute(_RECORD_SENT, {"this": delivery.key, "found": remote_id or delivery.remote_id})
            else:
                self._move(
                    connection,
                    delivery,
                    state,
                    remote_id=remote_id,
                    error=error,
                    not_before=not_before,
                    address_gone=address_gone,
                )
            return self._one(connection, delivery)

    def set_aside(self, delivery: Delivery, state: DeliveryState, **outcome: Any) -> bool:
        if self._data is None:
            return False
        kept = SetAside(key=delivery.key, attempts=delivery.attempts, state=state, **outcome)
        write_outcome(self._data, kept)
        return True

    def take_up(self) -> tuple[Delivery, ...]:
        taken = []
        for outcome, path in outcomes(self._data) if self._data else ():
            with self._database.reading() as connection:
                row = connection.execute(_ONE, {"this": outcome.key}).mappings().one_or_none()
            if row is None:
                continue  # it is of another database, which was in use then
            settled = self.record_outcome(
                replace(Delivery(**row), state=DeliveryState.SENDING, attempts=outcome.attempts),
                outcome.state,
                remote_id=outcome.remote_id,
                error=outcome.error,
                not_before=outcome.not_before,
                address_gone=outcome.address_gone,
            )
            with system_errors(f"{path} cannot be removed"):
                path.unlink(missing_ok=True)
            taken.append(settled)
        return tuple(taken)

    def refused(self, *, digest: str, day: date) -> tuple[Delivery, ...]:
        ended = deliveries.c.state.in_((DeliveryState.FAILED, DeliveryState.CANCELLED))
        return self._select(_COLUMNS, deliveries.c.address_gone, ended, *_by_edition(digest, day))

    def requeue(self, delivery: Delivery, *, deadline: datetime) -> Delivery | None:
        with self._database.writing() as connection:
            if connection.scalar(_PAYLOAD, {"this": delivery.key}) is None:
                return None
            if delivery.state in FINAL:
                self._move(connection, delivery, DeliveryState.PENDING, deadline=deadline)
            return self._one(connection, delivery)

    def prune(self, *, before: date) -> int:
        finished = select(deliveries.c.key).where(deliveries.c.state.in_(FINAL), deliveries.c.edition < before)
        with self._database.writing() as connection:
            return connection.execute(delete(payloads).where(payloads.c.key.in_(finished))).rowcount

    @property
    def _me(self) -> Claimant | None:
        """Found once for each thread: threads of one process may deliver side by side."""
        if not hasattr(self._threads, "claimant"):
            self._threads.claimant = this_claimant(self._data) if self._data else None
        return self._threads.claimant  # type: ignore[no-any-return]

    def _select(self, columns: list[Column[Any]], *conditions: ColumnElement[bool]) -> tuple[Delivery, ...]:
        order = (deliveries.c.edition, deliveries.c.part, deliveries.c.number)
        query = select(*columns).where(*conditions).order_by(*order)
        with self._database.reading() as connection:
            return tuple(Delivery(**row) for row in connection.execute(query).mappings())

    @staticmethod
    def _move(
        connection: Connection,
        delivery: Delivery,
        state: DeliveryState,
        *,
        remote_id: str = "",
        error: str = "",
        not_before: datetime | None = None,
        deadline: datetime | None = None,
        address_gone: bool = False,
    ) -> None:
        """Unless its state or its number of attempts has changed since `delivery` was read."""
        unchanged = {"this": delivery.key, "was": delivery.state, "tried": delivery.attempts}
        outcome = {"becomes": state, "found": remote_id or delivery.remote_id, "why": error, "again": not_before}
        rest = {"until": deadline or delivery.deadline, "no_address": address_gone}
        connection.execute(_MOVE, {**unchanged, **outcome, **rest})

    @staticmethod
    def _one(connection: Connection, delivery: Delivery) -> Delivery:
        row: RowMapping | None = connection.execute(_ONE, {"this": delivery.key}).mappings().one_or_none()
        if row is None:
            raise StoreError(
                f"the database has no delivery of {delivery.digest}, {delivery.edition}, to {delivery.recipient}"
            )
        return Delivery(**row)


def _by_edition(digest: str | None, day: date | None) -> list[ColumnElement[bool]]:
    conditions = [] if digest is None else [deliveries.c.digest == digest]
    return conditions if day is None else [*conditions, deliveries.c.edition == day]


def insert_deliveries(connection: Connection, frozen: Sequence[Delivery]) -> None:
    """Store deliveries and their bytes before the first attempt, in the transaction that makes their edition ready."""
    names = [column.name for column in _COLUMNS]
    for part in chunks(frozen):
        connection.execute(insert(deliveries), [{name: getattr(one, name) for name in names} for one in part])
        connection.execute(insert(payloads), [{"key": one.key, "payload": one.payload} for one in part])
