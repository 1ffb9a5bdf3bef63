"""The outbox: every delivery, who has claimed it, and what became of it.

Its rows stay after they were sent: by them no delivery is sent twice, and `status` shows them. An edition's
deliveries get their rows, with the bytes of each message, before the first attempt: `insert_deliveries`, called by store/editions.py.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import (
    Connection,
    RowMapping,
    bindparam,
    delete,
    exists,
    func,
    insert,
    literal,
    select,
    update,
)

from ..errors import StoreError
from ..model import FINAL, Account, Delivery, DeliveryState
from .claimant import Claimant, has_ended, process_start, this_claimant
from .claims import RECORD_SENT, Claims
from .claims_ahead import ClaimedAhead
from .column_types import EditionName, UtcDateTime
from .database import Database, chunks
from .errors import system_errors
from .journal import Entry, take_up_journals
from .outbox_listing import COLUMNS, OPEN, OutboxListing
from .schema import bodies, deliveries
from .set_aside import SetAside, outcomes, write_outcome
from .together import Together

_THIS = deliveries.c.key == bindparam("this")
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
        account=bindparam("through"),
        spared=deliveries.c.spared + bindparam("more"),
    )
)
_ITS_CLOCK = select(func.clock_timestamp(type_=UtcDateTime()))
_ONE = select(*COLUMNS).where(_THIS)
_PAYLOAD = select(bodies.c.body).join(deliveries, deliveries.c.body == bodies.c.id).where(_THIS)


class OutboxStore(OutboxListing):
    """`ports.Outbox` on a database."""

    def __init__(self, database: Database, data: Path | None = None) -> None:
        super().__init__(database)
        self._data = data
        self._threads = threading.local()
        self._together = Together(database)
        self._claims = Claims(database)

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

    def claim(
        self, delivery: Delivery, *, now: datetime, sent: Delivery | None = None, account: Account | None = None
    ) -> Delivery | None:
        me = str(self._me or "")  # asked here: another thread may write it

        def work(cursor: Any) -> Delivery | None:
            if sent is not None:
                self._claims.record_sent(cursor, key=sent.key, remote_id=sent.remote_id)
            return self._claims.claim(cursor, (delivery,), now=now, account=account, me=me)[0]

        return self._together.write(work)

    def claims_ahead(self) -> ClaimedAhead | None:
        if not self._database.sqlite or self._data is None or self._me is None:
            return None  # who looks on another machine sees no file of this one
        return ClaimedAhead(self._database, self._claims, self._together, self._data, lambda: str(self._me or ""))

    def claim_clock(self, now: datetime) -> datetime:
        if self._database.sqlite:
            return now
        with self._database.reading() as connection:
            return connection.execute(_ITS_CLOCK).scalar_one()

    def abandoned(self, delivery: Delivery) -> bool:
        ended = self._me is not None and has_ended(
            Claimant.parse(delivery.claimed_by), asks=self._me, start_of=process_start
        )
        if ended:
            self._take_up_journals()  # it may say what became of this one
        return ended

    def _take_up_journals(self) -> tuple[str, ...]:
        """Keys of those that arrived, and were not known to have."""
        arrived: list[str] = []

        def record(me: str, entries: tuple[Entry, ...]) -> None:
            with self._database.writing_directly() as cursor:
                for entry in entries:
                    if entry.stage == "claimed":
                        self._claims.give_back(
                            cursor, key=entry.key, attempts=entry.attempts, account=entry.word, me=me
                        )
                    elif entry.stage == "sent" and self._claims.record_sent(
                        cursor, key=entry.key, remote_id=entry.word
                    ):
                        arrived.append(entry.key)

        if self._data is not None and self._database.sqlite:
            take_up_journals(self._data, record)
        return tuple(arrived)

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
        with self._database.writing() as connection:
            if state is DeliveryState.SENT:
                connection.execute(RECORD_SENT, {"this": delivery.key, "found": remote_id or delivery.remote_id})
            else:
                self._move(
                    connection,
                    delivery,
                    state,
                    remote_id=remote_id,
                    error=error,
                    not_before=not_before,
                    address_gone=address_gone,
                    spared=spared,
                    account=delivery.account if begun else "",
                )
            return self._one(connection, delivery)

    def set_aside(self, delivery: Delivery, state: DeliveryState, **outcome: Any) -> bool:
        if self._data is None:
            return False
        kept = SetAside(key=delivery.key, attempts=delivery.attempts, state=state, **outcome)
        write_outcome(self._data, kept)
        return True

    def take_up(self) -> tuple[Delivery, ...]:
        taken = list(self.by_keys(self._take_up_journals()))
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
                spared=outcome.spared,
                begun=outcome.begun,
            )
            with system_errors(f"{path} cannot be removed"):
                path.unlink(missing_ok=True)
            taken.append(settled)
        return tuple(taken)

    def requeue(self, delivery: Delivery, *, deadline: datetime) -> Delivery | None:
        with self._database.writing() as connection:
            if connection.scalar(_PAYLOAD, {"this": delivery.key}) is None:
                return None
            if delivery.state in FINAL:
                self._move(connection, delivery, DeliveryState.PENDING, deadline=deadline)
            return self._one(connection, delivery)

    def prune(self, *, before: date) -> int:
        same = (deliveries.c.digest == bodies.c.digest, deliveries.c.edition == bodies.c.edition)
        old = bodies.c.edition < literal(before, EditionName())
        with self._database.writing() as connection:
            gone = connection.execute(delete(bodies).where(old, ~exists().where(*same, OPEN))).rowcount
        self._claims.forget_bodies()
        return gone

    def forget(self, *, before: date) -> int:
        old = deliveries.c.edition < literal(before, EditionName())
        with self._database.writing() as connection:
            return connection.execute(delete(deliveries).where(old, deliveries.c.state.in_(FINAL))).rowcount

    @property
    def _me(self) -> Claimant | None:
        """Found once for each thread: threads of one process may deliver side by side."""
        if not hasattr(self._threads, "claimant"):
            self._threads.claimant = this_claimant(self._data) if self._data else None
        return self._threads.claimant  # type: ignore[no-any-return]

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
        spared: bool = False,
        account: str | None = None,
    ) -> None:
        """Unless its state or its number of attempts has changed since `delivery` was read."""
        unchanged = {"this": delivery.key, "was": delivery.state, "tried": delivery.attempts}
        outcome = {"becomes": state, "found": remote_id or delivery.remote_id, "why": error, "again": not_before}
        rest = {"until": deadline or delivery.deadline, "no_address": address_gone, "more": int(spared)}
        through = delivery.account if account is None else account
        connection.execute(_MOVE, {**unchanged, **outcome, **rest, "through": through})

    @staticmethod
    def _one(connection: Connection, delivery: Delivery) -> Delivery:
        row: RowMapping | None = connection.execute(_ONE, {"this": delivery.key}).mappings().one_or_none()
        if row is None:
            raise StoreError(
                f"the database has no delivery of {delivery.digest}, {delivery.edition}, to {delivery.recipient}"
            )
        return Delivery(**row)


def insert_deliveries(connection: Connection, frozen: Sequence[Delivery]) -> None:
    """Store deliveries and their bytes before the first attempt, in the transaction that makes their edition ready."""
    names = [column.name for column in COLUMNS if column is not deliveries.c.number]
    kept: dict[tuple[str, date, bytes], int] = {}
    for part in chunks(frozen):
        rows = []
        for one in part:
            what = (one.digest, one.edition, one.payload)
            if what not in kept:
                kept[what] = keep_body(connection, *what)
            rows.append({name: getattr(one, name) for name in names} | {"body": kept[what]})
        connection.execute(insert(deliveries), rows)


def keep_body(connection: Connection, digest: str, edition: date, body: bytes) -> int:
    """Keep what is sent, unless the edition has it already; returns its number."""
    checksum = hashlib.sha256(body).hexdigest()
    this = (bodies.c.digest == digest, bodies.c.edition == edition, bodies.c.checksum == checksum)
    known: int | None = connection.scalar(select(bodies.c.id).where(*this))
    if known is not None:
        return known
    values = {"digest": digest, "edition": edition, "checksum": checksum, "body": body}
    return int(connection.execute(insert(bodies).returning(bodies.c.id), values).scalar_one())
