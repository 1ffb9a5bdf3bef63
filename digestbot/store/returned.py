"""What came back of the mails that were sent, and what nothing was made of yet."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import fields, replace
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, delete, false, insert, select, update

from ..model import ReturnedMail, ReturnKind
from ..text.mail_addresses import AddressError, mail_key
from .column_types import strip_unstorable
from .database import Database, chunks
from .errors import Conflict
from .schema import deliveries, returned_mails

_COLUMNS: Final = [returned_mails.c[part.name] for part in fields(ReturnedMail)]
_BY_TIME: Final = (returned_mails.c.at, returned_mails.c.id)
_OF_ONE_ADDRESS: Final = 1000  # a reader of several digests gets as many in months; more would be somebody's flood


class ReturnedStore:
    """`ports.ReturnedMails` on a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def keep(self, said: Sequence[ReturnedMail], *, now: datetime) -> int:
        related = (one for one in said if one.kind is not ReturnKind.UNRELATED)
        made = (replace(one, id=strip_unstorable(one.id), at=min(one.at, now)) for one in related)
        wanted = {one.id: one for one in made}
        if not wanted:
            return 0
        try:
            return self._keep(wanted)
        except Conflict:
            return self._keep(wanted)  # another process kept one of them meanwhile

    def open(self, *, limit: int) -> tuple[ReturnedMail, ...]:
        query = select(*_COLUMNS).where(returned_mails.c.settled.is_(False)).order_by(*_BY_TIME).limit(limit)
        with self._database.reading() as connection:
            return tuple(ReturnedMail(**row) for row in connection.execute(query).mappings())

    def of_address(self, address: str) -> tuple[ReturnedMail, ...]:
        newest = (returned_mails.c.at.desc(), returned_mails.c.id.desc())
        query = select(*_COLUMNS).where(_is_of(address))
        with self._database.reading() as connection:
            rows = connection.execute(query.order_by(*newest).limit(_OF_ONE_ADDRESS)).mappings()
            return tuple(ReturnedMail(**row) for row in rows)[::-1]

    def settle(self, ids: Collection[str]) -> None:
        with self._database.writing() as connection:
            for part in chunks(sorted(ids)):
                connection.execute(update(returned_mails).where(returned_mails.c.id.in_(part)).values(settled=True))

    def forgive(self, address: str) -> int:
        with self._database.writing() as connection:
            # They stay, so that a call that is repeated is still known.
            change = update(returned_mails).where(_is_of(address), returned_mails.c.proven)
            return connection.execute(change.values(proven=False)).rowcount

    def forget(self, address: str) -> int:
        with self._database.writing() as connection:
            if self._database.sqlite:
                # Else what is deleted stays readable in free pages of the file (sqlite.org/pragma.html).
                connection.exec_driver_sql("PRAGMA secure_delete=ON")
            return connection.execute(delete(returned_mails).where(_is_of(address))).rowcount

    def prune(self, *, before: datetime) -> int:
        with self._database.writing() as connection:
            return connection.execute(delete(returned_mails).where(returned_mails.c.at < before)).rowcount

    def _keep(self, wanted: Mapping[str, ReturnedMail]) -> int:
        with self._database.writing() as connection:
            known = {
                name
                for part in chunks(sorted(wanted))
                for name in connection.scalars(select(returned_mails.c.id).where(returned_mails.c.id.in_(part)))
            }
            fresh = [one for name, one in wanted.items() if name not in known]
            found = _deliveries(connection, {one.key for one in fresh if one.key})
            rows = [_row(_completed(one, found)) for one in fresh]
            if rows:
                connection.execute(insert(returned_mails), rows)
        return len(rows)


def _key(text: str) -> str:
    """Of what is no address nothing: no reader has it, and nobody asks for it."""
    try:
        return mail_key(text)
    except AddressError:
        return ""


def _is_of(address: str) -> ColumnElement[bool]:
    key = _key(address)
    return returned_mails.c.address_key == key if key else false()


def _deliveries(connection: Connection, keys: Collection[str]) -> dict[str, Any]:
    """By their keys without the part: a mail has one."""
    names = {f"{key}-0": key for key in keys}
    wanted = (deliveries.c.key, deliveries.c.digest, deliveries.c.edition, deliveries.c.recipient)
    return {
        names[row.key]: row
        for part in chunks(sorted(names))
        for row in connection.execute(select(*wanted).where(deliveries.c.key.in_(part)))
    }


def _completed(one: ReturnedMail, found: Mapping[str, Any]) -> ReturnedMail:
    delivery = found.get(one.key)
    if delivery is not None:
        to = delivery.recipient.address
        return replace(one, recipient=to, digest=delivery.digest, edition=delivery.edition)
    # A provider's signature stands for the address. Our token stands for a delivery alone, and there is none.
    return replace(one, proven=one.proven and not (one.key and one.source == "mailbox"))


def _row(one: ReturnedMail) -> dict[str, Any]:
    made = {part.name: getattr(one, part.name) for part in fields(ReturnedMail)}
    return made | {"address_key": _key(one.recipient or one.address), "settled": False}
