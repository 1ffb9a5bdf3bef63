"""Everything collected, and which of it belongs to an edition."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, fields
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import Any

from sqlalchemy import ColumnElement, Connection, bindparam, delete, exists, func, insert, literal, or_, select, update

from ..model import Edition, FeedState, Item
from .another_article import is_another_article
from .database import Database, chunks
from .errors import Conflict
from .schema import feeds, item_keys, items, strip_unstorable, used_items

_STATE = [feeds.c[part.name] for part in fields(FeedState)]
_ITEM = [items.c[part.name] for part in fields(Item) if part.name in items.c]
_ORDER = (items.c.effective_time, items.c.id, items.c.feed)
_in_json = json.JSONEncoder(default=str).encode
_NEVER_CHANGED = {"id", "feed", "first_seen"}  # by a later reading of a known item

# How exact `last_listed` is: a feed that does not change costs one write a day.
_LISTED_PRECISION = timedelta(days=1)


class ItemStore:
    """`ports.Items` on a database."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._insert = database.prepared(insert(items))
        self._insert_key = database.prepared(insert(item_keys))

    def states(self) -> Mapping[str, FeedState]:
        with self._database.reading() as connection:
            return {row["name"]: FeedState(**row) for row in connection.execute(select(*_STATE)).mappings()}

    def save(self, state: FeedState, items: Sequence[Item], *, now: datetime) -> int:
        return self.save_all([(state, items)], now=now)

    def save_all(self, readings: Sequence[tuple[FeedState, Sequence[Item]]], *, now: datetime) -> int:
        try:
            return self._save(readings, now=now)
        except Conflict:
            # Two processes inserted a new feed at once. Now its row exists and can be locked, so this one waits for it.
            return self._save(readings, now=now)

    def _save(self, readings: Sequence[tuple[FeedState, Sequence[Item]]], *, now: datetime) -> int:
        # By name, so that two writers never wait for each other's feeds.
        readings = sorted(readings, key=lambda reading: reading[0].name)
        changed = []
        with self._database.writing() as connection:
            # First: the row of a feed keeps its other writers waiting.
            old = _put_states(connection, [state for state, _ in readings])
            for state, found in readings:
                feed, rows = strip_unstorable(state.name), [_ItemRow.of(item) for item in found]
                keys = {key for row in rows for key in row.keys} if feed in old else ()
                changes = _FeedChanges(feed=feed, now=now, known=_known_items(connection, feed, keys))
                for row in rows:
                    changes.add(row)
                changed.append(changes)
            self._execute(connection, changed)
        return sum(len(changes.new) for changes in changed)

    def _execute(self, connection: Connection, changed_feeds: Sequence[_FeedChanges]) -> None:
        """Write the changes of all feeds with one statement for each kind of change."""
        if new := [row for changes in changed_feeds for row in changes.new]:
            self._insert.execute_all(connection, new)
        if changed := [row | {"in_feed": changes.feed} for changes in changed_feeds for row in changes.changed]:
            connection.execute(_UPDATE_ITEM, changed)
        if keys := [row for changes in changed_feeds for row in changes.keys]:
            self._insert_key.execute_all(connection, keys)
        if moved := [row for changes in changed_feeds for row in changes.moved]:
            connection.execute(_MOVE_KEY, moved)
        for changes in changed_feeds:
            for part in chunks(changes.listed):
                listed = (items.c.feed == changes.feed) & items.c.id.in_(part)
                connection.execute(update(items).where(listed).values(last_listed=changes.now))

    def window(
        self, digest: str, *, since: datetime, until: datetime, oldest: datetime, late: bool = True
    ) -> tuple[Item, ...]:
        used = exists().where(used_items.c.digest == digest, used_items.c.item == items.c.id)
        fresh: ColumnElement[bool] = items.c.effective_time > since
        if late:
            fresh = or_(fresh, items.c.first_seen > since)
        return self._select(~used, items.c.effective_time <= until, items.c.effective_time > oldest, fresh)

    def recent(self, *, since: datetime, until: datetime, limit: int | None = None) -> tuple[Item, ...]:
        between = (items.c.effective_time > since, items.c.effective_time <= until)
        if limit is None:
            return self._select(*between)
        newest = select(*_ITEM).where(*between).order_by(*(column.desc() for column in _ORDER)).limit(limit)
        with self._database.reading() as connection:
            return tuple(Item(**row) for row in connection.execute(newest).mappings())[::-1]

    def by_ids(self, ids: Collection[str]) -> tuple[Item, ...]:
        return tuple(item for part in chunks(sorted(ids)) for item in self._select(items.c.id.in_(part)))

    def begun(self, feeds: Collection[str]) -> Mapping[str, datetime]:
        found: dict[str, datetime] = {}
        with self._database.reading() as connection:
            for part in chunks(sorted(feeds)):
                of = select(items.c.feed, func.min(items.c.first_seen).label("begun")).where(items.c.feed.in_(part))
                found |= {row.feed: row.begun for row in connection.execute(of.group_by(items.c.feed))}
        return found

    def used(self, edition: Edition) -> tuple[Item, ...]:
        of_it = (used_items.c.digest == edition.digest, used_items.c.edition == edition.date)
        # A first edition marks older items as used, too, so that none of them counts as late for the second.
        too_old = (items.c.effective_time <= edition.since) & (items.c.first_seen > edition.until)
        return self._select(items.c.id.in_(select(used_items.c.item).where(*of_it)), ~too_old)

    def active_feeds(self, *, since: datetime, until: datetime) -> AbstractSet[str]:
        query = select(items.c.feed).where(items.c.effective_time > since, items.c.effective_time <= until).distinct()
        with self._database.reading() as connection:
            return set(connection.scalars(query))

    def find(self, reference: str) -> tuple[Item, ...]:
        return self._select(or_(items.c.id == reference, items.c.url == reference)) if reference else ()

    def cap_times(self, *, now: datetime) -> None:
        later = {
            items.c.first_seen: items.c.first_seen > now,
            items.c.last_listed: items.c.last_listed > now,
            items.c.effective_time: items.c.published.is_(None) & (items.c.effective_time > now),
        }
        with self._database.writing() as connection:
            for column, condition in later.items():
                connection.execute(update(items).where(condition).values({column: now}))

    def rename_feeds(self, names: Mapping[str, str]) -> None:
        aside = {old: f"~{old}~" for old in names}  # two feeds may have changed their names for each other's
        with self._database.writing() as connection:
            for old, other in aside.items():
                _rename_feed(connection, old, other)
            for old, new in names.items():
                _rename_feed(connection, aside[old], new)

    def prune(self, *, before: datetime) -> int:
        old = (items.c.effective_time < before) & (items.c.last_listed < before)
        with self._database.writing() as connection:
            deleted = connection.execute(delete(items).where(old)).rowcount
            kept = exists().where(items.c.id == used_items.c.item)
            connection.execute(delete(used_items).where(used_items.c.edition < before.date(), ~kept))
        return deleted

    def _select(self, *conditions: ColumnElement[bool]) -> tuple[Item, ...]:
        query = select(*_ITEM).where(*conditions).order_by(*_ORDER)
        # One text each for all items of a feed: a hundred thousand items name a few hundred feeds, outlets and languages.
        once: dict[str, str] = {}
        names, repeated = [column.name for column in _ITEM], ("feed", "source", "language")
        with self._database.reading() as connection:
            found = (dict(zip(names, row, strict=True)) for row in connection.execute(query))
            return tuple(
                Item(**row | {name: once.setdefault(row[name], row[name]) for name in repeated}) for row in found
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class _ItemRow:
    """An item as a row, with the fingerprints of every key it may be known by, strongest first."""

    row: dict[str, Any]
    keys: tuple[str, ...]

    @classmethod
    def of(cls, item: Item) -> _ItemRow:
        row = {column.name: getattr(item, column.name) for column in _ITEM}
        content = [value for name, value in row.items() if name not in _NEVER_CHANGED]
        row["checksum"] = _fingerprint(_in_json(content))
        return cls(row=row, keys=tuple(dict.fromkeys(_fingerprint(key) for key in (*item.keys, f"id:{item.id}"))))


@dataclass(slots=True, kw_only=True)
class _KnownItem:
    """What is needed of an item in the database to see whether a reading changes it."""

    id: str
    checksum: str
    last_listed: datetime
    title: str
    moment: datetime  # the time it counts for
    is_dated: bool
    in_reading: bool = False  # found in this reading already: of two entries of one item the first in the feed counts


@dataclass(slots=True, kw_only=True)
class _FeedChanges:
    """What a reading of a feed changes in the database, collected item by item."""

    feed: str
    now: datetime
    known: dict[str, _KnownItem]
    new: list[dict[str, Any]] = field(default_factory=list)
    changed: list[dict[str, Any]] = field(default_factory=list)
    keys: list[dict[str, Any]] = field(default_factory=list)
    moved: list[dict[str, Any]] = field(default_factory=list)  # keys that belong to a newer article from now on
    listed: list[str] = field(default_factory=list)

    def add(self, item: _ItemRow) -> None:
        stored = next((self.known[key] for key in item.keys if key in self.known), None)
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

    def _is_another(self, item: _ItemRow, stored: _KnownItem) -> bool:
        if stored.in_reading or stored.checksum == item.row["checksum"]:
            return False
        # One that lost its date keeps the one it had.
        if stored.is_dated != (item.row["published"] is not None):
            return False
        moment = item.row["published"] or self.now
        return is_another_article(item.row["title"], moment, known_title=stored.title, known_moment=stored.moment)

    def _new(self, item: _ItemRow, name: str) -> _KnownItem:
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
        return _KnownItem(
            id=name,
            checksum=item.row["checksum"],
            last_listed=self.now,
            title=item.row["title"],
            moment=effective,
            is_dated=item.row["published"] is not None,
        )


# A reading without a date does not remove the one that is stored.
_PUBLISHED = func.coalesce(bindparam("new_published", type_=items.c.published.type), items.c.published)
_UPDATE_ITEM = (
    update(items)
    .where(items.c.feed == bindparam("in_feed"), items.c.id == bindparam("known"))
    .values(
        {
            column: bindparam(f"new_{column.name}")
            for column in (*_ITEM, items.c.checksum)
            if column.name not in _NEVER_CHANGED
        }
        | {items.c.published: _PUBLISHED, items.c.effective_time: func.coalesce(_PUBLISHED, items.c.first_seen)}
    )
)


_MOVE_KEY = (
    update(item_keys)
    .where(item_keys.c.feed == bindparam("in_feed"), item_keys.c.key == bindparam("of_key"))
    .values(item=bindparam("new_item"))
)


# Built once: to build a statement of so many columns takes longer than to execute it.
_UPDATE_STATE = (
    update(feeds)
    .where(feeds.c.name == bindparam("known"))
    .values({column: bindparam(f"new_{column.name}") for column in _STATE})
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


def _put_states(connection: Connection, states: Sequence[FeedState]) -> set[str]:
    """Write the states; returns the names of those feeds that had one."""
    old: set[str] = set()
    for part in chunks([strip_unstorable(state.name) for state in states]):
        old.update(connection.execute(select(feeds.c.name).where(feeds.c.name.in_(part))).scalars())
    rows = [{column.name: getattr(state, column.name) for column in _STATE} for state in states]
    known = [row for row in rows if strip_unstorable(row["name"]) in old]
    if known:
        changes = [{f"new_{name}": value for name, value in row.items()} | {"known": row["name"]} for row in known]
        connection.execute(_UPDATE_STATE, changes)
    if len(known) < len(rows):
        connection.execute(insert(feeds), [row for row in rows if strip_unstorable(row["name"]) not in old])
    return old


def _rename_feed(connection: Connection, old: str, new: str) -> None:
    """Copied and deleted: the keys of items refer to them by the feed's name."""
    connection.execute(delete(items).where(items.c.feed == new))  # of a name of nobody
    for table in (items, item_keys):
        names = [column.name for column in table.c]
        columns = [literal(new, table.c.feed.type) if name == "feed" else table.c[name] for name in names]
        connection.execute(insert(table).from_select(names, select(*columns).where(table.c.feed == old)))
    connection.execute(delete(items).where(items.c.feed == old))
    connection.execute(delete(feeds).where(feeds.c.name == new))
    connection.execute(update(feeds).where(feeds.c.name == old).values(name=new))


def _known_items(connection: Connection, feed: str, keys: Iterable[str]) -> dict[str, _KnownItem]:
    stored: dict[str, _KnownItem] = {}
    known: dict[str, _KnownItem] = {}
    for part in chunks(sorted(keys)):
        for key, name, *found in connection.execute(_SELECT_KNOWN, {"feed": feed, "keys": part}):
            if name not in stored:
                checksum, listed, title, moment, published = found
                stored[name] = _KnownItem(
                    id=name,
                    checksum=checksum,
                    last_listed=listed,
                    title=title,
                    moment=moment,
                    is_dated=published is not None,
                )
            known[key] = stored[name]
    return known


def _fingerprint(text: str) -> str:
    return blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()
