"""What was sent: counted by the database, and read in pages in the order of an index."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Text, and_, case, func, literal, or_, select, tuple_, type_coerce

from ..model import Delivery, DeliveryState, LedgerCount, LedgerReason, Recipient
from ..text.common_reason import ADDRESS
from ..text.mail_addresses import AddressError, mail_key
from .column_types import RecipientText, UtcDateTime
from .database import Database, chunks
from .outbox_listing import COLUMNS
from .schema import deliveries

_RECIPIENT: ColumnElement[str] = type_coerce(deliveries.c.recipient, Text)
_PLACE = (deliveries.c.recipient, deliveries.c.part, deliveries.c.revision)
_NAMES = [column.name for column in COLUMNS]
_MAIL = "mailto:"
_ROWS_AT_ONCE = 1000


class LedgerStore:
    """`ports.Ledger` on a database."""

    def __init__(self, database: Database) -> None:
        self._database = database
        if database.sqlite:
            colon: ColumnElement[Any] = func.instr(_RECIPIENT, ":")
            self._channel = func.substr(_RECIPIENT, 1, colon - 1)
        else:
            colon = func.strpos(_RECIPIENT, ":")
            self._channel = func.split_part(_RECIPIENT, ":", 1)
        self._address: ColumnElement[str] = func.substr(_RECIPIENT, colon + 1, type_=Text())

    def counts(self, *, digest: str, edition: date, now: datetime) -> tuple[LedgerCount, ...]:
        moment = literal(now, UtcDateTime())
        row = deliveries.c
        dropped = and_(row.state == DeliveryState.CANCELLED, or_(row.address_gone, row.error.startswith("suppressed")))
        late = or_(row.deadline <= moment, row.not_before >= row.deadline)
        what = (self._channel.label("channel"), row.revision, row.state)
        figures = (
            func.count().label("deliveries"),
            _number(row.part == 0).label("recipients"),
            _number(dropped).label("suppressed"),
            _number(and_(row.state == DeliveryState.PENDING, late)).label("too_late"),
            func.min(row.claimed).label("first"),
            func.max(row.claimed).label("last"),
        )
        query = select(*what, *figures).where(*_of(digest, edition)).group_by(*what).order_by(*what)
        with self._database.reading() as connection:
            return tuple(LedgerCount(**one) for one in connection.execute(query).mappings())

    def reasons(
        self, *, digest: str, edition: date, common: Callable[[str], str], most: int = 1000
    ) -> tuple[LedgerReason, ...]:
        row = deliveries.c
        # The database makes a few of what are 100,000 where each names its own address; `common` does the rest. A short
        # name, such as slack:a, stands in words that do not mean it.
        named = func.replace(row.error, self._address, ADDRESS)
        reason = case((self._address.contains("@"), named), else_=row.error)
        what = (self._channel.label("channel"), row.revision, row.state, reason.label("reason"))
        number = func.count().label("number")
        told = (row.error != "", row.state != DeliveryState.SENT)
        query = select(*what, number).where(*_of(digest, edition), *told).group_by(*what).order_by(number.desc())
        found: Counter[tuple[str, int, DeliveryState, str]] = Counter()
        with self._database.reading() as connection:
            for one in connection.execute(query, execution_options={"yield_per": _ROWS_AT_ONCE}):
                place = (one.channel, one.revision, one.state)
                full = (*place, common(one.reason))
                found[full if full in found or len(found) < most else (*place, "")] += one.number
        return tuple(
            LedgerReason(channel=channel, revision=revision, state=state, reason=reason, deliveries=number)
            for (channel, revision, state, reason), number in found.most_common()
        )

    def page(
        self, *, digest: str, edition: date, after: Delivery | None = None, limit: int = 1000
    ) -> tuple[Delivery, ...]:
        query = select(*COLUMNS).where(*_of(digest, edition)).order_by(*_PLACE).limit(limit)
        if after is not None:
            place = (literal(after.recipient, RecipientText()), literal(after.part), literal(after.revision))
            query = query.where(tuple_(*_PLACE) > tuple_(*place))
        with self._database.reading() as connection:
            # By place: to ask a row for each column by its name took as long as the rest of an export.
            return tuple(Delivery(**dict(zip(_NAMES, row, strict=True))) for row in connection.execute(query))

    def to(
        self, recipient: str, *, digest: str | None = None, editions: Collection[date] | None = None
    ) -> tuple[Delivery, ...]:
        word = recipient.strip()
        spelled = {word.lower(), _key(word)}
        address, whole = func.lower(self._address), func.lower(_RECIPIENT)
        same = (address.in_(spelled), whole.in_(spelled))
        # SQLite folds the case of ASCII alone; whatever holds another letter is looked at here.
        strange = (
            _RECIPIENT.op("GLOB", is_comparison=True)("*[^ -~]*")
            if self._database.sqlite
            else _RECIPIENT.op("~", is_comparison=True)("[^ -~]")
        )
        of_them = [] if digest is None else [deliveries.c.digest == digest]
        of_them += [] if editions is None else [deliveries.c.edition.in_(editions)]
        # Of the index alone: rows are read once it is known which ones.
        candidates = select(deliveries.c.number, deliveries.c.recipient).where(*of_them, or_(*same, strange))
        found: list[Delivery] = []
        with self._database.reading() as connection:
            read = connection.execute(candidates, execution_options={"yield_per": _ROWS_AT_ONCE})
            numbers = [row.number for row in read if _is_meant(word, row.recipient)]
            for part in chunks(numbers):
                rows = select(*COLUMNS).where(deliveries.c.number.in_(part))
                found += [Delivery(**row) for row in connection.execute(rows).mappings()]
        return tuple(sorted(found, key=lambda one: (one.edition, str(one.recipient), one.revision, one.part)))


def _of(digest: str, edition: date) -> tuple[ColumnElement[bool], ...]:
    return deliveries.c.digest == digest, deliveries.c.edition == edition


def _number(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((condition, 1), else_=0)), 0)


def _key(word: str) -> str:
    """What tells an address from others; of a name that is none, the name in small letters."""
    try:
        return mail_key(word[len(_MAIL) :] if word.lower().startswith(_MAIL) else word)
    except AddressError:
        return word.casefold()


def _is_meant(word: str, recipient: Recipient) -> bool:
    if str(recipient).casefold() == word.casefold():
        return True
    if word.lower().startswith(_MAIL) and recipient.channel != _MAIL[:-1]:
        return False
    return _key(recipient.address) == _key(word)
