"""A delivery's claim in SQL: whose turn it is, whether its account may send now, and whether it may still be sent to its reader."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func, select, update

from ..model import Account, Delivery, DeliveryState
from .accounts import AccountStore
from .bars import ANSWERS, Bars
from .database import Database, Prepared
from .schema import bodies, deliveries

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
        account=bindparam("through"),
    )
    .returning(deliveries.c.body, deliveries.c.claimed, *ANSWERS)
)
# Machines that share a database share one clock by it: a claim's age must not depend on whose clock is wrong.
_CLAIM_BY_ITS_CLOCK = _CLAIM.values(claimed=func.clock_timestamp())
# What has arrived has arrived: unlike other outcomes this one does not ask which attempt reports it.
RECORD_SENT = (
    update(deliveries)
    .where(_THIS, deliveries.c.state != DeliveryState.SENT)
    .values(state=DeliveryState.SENT, remote_id=bindparam("found"), error="", not_before=None)
)
_BAR = update(deliveries).where(_THIS).values(state=DeliveryState.CANCELLED, error=bindparam("why"))
# Nothing of it was begun: the attempt never was.
_GIVE_BACK = (
    update(deliveries)
    .where(
        _THIS,
        deliveries.c.state == DeliveryState.SENDING,
        deliveries.c.attempts == bindparam("tried"),
        deliveries.c.claimed_by == bindparam("me"),
    )
    .values(state=DeliveryState.PENDING, attempts=deliveries.c.attempts - 1, account=bindparam("through"))
)
_BODY = select(bodies.c.body).where(bodies.c.id == bindparam("body"))
_BODIES = 16  # kept in memory: of an edition there are few


class Claims:
    """Statements of a claim, on a cursor of `Database.writing_directly`."""

    def __init__(self, database: Database) -> None:
        self._database = database
        # The database of one machine has no clock of its own: there the caller's counts.
        claim = _CLAIM if database.sqlite else _CLAIM_BY_ITS_CLOCK
        self._claim, self._sent, self._bar = map(database.prepared, (claim, RECORD_SENT, _BAR))
        self._give_back = database.prepared(_GIVE_BACK)
        self._bars = Bars(database)
        self._accounts = AccountStore(database)
        self._bodies: dict[int, bytes] = {}

    def record_sent(self, cursor: Any, *, key: str, remote_id: str) -> bool:
        """It has arrived, under this name at its channel; whether that was not recorded before."""
        self._sent.execute(cursor, this=key, found=remote_id)
        return bool(cursor.rowcount)

    def give_back(self, cursor: Any, *, key: str, attempts: int, account: str, me: str) -> None:
        """pending again, as if never claimed, and bound to the account it was bound to before; unless it has moved on."""
        self._give_back.execute(cursor, this=key, tried=attempts, through=account, me=me)

    def claim(
        self, cursor: Any, asked: Sequence[Delivery], *, now: datetime, account: Account | None, me: str
    ) -> tuple[Delivery | None, ...]:
        """What became of each, as `ports.Outbox.claim` says: of one at least, of several only where the account has no pace."""
        made: list[Delivery | None] = []
        through = account.name if account else ""
        when = {"now": now} if self._database.sqlite else {}
        claim = self._claim.bound(me=me, through=through, moment=now, **when)
        for delivery in asked:
            took = None
            if account is not None and not made:
                wait, took = self._accounts.wait(cursor, account, now=now)
                if wait:
                    return (replace(delivery, not_before=now + wait),)
            made.append(one := self._one(cursor, claim, delivery, now=now, through=through, me=me))
            if took is not None:
                if one is not None and one.state is DeliveryState.SENDING:
                    self._accounts.take(cursor, took)
                break
        return tuple(made)

    def _one(
        self, cursor: Any, claim: Prepared, delivery: Delivery, *, now: datetime, through: str, me: str
    ) -> Delivery | None:
        asked = self._bars.question(cursor, delivery)
        claim.execute(cursor, this=delivery.key, tried=delivery.attempts, **asked)
        rows = cursor.fetchall()
        if not rows:
            return None
        [(body, moment, *answers)] = rows
        barred = self._bars.why(delivery, *answers)
        if barred:
            return self.cancel(cursor, replace(delivery, attempts=delivery.attempts + 1), barred)
        return replace(
            delivery,
            state=DeliveryState.SENDING,
            attempts=delivery.attempts + 1,
            claimed=now if self._database.sqlite else moment,
            claimed_by=me,
            account=through,
            payload=self._body(body),
        )

    def barred(self, cursor: Any, delivery: Delivery, *, now: datetime) -> str:
        """Why a claimed one may not be sent any more; empty where it may be."""
        return self._bars.now(cursor, delivery, moment=now)

    def cancel(self, cursor: Any, delivery: Delivery, why: str) -> Delivery:
        """A claimed one is not sent."""
        self._bar.execute(cursor, this=delivery.key, why=why)
        return replace(delivery, state=DeliveryState.CANCELLED, error=why, payload=b"")

    def _body(self, body: int | None) -> bytes:
        """Read once for all who are sent it: a body never changes."""
        if body is None:
            return b""
        if body not in self._bodies:
            with self._database.reading() as connection:
                found = connection.scalar(_BODY, {"body": body}) or b""
            while len(self._bodies) >= _BODIES:
                self._bodies.pop(next(iter(self._bodies)), None)
            self._bodies[body] = found
        return self._bodies[body]

    def forget_bodies(self) -> None:
        """Some were pruned."""
        self._bodies.clear()
