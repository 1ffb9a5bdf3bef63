"""A delivery's claim in SQL: whose turn it is, whether its account may send now, and whether it may still be sent to its reader."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func, select, update

from ..model import Account, Delivery, DeliveryState
from .accounts import AccountStore
from .bars import ANSWERS, Bars, answers_for
from .database import Database
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
)
# Machines that share a database share one clock by it: a claim's age must not depend on whose clock is wrong.
_CLAIM_BY_ITS_CLOCK = _CLAIM.values(claimed=func.clock_timestamp()).returning(
    deliveries.c.body, deliveries.c.claimed, *ANSWERS
)
# Where one alone writes, a look before the claims, at all at once, takes half of the time.
_ASKED = func.json_each(bindparam("asked")).table_valued("value", name="asked")
_KEY, _TRIED, *_READER = (func.json_extract(_ASKED.c.value, f"$[{place}]") for place in range(6))
_LOOK = select(deliveries.c.key, deliveries.c.body, *answers_for(*_READER)).where(
    deliveries.c.key == _KEY, deliveries.c.state == DeliveryState.PENDING, deliveries.c.attempts == _TRIED
)
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
_Claimed = tuple[int | None, datetime, str | None, int]  # a claim's body and time, and what `Bars.why` asks
_BODIES = 16  # kept in memory: of an edition there are few


class Claims:
    """Statements of a claim, on a cursor of `Database.writing_directly`."""

    def __init__(self, database: Database) -> None:
        self._database = database
        # The database of one machine has no clock of its own: there the caller's counts.
        claim = _CLAIM if database.sqlite else _CLAIM_BY_ITS_CLOCK
        self._claim, self._sent, self._bar = map(database.prepared, (claim, RECORD_SENT, _BAR))
        self._look, self._give_back = database.prepared(_LOOK), database.prepared(_GIVE_BACK)
        self._bars = Bars(database)
        self._accounts = AccountStore(database)
        self._bodies: dict[int, bytes] = {}

    def record_sent(self, cursor: Any, *, key: str, remote_id: str) -> bool:
        """It has arrived, under this name at its channel; whether that was not recorded before."""
        self._sent.execute(cursor, this=key, found=remote_id)
        return bool(cursor.rowcount)

    def record_all_sent(self, cursor: Any, sent: Sequence[Delivery]) -> None:
        """They have arrived, each under its `remote_id`."""
        self._sent.execute_each(cursor, [{"this": one.key, "found": one.remote_id} for one in sent])

    def give_back(self, cursor: Any, *, key: str, attempts: int, account: str, me: str) -> None:
        """pending again, as if never claimed, and bound to the account it was bound to before; unless it has moved on."""
        self._give_back.execute(cursor, this=key, tried=attempts, through=account, me=me)

    def claim(
        self, cursor: Any, asked: Sequence[Delivery], *, now: datetime, account: Account | None, me: str
    ) -> tuple[Delivery | None, ...]:
        """What became of each, as `ports.Outbox.claim` says: of one at least, of several only where the account has no pace."""
        took = None
        if account is not None:
            wait, took = self._accounts.wait(cursor, account, now=now)
            if wait:
                return (replace(asked[0], not_before=now + wait),)
        if took is not None:
            asked = asked[:1]
        found = (self._found if self._database.sqlite else self._found_by_its_clock)(cursor, asked, now, account, me)
        made = tuple(self._made(cursor, one, found.get(one.key), account=account, me=me) for one in asked)
        if took is not None and made[0] is not None and made[0].state is DeliveryState.SENDING:
            self._accounts.take(cursor, took)
        return made

    def _found(
        self, cursor: Any, asked: Sequence[Delivery], now: datetime, account: Account | None, me: str
    ) -> Mapping[str, _Claimed]:
        """What is now claimed, by key."""
        rows = []
        for one in asked:
            reader = self._bars.question(cursor, one)
            rows.append((one.key, one.attempts, *(reader[name] for name in ("key", "hashed", "list", "subscriber"))))
        self._look.execute(cursor, asked=json.dumps(rows), moment=now)
        found = {key: (body, now, suppressed, reads) for key, body, suppressed, reads in cursor.fetchall()}
        claim = self._claim.bound(me=me, through=account.name if account else "", now=now)
        claim.execute_each(cursor, [{"this": one.key, "tried": one.attempts} for one in asked if one.key in found])
        return found

    def _found_by_its_clock(
        self, cursor: Any, asked: Sequence[Delivery], now: datetime, account: Account | None, me: str
    ) -> Mapping[str, _Claimed]:
        found: dict[str, _Claimed] = {}
        claim = self._claim.bound(me=me, through=account.name if account else "", moment=now)
        for one in asked:
            claim.execute(cursor, this=one.key, tried=one.attempts, **self._bars.question(cursor, one))
            if rows := cursor.fetchall():
                [found[one.key]] = rows
        return found

    def _made(
        self, cursor: Any, delivery: Delivery, found: _Claimed | None, *, account: Account | None, me: str
    ) -> Delivery | None:
        if found is None:
            return None
        body, moment, suppressed, reads = found
        barred = self._bars.why(delivery, suppressed, reads)
        if barred:
            return self.cancel(cursor, replace(delivery, attempts=delivery.attempts + 1), barred)
        return replace(
            delivery,
            state=DeliveryState.SENDING,
            attempts=delivery.attempts + 1,
            claimed=moment,
            claimed_by=me,
            account=account.name if account else "",
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
