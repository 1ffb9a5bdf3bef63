"""Everything collected, and which of it an edition may tell."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import Any

from sqlalchemy import ColumnElement, Connection, bindparam, delete, exists, func, insert, or_, select, update

from ..model import FeedState, Item
from .database import Conflict, Database, chunks
from .schema import feeds, item_keys, items, storable, used_items

_STATE = [feeds.c[part.name] for part in fields(FeedState)]
_ITEM = [items.c[part.name] for part in fields(Item)]
_KEPT = {"id", "feed", "seen"}  # what a later reading of a known item never changes

# How exactly `listed` is kept: an unchanged feed costs one write a day.
_LISTED = timedelta(days=1)


class ItemStore:
    """`ports.Items` on a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def states(self) -> Mapping[str, FeedState]:
        with self._database.reading() as connection:
            return {row["name"]: FeedState(**row) for row in connection.execute(select(*_STATE)).mappings()}

    def save(self, state: FeedState, items: Sequence[Item], *, now: datetime) -> int:
        try:
            return self._save(state, items, now=now)
        except Conflict:
            # Two processes met a new feed at once; now its row stands, and locks.
            return self._save(state, items, now=now)

    def _save(self, state: FeedState, found: Sequence[Item], *, now: datetime) -> int:
        feed = storable(state.name)
        named = [_Named.of(item) for item in found]
        with self._database.writing() as connection:
            _put_state(connection, state)  # first: its row keeps other writers of this feed waiting
            plan = _Plan(
                feed=feed, now=now, known=_known(connection, feed, {key for item in named for key in item.keys})
            )
            for item in named:
                plan.add(item)
            plan.execute(connection)
        return len(plan.new)

    def window(
        self, digest: str, *, since: datetime, until: datetime, oldest: datetime, late: bool = True
    ) -> tuple[Item, ...]:
        used = exists().where(used_items.c.digest == digest, used_items.c.item == items.c.id)
        fresh: ColumnElement[bool] = items.c.moment > since
        if late:
            fresh = or_(fresh, items.c.seen > since)
        return self._select(~used, items.c.moment <= until, items.c.moment > oldest, fresh)

    def recent(self, *, since: datetime, until: datetime) -> tuple[Item, ...]:
        return self._select(items.c.moment > since, items.c.moment <= until)

    def find(self, reference: str) -> tuple[Item, ...]:
        return self._select(or_(items.c.id == reference, items.c.url == reference)) if reference else ()

    def prune(self, *, before: datetime) -> int:
        old = (items.c.moment < before) & (items.c.listed < before)
        with self._database.writing() as connection:
            gone = connection.execute(delete(items).where(old)).rowcount
            kept = exists().where(items.c.id == used_items.c.item)
            connection.execute(delete(used_items).where(used_items.c.edition < before.date(), ~kept))
        return gone

    def _select(self, *conditions: ColumnElement[bool]) -> tuple[Item, ...]:
        query = select(*_ITEM).where(*conditions).order_by(items.c.moment, items.c.id, items.c.feed)
        with self._database.reading() as connection:
            return tuple(Item(**row) for row in connection.execute(query).mappings())


@dataclass(frozen=True, slots=True, kw_only=True)
class _Named:
    """An item as a row, with the fingerprints of every name it may be known by, strongest first."""

    row: dict[str, Any]
    keys: tuple[str, ...]

    @classmethod
    def of(cls, item: Item) -> _Named:
        row = {column.name: getattr(item, column.name) for column in _ITEM}
        told = [value for name, value in row.items() if name not in _KEPT]
        row["checksum"] = _fingerprint(json.dumps(told, default=str))
        return cls(row=row, keys=tuple(dict.fromkeys(_fingerprint(key) for key in (*item.keys, f"id:{item.id}"))))


@dataclass(slots=True, kw_only=True)
class _Stored:
    """What must be known of an item in the database to see whether a reading changes it."""

    id: str
    checksum: str
    listed: datetime
    met: bool = False  # in this reading already: what stands higher in a feed wins


@dataclass(slots=True, kw_only=True)
class _Plan:
    """What a reading of a feed changes: gathered item by item, written in one statement for each kind of change."""

    feed: str
    now: datetime
    known: dict[str, _Stored]
    new: list[dict[str, Any]] = field(default_factory=list)
    changed: list[dict[str, Any]] = field(default_factory=list)
    keys: list[dict[str, Any]] = field(default_factory=list)
    listed: list[str] = field(default_factory=list)

    def add(self, item: _Named) -> None:
        stored = next((self.known[key] for key in item.keys if key in self.known), None)
        if stored is None:
            stored = _Stored(id=storable(item.row["id"]), checksum=item.row["checksum"], listed=self.now)
            moment = item.row["published"] or self.now
            self.new.append(item.row | {"feed": self.feed, "seen": self.now, "moment": moment, "listed": self.now})
        elif not stored.met and stored.checksum != item.row["checksum"]:
            self.changed.append({f"new_{name}": value for name, value in item.row.items()} | {"known": stored.id})
            self.listed.append(stored.id)
        elif not stored.met and self.now - stored.listed > _LISTED:
            self.listed.append(stored.id)
        stored.met = True
        for key in item.keys:
            if key not in self.known:
                self.known[key] = stored
                self.keys.append({"feed": self.feed, "key": key, "item": stored.id})

    def execute(self, connection: Connection) -> None:
        if self.new:
            connection.execute(insert(items), self.new)
        if self.changed:
            connection.execute(_CHANGE, [row | {"within": self.feed} for row in self.changed])
        if self.keys:
            connection.execute(insert(item_keys), self.keys)
        for part in chunks(self.listed):
            these = (items.c.feed == self.feed) & items.c.id.in_(part)
            connection.execute(update(items).where(these).values(listed=self.now))


# A reading that lost the date does not take it from the item.
_PUBLISHED = func.coalesce(bindparam("new_published", type_=items.c.published.type), items.c.published)
_CHANGE = (
    update(items)
    .where(items.c.feed == bindparam("within"), items.c.id == bindparam("known"))
    .values(
        {column: bindparam(f"new_{column.name}") for column in (*_ITEM, items.c.checksum) if column.name not in _KEPT}
        | {items.c.published: _PUBLISHED, items.c.moment: func.coalesce(_PUBLISHED, items.c.seen)}
    )
)


def _put_state(connection: Connection, state: FeedState) -> None:
    values = asdict(state)
    if not connection.execute(update(feeds).where(feeds.c.name == state.name).values(values)).rowcount:
        connection.execute(insert(feeds).values(values))


def _known(connection: Connection, feed: str, keys: Iterable[str]) -> dict[str, _Stored]:
    query = select(item_keys.c.key, items.c.id, items.c.checksum, items.c.listed).join_from(item_keys, items)
    stored: dict[str, _Stored] = {}
    known: dict[str, _Stored] = {}
    for part in chunks(sorted(keys)):
        for row in connection.execute(query.where(item_keys.c.feed == feed, item_keys.c.key.in_(part))):
            known[row.key] = stored.setdefault(row.id, _Stored(id=row.id, checksum=row.checksum, listed=row.listed))
    return known


def _fingerprint(text: str) -> str:
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
