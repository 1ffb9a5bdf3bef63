"""Whom a claimed delivery may not be sent to any more: who unsubscribed since it was published, or came back as undeliverable."""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, bindparam, exists, select

from ..model import LIST_CHANNEL, Delivery
from ..text.mail_addresses import AddressError, mail_key
from .column_types import SafeText
from .database import Database
from .kept_secrets import SALT, forgotten_key
from .receiving import receives_at
from .subscriber_tables import Seconds, secrets, subscriptions, suppressions

_LOOK_SECONDS = 0.1  # a reader who was forgotten meanwhile is one no more, which every claim sees
_LEFT = "unsubscribed since the edition was made"
_SUPPRESSED = "suppressed: {reason}"


def answers_for(
    key: ColumnElement[Any], hashed: ColumnElement[Any], name: ColumnElement[Any], subscriber: ColumnElement[Any]
) -> Sequence[ColumnElement[Any]]:
    """What `Bars.why` decides by, of a reader of a list: two looks into an index, in the statement of who asks."""
    suppressed = select(suppressions.c.reason).where(suppressions.c.key.in_([key, hashed])).limit(1)
    reads = exists().where(
        subscriptions.c.list == name,
        subscriptions.c.subscriber == subscriber,
        receives_at(bindparam("moment", type_=Seconds())),
    )
    return suppressed.scalar_subquery().label("suppressed"), reads.label("reads")


ANSWERS: Final = answers_for(
    bindparam("key", type_=SafeText),
    bindparam("hashed", type_=SafeText),
    bindparam("list", type_=SafeText),
    bindparam("subscriber"),
)
_NOBODY = {"key": "", "hashed": ""}


_ANSWERS = select(*ANSWERS)


class Bars:
    """What `ANSWERS` is asked with, and what it says."""

    def __init__(self, database: Database) -> None:
        self._found: bytes | None = None
        self._looks_again = 0.0
        self._answers = database.prepared(_ANSWERS)
        self._salt = database.prepared(select(secrets.c.value).where(secrets.c.name == SALT))

    def question(self, cursor: Any, delivery: Delivery) -> dict[str, Any]:
        """The values of its parameters but for `moment`, the time."""
        reader = {"list": delivery.list, "subscriber": delivery.subscriber}
        if delivery.recipient.channel != LIST_CHANNEL:
            return _NOBODY | reader
        try:
            key = mail_key(delivery.recipient.address)
        except AddressError:
            return _NOBODY | reader
        return {"key": key, "hashed": self._hashed(cursor, key)} | reader

    def now(self, cursor: Any, delivery: Delivery, *, moment: datetime) -> str:
        """Why nothing is sent at this moment; empty where it may be."""
        self._answers.execute(cursor, moment=moment, **self.question(cursor, delivery))
        [answers] = cursor.fetchall()
        return self.why(delivery, *answers)

    @staticmethod
    def why(delivery: Delivery, suppressed: str | None, reads: int) -> str:
        """Why nothing is sent; empty where it may be."""
        if suppressed is not None:
            return _SUPPRESSED.format(reason=suppressed)
        return _LEFT if delivery.subscriber and not reads else ""

    def _hashed(self, cursor: Any, key: str) -> str:
        """As the address is kept where it was forgotten; nobody was where there is no salt, which is looked for now and then."""
        if self._found is None and (moment := time.monotonic()) >= self._looks_again:
            self._salt.execute(cursor)
            row = cursor.fetchone()
            self._found = bytes(row[0]) if row else None
            self._looks_again = moment + _LOOK_SECONDS
        return key if self._found is None else forgotten_key(key, self._found)
