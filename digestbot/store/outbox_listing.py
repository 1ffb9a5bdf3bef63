"""What the outbox holds: deliveries by state, edition and recipient. Nothing here reads all rows where some are asked for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import fields
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, Text, bindparam, cast, exists, func, literal, literal_column, select, tuple_

from ..model import Delivery, DeliveryState, EditionDate, Recipient
from .column_types import EditionName
from .database import Database, chunks
from .schema import OPEN_STATES, deliveries

COLUMNS = [deliveries.c[part.name] for part in fields(Delivery) if part.name in deliveries.c]
_NAMES = [column.name for column in COLUMNS]
# Without a type: SQLite would be asked for `... = 1`, which its index does not answer.
OPEN: ColumnElement[bool] = literal_column(f"deliveries.{OPEN_STATES}")
_ORDER = (deliveries.c.edition, deliveries.c.part, deliveries.c.number)
# In the order of the index of open rows: else SQLite takes another one, and looks at every row of the digest.
_ANY_OPEN = select(deliveries.c.number).where(OPEN, deliveries.c.digest == bindparam("of")).order_by(*_ORDER).limit(1)


class OutboxListing:
    """The half of `ports.Outbox` that only looks."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def open(
        self,
        *,
        digest: str | None = None,
        day: date | None = None,
        after: Delivery | None = None,
        limit: int | None = None,
        without: Collection[str] = (),
        numbers: range | None = None,
    ) -> tuple[Delivery, ...]:
        where = [OPEN, *_by_edition(digest, day)]
        where += [] if numbers is None else [deliveries.c.number.between(numbers.start, numbers.stop - 1)]
        for channel in without:
            of = cast(deliveries.c.recipient, Text).startswith(f"{channel}:", autoescape=True)
            where.append(~(of & (deliveries.c.state == DeliveryState.PENDING)))
        if after is not None:
            place = (literal(after.edition, EditionName()), literal(after.part), literal(after.number))
            where.append(tuple_(*_ORDER) > tuple_(*place))
        return self._select(*where, limit=limit)

    def is_open(self, *, digest: str) -> bool:
        with self._database.reading() as connection:
            return connection.scalar(_ANY_OPEN, {"of": digest}) is not None

    def count_open(self, *, digest: str | None) -> Mapping[date, int]:
        what = (deliveries.c.edition, deliveries.c.part)  # by part for the same reason
        query = select(*what, func.count()).where(OPEN, *_by_edition(digest, None)).group_by(*what)
        found = Counter[date]()
        with self._database.reading() as connection:
            for day, _part, count in connection.execute(query):
                found[day] += count
        return found

    def open_mails(self, *, digest: str, channel: str) -> tuple[int, datetime | None]:
        of = cast(deliveries.c.recipient, Text).startswith(f"{channel}:", autoescape=True)
        query = select(func.count(), func.max(deliveries.c.deadline)).where(OPEN, *_by_edition(digest, None), of)
        with self._database.reading() as connection:
            count, until = connection.execute(query).one()
        return count, until

    def all(
        self,
        *,
        digest: str | None = None,
        day: date | None = None,
        states: Collection[DeliveryState] | None = None,
        recipients: Collection[Recipient] | None = None,
        limit: int | None = None,
    ) -> tuple[Delivery, ...]:
        where = _by_edition(digest, day)
        where += [] if states is None else [deliveries.c.state.in_(states)]
        where += [] if recipients is None else [deliveries.c.recipient.in_(recipients)]
        return self._select(*where, limit=limit)

    def matching(
        self,
        *,
        digest: str | None,
        day: date | None,
        states: Collection[DeliveryState] | None,
        recipient: str | None,
        newest: bool = False,
        limit: int | None = None,
    ) -> tuple[Delivery, ...]:
        where = [] if digest is None else [deliveries.c.digest == digest]
        where += [] if states is None else [deliveries.c.state.in_(states)]
        if isinstance(day, EditionDate):
            where.append(deliveries.c.edition == day)
        elif day is not None:
            # As text the names of all its editions lie between those of the dates.
            where += [deliveries.c.edition >= day, deliveries.c.edition < day + timedelta(days=1)]
        if recipient is not None:
            spelled = cast(deliveries.c.recipient, Text)
            where.append((spelled == recipient) | spelled.endswith(f":{recipient}", autoescape=True))
        if newest:
            newer = deliveries.alias()
            same = [newer.c[name] == deliveries.c[name] for name in ("digest", "edition", "recipient")]
            where.append(~exists().where(*same, newer.c.revision > deliveries.c.revision))
        return self._select(*where, limit=limit)

    def by_keys(self, keys: Collection[str]) -> tuple[Delivery, ...]:
        found = (self._select(deliveries.c.key.in_(part)) for part in chunks(tuple(keys)))
        return tuple(row for rows in found for row in rows)

    def parent(self, delivery: Delivery) -> Delivery | None:
        of = [deliveries.c[name] == getattr(delivery, name) for name in ("digest", "edition", "recipient", "revision")]
        return next(iter(self._select(*of, deliveries.c.part == 0)), None)

    def tally(
        self, *, digest: str, day: date | None = None, states: Collection[DeliveryState] | None = None
    ) -> Mapping[tuple[date, DeliveryState], int]:
        what = (deliveries.c.edition, deliveries.c.state)
        wanted = [] if states is None else [deliveries.c.state.in_(states)]
        query = select(*what, func.count()).where(*_by_edition(digest, day), *wanted).group_by(*what)
        with self._database.reading() as connection:
            return {(day, state): count for day, state, count in connection.execute(query)}

    def newest_revision(self, *, digest: str, day: date) -> int:
        query = select(func.max(deliveries.c.revision)).where(*_by_edition(digest, day))
        with self._database.reading() as connection:
            newest = connection.scalar(query)
        return -1 if newest is None else int(newest)

    def refused(self, *, digest: str, day: date) -> tuple[Delivery, ...]:
        ended = deliveries.c.state.in_((DeliveryState.FAILED, DeliveryState.CANCELLED))
        return self._select(deliveries.c.address_gone, ended, *_by_edition(digest, day))

    def _select(self, *conditions: ColumnElement[bool], limit: int | None = None) -> tuple[Delivery, ...]:
        query = select(*COLUMNS).where(*conditions).order_by(*_ORDER).limit(limit)
        with self._database.reading() as connection:
            # By `mappings` a row takes twice as long, and there are a hundred thousand.
            return tuple(Delivery(**dict(zip(_NAMES, row, strict=True))) for row in connection.execute(query))


def _by_edition(digest: str | None, day: date | None) -> list[ColumnElement[bool]]:
    conditions = [] if digest is None else [deliveries.c.digest == digest]
    return conditions if day is None else [*conditions, deliveries.c.edition == day]
