"""Whom a claimed delivery may not be sent to any more: who unsubscribed since it was published, or came back as undeliverable."""

from __future__ import annotations

import time
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, exists, select

from ..model import LIST_CHANNEL, Delivery
from ..text.mail_addresses import AddressError, mail_key
from .database import Database
from .kept_secrets import SALT, forgotten_key
from .receiving import receives_at
from .schema import SafeText
from .subscriber_tables import Seconds, secrets, subscriptions, suppressions

_LOOK_SECONDS = 0.1  # a reader who was forgotten meanwhile is one no more, which every claim sees
_LEFT = "unsubscribed since the edition was made"
_SUPPRESSED = "suppressed: {reason}"


class Bars:
    """Asked within the transaction of a claim, for each mail: two looks into an index."""

    def __init__(self, database: Database) -> None:
        keys = suppressions.c.key.in_([bindparam("key", type_=SafeText), bindparam("hashed", type_=SafeText)])
        self._suppressed = database.prepared(select(suppressions.c.reason).where(keys))
        moment = bindparam("moment", type_=Seconds())
        reads = exists().where(
            subscriptions.c.list == bindparam("list", type_=SafeText),
            subscriptions.c.subscriber == bindparam("subscriber"),
            receives_at(moment),
        )
        self._reads = database.prepared(select(reads))
        self._found: bytes | None = None
        self._looks_again = 0.0
        self._salt = database.prepared(select(secrets.c.value).where(secrets.c.name == SALT))

    def why(self, cursor: Any, delivery: Delivery, *, now: datetime) -> str:
        """Why nothing is sent; empty where it may be."""
        if delivery.recipient.channel != LIST_CHANNEL:
            return ""
        try:
            key = mail_key(delivery.recipient.address)
        except AddressError:
            return ""
        self._suppressed.execute(cursor, key=key, hashed=self._hashed(cursor, key))
        found = cursor.fetchone()
        if found is not None:
            return _SUPPRESSED.format(reason=found[0])
        if delivery.subscriber:
            self._reads.execute(cursor, list=delivery.list, subscriber=delivery.subscriber, moment=now)
            if not cursor.fetchone()[0]:
                return _LEFT
        return ""

    def _hashed(self, cursor: Any, key: str) -> str:
        """As the address is kept where it was forgotten; nobody was where there is no salt, which is looked for now and then."""
        if self._found is None and (moment := time.monotonic()) >= self._looks_again:
            self._salt.execute(cursor)
            row = cursor.fetchone()
            self._found = bytes(row[0]) if row else None
            self._looks_again = moment + _LOOK_SECONDS
        return key if self._found is None else forgotten_key(key, self._found)
