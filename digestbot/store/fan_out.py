"""An edition to everybody who reads a list, by one statement a form: a hundred thousand rows never pass through this process."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Integer,
    cast,
    exists,
    func,
    insert,
    literal,
)

from ..model import LIST_CHANNEL, DeliveryState, Edition, FanOut, ForReaders
from .column_types import SafeText, UtcDateTime
from .outbox import keep_body
from .receiving import sent_to_readers
from .schema import deliveries
from .subscriber_tables import subscribers, subscriptions

_DIGITS = 10  # hexadecimal, of a subscriber's number: with the prefix a key of 128 bits, as all others have


def fan_out(connection: Connection, edition: Edition, readers: ForReaders, *, revision: int = 0) -> int:
    """Add a delivery for each reader, in the order of forms; how many. Who is in two lists gets one."""
    return sum(_add(connection, edition, readers, one, revision) for one in readers.fan_outs)


def _add(connection: Connection, edition: Edition, readers: ForReaders, one: FanOut, revision: int) -> int:
    body = keep_body(connection, edition.digest, edition.date, one.body)
    recipient = literal(f"{LIST_CHANNEL}:", SafeText) + subscribers.c.address
    number = subscribers.c.id
    key = literal(readers.key_prefix, SafeText) + _hexadecimal(connection, number) + literal("-0", SafeText)
    had = exists().where(
        deliveries.c.digest == edition.digest,
        deliveries.c.edition == edition.date,
        deliveries.c.revision == revision,
        deliveries.c.part == 0,
        cast(deliveries.c.recipient, SafeText) == recipient,
    )
    values: dict[str, ColumnElement[Any]] = {
        "digest": literal(edition.digest, SafeText),
        "edition": literal(edition.date, deliveries.c.edition.type),
        "recipient": recipient,
        "part": literal(0, Integer),
        "key": key,
        "state": literal(DeliveryState.PENDING, deliveries.c.state.type),
        "attempts": literal(0, Integer),
        "deadline": literal(readers.deadline, UtcDateTime),
        "revision": literal(revision, Integer),
        "subscriber": number,
        "list": literal(one.list, SafeText),
        "body": literal(body, Integer),
    }
    of_form = [subscribers.c.language == one.form.language, subscribers.c.plain == one.form.plain]
    if not one.rest:
        of_form.append(subscriptions.c.topics == literal(one.form.topics, subscriptions.c.topics.type))
    columns = [value.label(name) for name, value in values.items()]
    readers_of = sent_to_readers(columns, one.list, one.frequencies, now=readers.now)
    others = [subscribers.c.key.not_in(readers.without)] if readers.without else []
    query = readers_of.where(*others, *of_form, ~had).order_by(number)
    return int(connection.execute(insert(deliveries).from_select(list(values), query)).rowcount)


def _hexadecimal(connection: Connection, number: ColumnElement[int]) -> ColumnElement[str]:
    if connection.dialect.name == "sqlite":
        return func.printf(f"%0{_DIGITS}x", number, type_=SafeText)
    return func.lpad(func.to_hex(number), _DIGITS, "0", type_=SafeText)
