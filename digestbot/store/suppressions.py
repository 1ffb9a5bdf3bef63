"""Which addresses nothing is sent to."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from contextlib import suppress
from datetime import datetime

from sqlalchemy import Connection, delete, exists, func, insert, select

from ..model import Suppression
from ..text.mail_addresses import AddressError, mail_key
from .database import Database, chunks
from .errors import Conflict
from .kept_secrets import forgotten_key, known_salt
from .subscriber_tables import subscribers, suppressions


class SuppressionStore:
    """`ports.Suppressions` on a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def suppress(self, address: str, reason: str, *, now: datetime) -> bool:
        return self.suppress_all({address: reason}, now=now) > 0

    def suppress_all(self, reasons: Mapping[str, str], *, now: datetime) -> int:
        keys = {mail_key(address): reason for address, reason in reasons.items()}
        try:
            return self._add(keys, now)
        except Conflict:
            return self._add(keys, now)  # another process suppressed one of them meanwhile

    def lift(self, address: str) -> Suppression | None:
        key = mail_key(address)
        with self._database.writing() as connection:
            found = suppressions_of(connection, [key]).get(key)
            if found is not None:
                connection.execute(delete(suppressions).where(suppressions.c.key == found.key))
        return found

    def suppressed(self, addresses: Collection[str]) -> Mapping[str, Suppression]:
        keys: dict[str, str] = {}
        for address in addresses:
            with suppress(AddressError):
                keys[address] = mail_key(address)
        with self._database.reading() as connection:
            found = suppressions_of(connection, set(keys.values()))
        return {address: found[key] for address, key in keys.items() if key in found}

    def page(self, *, after: str = "", limit: int = 500, unknown: bool = False) -> tuple[Suppression, ...]:
        query = select(suppressions).where(suppressions.c.key > after).order_by(suppressions.c.key).limit(limit)
        if unknown:
            query = query.where(~exists().where(subscribers.c.key == suppressions.c.key))
        with self._database.reading() as connection:
            return tuple(Suppression(**row) for row in connection.execute(query).mappings())

    def count(self) -> int:
        with self._database.reading() as connection:
            return connection.scalar(select(func.count()).select_from(suppressions)) or 0

    def newest(self) -> datetime | None:
        with self._database.reading() as connection:
            newest: datetime | None = connection.scalar(select(func.max(suppressions.c.since)))
        return newest

    def _add(self, reasons: Mapping[str, str], now: datetime) -> int:
        with self._database.writing() as connection:
            known = suppressions_of(connection, reasons)
            rows = [{"key": key, "reason": why, "since": now} for key, why in reasons.items() if key not in known]
            if rows:
                connection.execute(insert(suppressions), rows)
        return len(rows)


def suppressions_of(connection: Connection, keys: Iterable[str]) -> dict[str, Suppression]:
    """The suppressions of these keys, of forgotten addresses too, by the keys that were asked for."""
    salt = known_salt(connection)
    asked = {key: key for key in keys}
    if salt is not None:
        asked |= {forgotten_key(key, salt): key for key in tuple(asked)}
    found: dict[str, Suppression] = {}
    for part in chunks(sorted(asked)):
        for row in connection.execute(select(suppressions).where(suppressions.c.key.in_(part))).mappings():
            found[asked[row["key"]]] = Suppression(**row)
    return found
