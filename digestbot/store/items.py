"""Everything collected, and which of it belongs to an edition."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import fields
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, bindparam, delete, exists, func, insert, literal, or_, select, update

from ..model import Edition, FeedSource, FeedState, Item
from .column_types import strip_unstorable
from .database import Database, chunks
from .errors import Conflict
from .item_changes import ITEM, NEVER_CHANGED, FeedChanges, ItemRow, known_items, known_texts
from .schema import feeds, item_keys, items, used_items

_STATE = [feeds.c[part.name] for part in fields(FeedState)]
_MAX_PART_ROWS = 500
_ORDER = (items.c.effective_time, items.c.id, items.c.feed)


class ItemStore:
    """`ports.Items` on a database."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._insert = database.prepared(insert(items))
        self._insert_key = database.prepared(insert(item_keys))

    def states(self, names: Collection[str] | None = None) -> Mapping[str, FeedState]:
        if names is None:
            return self._states()
        return {
            name: one for part in chunks(sorted(names)) for name, one in self._states(feeds.c.name.in_(part)).items()
        }

    def sources(self) -> Mapping[str, FeedSource]:
        query = select(feeds.c.name, feeds.c.configured_as, feeds.c.title)
        with self._database.reading() as connection:
            return {name: FeedSource(known_as, title) for name, known_as, title in connection.execute(query)}

    def due(self, *, at: datetime, beyond: datetime, read_by: datetime) -> Mapping[str, FeedState]:
        shortened = (feeds.c.checked <= read_by) & (feeds.c.fresh_until <= at)
        turn = or_(feeds.c.due.is_(None), feeds.c.due <= at, feeds.c.due > beyond, shortened)
        return self._states(~feeds.c.gone, turn)

    def failing(self) -> Mapping[str, FeedState]:
        return self._states(feeds.c.error != "")

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
                feed, rows = strip_unstorable(state.name), [ItemRow.of(item) for item in found]
                keys = {key for row in rows for key in row.keys} if feed in old else ()
                changes = FeedChanges(feed=feed, now=now, known=known_items(connection, feed, keys))
                if doubtful := {*map(changes.in_doubt, rows)} - {""}:
                    changes.texts = known_texts(connection, feed, doubtful)
                for row in rows:
                    changes.add(row)
                changed.append(changes)
            self._execute(connection, changed)
        return sum(len(changes.new) for changes in changed)

    def _execute(self, connection: Connection, changed_feeds: Sequence[FeedChanges]) -> None:
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
        newest = select(*ITEM).where(*between).order_by(*(column.desc() for column in _ORDER)).limit(limit)
        with self._database.reading() as connection:
            return tuple(Item(**row) for row in connection.execute(newest).mappings())[::-1]

    def count(self, *, since: datetime, until: datetime) -> int:
        between = (items.c.effective_time > since, items.c.effective_time <= until)
        with self._database.reading() as connection:
            return connection.scalar(select(func.count()).select_from(items).where(*between)) or 0

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

    def _states(self, *conditions: ColumnElement[bool]) -> dict[str, FeedState]:
        with self._database.reading() as connection:
            found = connection.execute(select(*_STATE).where(*conditions)).mappings()
            return {row["name"]: FeedState(**row) for row in found}

    def _select(self, *conditions: ColumnElement[bool]) -> tuple[Item, ...]:
        query = select(*ITEM).where(*conditions).order_by(*_ORDER)
        # One text each for all items of a feed: a hundred thousand items name a few hundred feeds, outlets and languages.
        once: dict[str, str] = {}
        names, repeated = [column.name for column in ITEM], ("feed", "source", "language")
        found: list[Item] = []
        with self._database.reading() as connection:
            # Part by part: row by row takes longer, and all rows beside all items would take twice the memory.
            for part in connection.execute(query).partitions(_MAX_PART_ROWS):
                for row in part:
                    values = dict(zip(names, row, strict=True))
                    for name in repeated:
                        values[name] = once.setdefault(values[name], values[name])
                    found.append(Item(**values))
        return tuple(found)


# A reading without a date does not remove the one that is stored.
_PUBLISHED = func.coalesce(bindparam("new_published", type_=items.c.published.type), items.c.published)
_UPDATE_ITEM = (
    update(items)
    .where(items.c.feed == bindparam("in_feed"), items.c.id == bindparam("known"))
    .values(
        {
            column: bindparam(f"new_{column.name}")
            for column in (*ITEM, items.c.checksum)
            if column.name not in NEVER_CHANGED
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
