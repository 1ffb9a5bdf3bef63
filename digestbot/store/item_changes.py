"""What a reading of a feed changes: which of its items are new, which say something else, which are another article now."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from datetime import datetime, timedelta
from hashlib import blake2b
from json.encoder import encode_basestring_ascii
from operator import attrgetter
from typing import Any

from sqlalchemy import Connection, bindparam, select

from ..model import Item
from .another_article import is_another_article, is_later
from .column_types import strip_unstorable
from .database import chunks
from .schema import item_keys, items

ITEM = [items.c[part.name] for part in fields(Item) if part.name in items.c]
NEVER_CHANGED = {"id", "feed", "first_seen"}  # by a later reading of a known item
_NAMES = [column.name for column in ITEM]
_values_of = attrgetter(*_NAMES)
_CONTENT = [at for at, name in enumerate(_NAMES) if name not in NEVER_CHANGED]

# How exact `last_listed` is: a feed that does not change costs one write a day.
_LISTED_PRECISION = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemRow:
    """An item as a row, with the fingerprints of every key it may be known by, strongest first."""

    row: dict[str, Any]
    keys: tuple[str, ...]

    @classmethod
    def of(cls, item: Item) -> ItemRow:
        values = _values_of(item)
        row = dict(zip(_NAMES, values, strict=True))
        row["checksum"] = _fingerprint(f"[{', '.join([_in_json(values[at]) for at in _CONTENT])}]")
        return cls(row=row, keys=tuple(dict.fromkeys(_fingerprint(key) for key in (*item.keys, f"id:{item.id}"))))


@dataclass(slots=True, kw_only=True)
class KnownItem:
    """What is needed of an item in the database to see whether a reading changes it."""

    id: str
    checksum: str
    last_listed: datetime
    title: str
    moment: datetime  # the time it counts for
    is_dated: bool
    in_reading: bool = False  # found in this reading already: of two entries of one item the first in the feed counts


@dataclass(slots=True, kw_only=True)
class FeedChanges:
    """What a reading of a feed changes in the database, collected item by item."""

    feed: str
    now: datetime
    known: dict[str, KnownItem]
    new: list[dict[str, Any]] = field(default_factory=list)
    changed: list[dict[str, Any]] = field(default_factory=list)
    keys: list[dict[str, Any]] = field(default_factory=list)
    moved: list[dict[str, Any]] = field(default_factory=list)  # keys that belong to a newer article from now on
    listed: list[str] = field(default_factory=list)
    texts: dict[str, str] = field(default_factory=dict)  # of the known items that may be another article by now

    def in_doubt(self, item: ItemRow) -> str:
        """The id of the item that it is known as, where that may be another article; else nothing."""
        stored = self._known_as(item)
        return stored.id if stored is not None and self._may_be_another(item, stored) else ""

    def add(self, item: ItemRow) -> None:
        stored = self._known_as(item)
        if stored is None:
            stored = self._new(item, strip_unstorable(item.row["id"]))
        elif self._is_another(item, stored):
            used = {key for key in item.keys if key in self.known}
            # The id of the article that its guid names from now on; the same in every store.
            stored = self._new(item, _fingerprint(f"{item.row['id']} {item.row['title']}")[:20])
            self.moved += ({"in_feed": self.feed, "of_key": key, "new_item": stored.id} for key in sorted(used))
            self.known.update(dict.fromkeys(used, stored))
        elif not stored.in_reading and stored.checksum != item.row["checksum"]:
            self.changed.append({f"new_{name}": value for name, value in item.row.items()} | {"known": stored.id})
            self.listed.append(stored.id)
        elif not stored.in_reading and self.now - stored.last_listed > _LISTED_PRECISION:
            self.listed.append(stored.id)
        stored.in_reading = True
        for key in item.keys:
            if key not in self.known:
                self.known[key] = stored
                self.keys.append({"feed": self.feed, "key": key, "item": stored.id})

    def _known_as(self, item: ItemRow) -> KnownItem | None:
        return next((self.known[key] for key in item.keys if key in self.known), None)

    def _is_another(self, item: ItemRow, stored: KnownItem) -> bool:
        return self._may_be_another(item, stored) and is_another_article(
            item.row["title"],
            item.row["text"],
            known_title=stored.title,
            known_text=self.texts.get(stored.id, ""),
        )

    def _may_be_another(self, item: ItemRow, stored: KnownItem) -> bool:
        if stored.in_reading or stored.checksum == item.row["checksum"]:
            return False
        # One that lost its date keeps the one it had.
        if stored.is_dated != (item.row["published"] is not None):
            return False
        return is_later(item.row["published"] or self.now, stored.moment)

    def _new(self, item: ItemRow, name: str) -> KnownItem:
        # A little apart, in the order of the feed: of items without a date the first is the newest.
        effective = item.row["published"] or self.now - timedelta(microseconds=len(self.new))
        self.new.append(
            item.row
            | {
                "id": name,
                "feed": self.feed,
                "first_seen": self.now,
                "effective_time": effective,
                "last_listed": self.now,
            }
        )
        return KnownItem(
            id=name,
            checksum=item.row["checksum"],
            last_listed=self.now,
            title=item.row["title"],
            moment=effective,
            is_dated=item.row["published"] is not None,
        )


_SELECT_KNOWN = (
    select(
        item_keys.c.key,
        items.c.id,
        items.c.checksum,
        items.c.last_listed,
        items.c.title,
        items.c.effective_time,
        items.c.published,
    )
    .join_from(item_keys, items)
    .where(item_keys.c.feed == bindparam("feed"), item_keys.c.key.in_(bindparam("keys", expanding=True)))
)


def known_items(connection: Connection, feed: str, keys: Iterable[str]) -> dict[str, KnownItem]:
    stored: dict[str, KnownItem] = {}
    known: dict[str, KnownItem] = {}
    for part in chunks(sorted(keys)):
        for key, name, *found in connection.execute(_SELECT_KNOWN, {"feed": feed, "keys": part}):
            if name not in stored:
                checksum, listed, title, moment, published = found
                stored[name] = KnownItem(
                    id=name,
                    checksum=checksum,
                    last_listed=listed,
                    title=title,
                    moment=moment,
                    is_dated=published is not None,
                )
            known[key] = stored[name]
    return known


def known_texts(connection: Connection, feed: str, names: Iterable[str]) -> dict[str, str]:
    """The texts of these items, which are few: of most it is never asked."""
    return {
        name: text
        for part in chunks(sorted(names))
        for name, text in connection.execute(
            select(items.c.id, items.c.text).where(items.c.feed == feed, items.c.id.in_(part))
        )
    }


def _in_json(value: str | tuple[str, ...] | datetime | None) -> str:
    """As `json.dumps` writes it, which makes an encoder anew for each value."""
    if value is None:
        return "null"
    if isinstance(value, tuple):
        return f"[{', '.join(map(encode_basestring_ascii, value))}]"
    return encode_basestring_ascii(value if isinstance(value, str) else str(value))


def _fingerprint(text: str) -> str:
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
