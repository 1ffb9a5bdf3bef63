"""The tables of readers. Rows are small, for there may be a million: times in whole seconds, no row id beside a key of its own."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Dialect,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    Table,
    TypeDecorator,
    UniqueConstraint,
    false,
)

from ..model import Consent, Frequency, SubscriptionState
from .column_types import EnumText, SafeText, TextList
from .schema import metadata


class Seconds(TypeDecorator[datetime]):
    """An aware datetime as whole seconds since 1970: five bytes where SQLite's text takes 26."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:  # noqa: ARG002 -- the interface
        if value is not None and value.tzinfo is None:
            raise ValueError(f"a time without a time zone cannot be stored: {value}")
        return None if value is None else int(value.timestamp() // 1)

    def process_result_value(self, value: Any | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        return None if value is None else datetime.fromtimestamp(value, UTC)


subscribers = Table(
    "subscribers",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("address", SafeText, nullable=False),
    Column("key", SafeText, nullable=False),
    Column("language", SafeText, nullable=False, server_default=""),
    Column("plain", Boolean, nullable=False, server_default=false()),
    Column("asked", Seconds),
    UniqueConstraint("key"),
    # Else SQLite gives the number of one who was forgotten to the next, and with it the links in old mails.
    sqlite_autoincrement=True,
)

subscriptions = Table(
    "subscriptions",
    metadata,
    Column("list", SafeText, nullable=False),
    Column("subscriber", Integer, nullable=False),
    Column("state", EnumText(SubscriptionState), nullable=False),
    Column("since", Seconds, nullable=False),
    Column("until", Seconds),
    Column("consent", EnumText(Consent), nullable=False),
    Column("consented", Seconds),
    Column("frequency", EnumText(Frequency), nullable=False, server_default=Frequency.EACH.value),
    Column("topics", TextList, nullable=False, server_default="[]"),
    # A list is read and fanned out in the order of its subscribers' ids.
    PrimaryKeyConstraint("list", "subscriber"),
    ForeignKeyConstraint(["subscriber"], ["subscribers.id"], ondelete="CASCADE"),
    Index(None, "subscriber"),
    sqlite_with_rowid=False,
)

suppressions = Table(
    "suppressions",
    metadata,
    Column("key", SafeText, nullable=False),
    Column("reason", SafeText, nullable=False),
    Column("since", Seconds, nullable=False),
    PrimaryKeyConstraint("key"),
    sqlite_with_rowid=False,
)

# On every machine of one database the same: the key of tokens, the salt of hashes.
secrets = Table(
    "secrets",
    metadata,
    Column("name", SafeText, nullable=False),
    Column("value", LargeBinary, nullable=False),
    PrimaryKeyConstraint("name"),
)
