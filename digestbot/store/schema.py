"""The tables, made from the dataclasses of the model.

A new plain field of a dataclass becomes a column by itself. It still needs a revision in migrations/versions that
adds the column with the same server default: a test compares a migrated database with `metadata`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import MISSING, Field, fields
from datetime import date, datetime
from typing import Any, get_type_hints

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
    false,
    text,
)

from ..model import (
    FINAL,
    AccountState,
    ChoiceKind,
    Delivery,
    DeliveryState,
    Edition,
    EditionState,
    FeedState,
    Item,
    Place,
    Recipient,
    ReturnedMail,
    ReturnKind,
)
from .column_types import EditionName, EnumText, RecipientText, SafeText, TextList, UtcDateTime

_TYPES: dict[Any, tuple[Any, Any]] = {
    str: (SafeText, ""),
    int: (Integer, "0"),
    bool: (Boolean, false()),
    bytes: (LargeBinary, None),
    date: (EditionName, None),
    date | None: (EditionName, None),
    datetime: (UtcDateTime, None),
    datetime | None: (UtcDateTime, None),
    tuple[str, ...]: (TextList, "[]"),
    EditionState: (EnumText(EditionState), None),
    DeliveryState: (EnumText(DeliveryState), None),
    Recipient: (RecipientText, None),
    Place: (EnumText(Place), None),
    ReturnKind: (EnumText(ReturnKind), None),
    ChoiceKind: (EnumText(ChoiceKind), None),
}


def columns_of(values: Any, *, without: Collection[str] = ()) -> Iterator[Column[Any]]:
    """A column for every field of a dataclass, by its annotation; a field with a default has one in the database."""
    hints = get_type_hints(values)
    parts: tuple[Field[Any], ...] = fields(values)
    for part in parts:
        if part.name in without:
            continue
        kind, default = _TYPES[hints[part.name]]
        optional = part.default is not MISSING
        yield Column(part.name, kind, nullable=part.default is None, server_default=default if optional else None)


# In words, so that a database knows the index of the same words by it.
OPEN_STATES = f"state IN ({', '.join(repr(state.value) for state in DeliveryState if state not in FINAL)})"

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# With the moment before which a feed is not asked again (`FeedState.due`), say after a 429 with Retry-After.
feeds = Table("feeds", metadata, *columns_of(FeedState), PrimaryKeyConstraint("name"))

items = Table(
    "items",
    metadata,
    *columns_of(Item, without=("label",)),  # made by an edition
    Column("effective_time", UtcDateTime, nullable=False),  # published, else first_seen: windows are made of it
    Column("last_listed", UtcDateTime, nullable=False),  # when its feed last carried it, to the day
    Column("checksum", Text, nullable=False),  # of what a later reading may change
    PrimaryKeyConstraint("feed", "id"),
    Index(None, "effective_time", "feed"),
    Index(None, "first_seen"),  # what came in after an edition's cutoff, of whatever age
    Index(
        None, "id"
    ),  # of a window's ids each is found, instead of a look through a million for every few hundred of them
)

item_keys = Table(
    "item_keys",
    metadata,
    Column("feed", SafeText, nullable=False),
    Column("key", Text, nullable=False),  # its fingerprint: keys may be longer than an index of PostgreSQL takes
    Column("item", SafeText, nullable=False),
    PrimaryKeyConstraint("feed", "key"),
    ForeignKeyConstraint(["feed", "item"], ["items.feed", "items.id"], ondelete="CASCADE"),
    Index(None, "feed", "item"),
)

editions = Table(
    "editions",
    metadata,
    *columns_of(Edition),
    Column("revision", Integer, nullable=False, server_default="0"),  # of the content
    Column("made", UtcDateTime),  # when that was; NULL for those of earlier releases
    PrimaryKeyConstraint("digest", "date"),
)

plans = Table(
    "plans",
    metadata,
    Column("digest", SafeText, nullable=False),
    Column("since", UtcDateTime, nullable=False),
    Column("plan", Text, nullable=False),  # its times, days and zone, in words of edition/schedule.py
    PrimaryKeyConstraint("digest", "since"),
)

used_items = Table(
    "used_items",
    metadata,
    Column("digest", SafeText, nullable=False),
    Column("item", SafeText, nullable=False),
    Column("edition", EditionName, nullable=False),
    PrimaryKeyConstraint("digest", "item"),
    ForeignKeyConstraint(["digest", "edition"], ["editions.digest", "editions.date"]),
)

deliveries = Table(
    "deliveries",
    metadata,
    Column("number", Integer, primary_key=True),  # the order in which they were published
    *columns_of(Delivery, without=("number", "payload", "require_claim", "following", "words")),
    Column("body", Integer),  # whose bytes it is sent; none once they were pruned
    UniqueConstraint("key"),
    UniqueConstraint("digest", "edition", "recipient", "part", "revision"),
    ForeignKeyConstraint(["digest", "edition"], ["editions.digest", "editions.date"]),
    Index(None, "digest", "edition", "state"),  # counted by `status`: a million rows take .2 s with it, 3 s without
    # Of a million rows all but a few are finished: what is open is found without a look at the others.
    Index(
        "ix_deliveries_open",
        *("digest", "edition", "part", "number"),
        sqlite_where=text(OPEN_STATES),
        postgresql_where=text(OPEN_STATES),
    ),
)

# How far each account of a provider has come, for everybody who sends through it.
accounts = Table("accounts", metadata, *columns_of(AccountState), PrimaryKeyConstraint("name"))

# What many are sent is kept once; each channel fills in what is one recipient's alone.
bodies = Table(
    "bodies",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("digest", SafeText, nullable=False),
    Column("edition", EditionName, nullable=False),
    Column("checksum", Text, nullable=False),
    Column("body", LargeBinary, nullable=False),
    UniqueConstraint("digest", "edition", "checksum"),
)

# Of texts, not of items: two items may have one text, and an item another one tomorrow.
vectors = Table(
    "vectors",
    metadata,
    Column("key", Text, nullable=False),  # a fingerprint of the model and the text
    Column("vector", LargeBinary, nullable=False),
    Column("made", UtcDateTime, nullable=False),
    PrimaryKeyConstraint("key"),
)

# One row: the installation id, which survives a restored backup.
installation = Table("installation", metadata, Column("id", SafeText, nullable=False), PrimaryKeyConstraint("id"))

alerts = Table(
    "alerts",
    metadata,
    Column("subject", SafeText, nullable=False),  # what is broken: "feed gazette", "account slack"
    Column("reason", SafeText, nullable=False, server_default=""),
    Column("since", UtcDateTime, nullable=False),
    PrimaryKeyConstraint("subject"),
)

heartbeats = Table(
    "heartbeats",
    metadata,
    Column("folder", SafeText, nullable=False),  # the id of the data folder that is served
    Column("at", UtcDateTime, nullable=False),
    PrimaryKeyConstraint("folder"),
)

returned_mails = Table(
    "returned_mails",
    metadata,
    *columns_of(ReturnedMail),
    Column("address_key", SafeText, nullable=False),  # of the recipient, or of the address where that is not known
    Column("settled", Boolean, nullable=False, server_default=false()),  # what was to follow from it followed
    PrimaryKeyConstraint("id"),
    Index(None, "address_key", "at"),
    Index(None, "settled", "at"),
)
