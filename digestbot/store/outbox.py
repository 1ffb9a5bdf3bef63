"""The ledger of deliveries: who has claimed what, and what became of it."""

from __future__ import annotations

from dataclasses import fields
from datetime import date, datetime
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, and_, select, update

from ..errors import StoreError
from ..model import FINAL, Delivery, DeliveryState
from .database import Database
from .schema import deliveries

_DELIVERY = [deliveries.c[part.name] for part in fields(Delivery)]
_SHOWN = [column for column in _DELIVERY if column is not deliveries.c.payload]
_OPEN = deliveries.c.state.not_in(FINAL)


class OutboxStore:
    """`ports.Outbox` on a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def open(self, *, digest: str | None = None, day: date | None = None) -> tuple[Delivery, ...]:
        return self._select(_DELIVERY, _OPEN, *_of(digest, day))

    def all(self, *, digest: str | None = None, day: date | None = None) -> tuple[Delivery, ...]:
        return self._select(_SHOWN, *_of(digest, day))

    def claim(self, delivery: Delivery, *, now: datetime) -> Delivery | None:
        free = and_(_is(delivery), deliveries.c.state == DeliveryState.PENDING)
        taken = {"state": DeliveryState.SENDING, "attempts": deliveries.c.attempts + 1, "claimed": now}
        with self._database.writing() as connection:
            won = connection.execute(update(deliveries).where(free).values(taken)).rowcount
            return self._one(connection, delivery) if won else None

    def settle(
        self,
        delivery: Delivery,
        state: DeliveryState,
        *,
        remote: str = "",
        error: str = "",
        not_before: datetime | None = None,
    ) -> Delivery:
        unmoved = and_(deliveries.c.state == delivery.state, deliveries.c.attempts == delivery.attempts)
        if state is DeliveryState.SENT:
            unmoved = deliveries.c.state != DeliveryState.SENT
        outcome = {"state": state, "remote": remote or delivery.remote, "error": error, "not_before": not_before}
        with self._database.writing() as connection:
            connection.execute(update(deliveries).where(_is(delivery), unmoved).values(outcome))
            return self._one(connection, delivery)

    def prune(self, *, before: date) -> int:
        finished = and_(deliveries.c.state.in_(FINAL), deliveries.c.edition < before, deliveries.c.payload != b"")
        with self._database.writing() as connection:
            return connection.execute(update(deliveries).where(finished).values(payload=b"")).rowcount

    def _select(self, columns: list[Column[Any]], *conditions: ColumnElement[bool]) -> tuple[Delivery, ...]:
        order = (deliveries.c.edition, deliveries.c.part, deliveries.c.number)
        query = select(*columns).where(*conditions).order_by(*order)
        with self._database.reading() as connection:
            return tuple(Delivery(**row) for row in connection.execute(query).mappings())

    def _one(self, connection: Connection, delivery: Delivery) -> Delivery:
        row = connection.execute(select(*_DELIVERY).where(_is(delivery))).mappings().one_or_none()
        if row is None:
            raise StoreError(
                f"no delivery of {delivery.digest}, {delivery.edition}, to {delivery.recipient} is on record"
            )
        return Delivery(**row)


def _is(delivery: Delivery) -> ColumnElement[bool]:
    return and_(
        deliveries.c.digest == delivery.digest,
        deliveries.c.edition == delivery.edition,
        deliveries.c.recipient == delivery.recipient,
        deliveries.c.part == delivery.part,
    )


def _of(digest: str | None, day: date | None) -> list[ColumnElement[bool]]:
    named = [] if digest is None else [deliveries.c.digest == digest]
    return named if day is None else [*named, deliveries.c.edition == day]
