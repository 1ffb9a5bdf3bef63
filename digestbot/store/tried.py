"""The store to try things on, read where it lies: what is collected is kept aside, and nothing of it is changed."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from contextlib import contextmanager
from datetime import datetime
from operator import attrgetter
from pathlib import Path
from typing import Any, TypeVar, cast

from sqlalchemy import insert, select

from ..errors import StoreError
from ..model import Edition, FeedState, Item
from ..ports import Items, Store, Vectors
from .column_types import strip_unstorable
from .database import Database, chunks
from .item_changes import ItemRow
from .opening import Stores
from .schema import feeds, item_keys, items, used_items
from .scratch import empty_store, scratch_copy
from .snapshot import Lasting, NeedsCopyError

T = TypeVar("T")
Row = dict[str, Any]
_order = attrgetter("effective_time", "id", "feed")


@contextmanager
def tried_store(data: Path, database_url: str = "", *, lasting: bool = False) -> Iterator[Store]:
    """The store as it is now, on which feeds may be asked and editions prepared. No edition can be claimed or published.

    Nothing is copied but what the feeds list again. Where the store cannot be read where it lies, say because it is of an earlier
    version, it is a copy of all.

    Args:
        data: the data folder.
        database_url: where the store is not in there.
        lasting: for who goes on for hours: it sees what others store meanwhile, and holds nothing up.

    Raises:
        StoreError: the store cannot be read.
    """
    stored = Lasting(data, database_url, holds=not lasting)
    try:
        stored.ask(lambda _: None)
    except NeedsCopyError:
        stored.close()
        with scratch_copy(data, database_url, to_make=True) as copy:
            yield copy
        return
    try:
        with empty_store() as own:
            yield cast(Store, _Tried(stored, own))
    finally:
        stored.close()


class _Tried:
    """`ports.Store`: items and vectors of both, everything else as it is stored."""

    def __init__(self, stored: Lasting, own: Stores) -> None:
        self._stored, self._own = stored, own
        self.items: Items = _TriedItems(stored, own)
        self.vectors: Vectors = _TriedVectors(stored, own.vectors)

    def __getattr__(self, name: str) -> Any:
        return _Asked(self._stored, name)

    def installation_id(self) -> str:
        return self._or_own(Stores.installation_id)

    def secret(self, name: str) -> bytes:
        return self._or_own(lambda stores: stores.secret(name))

    def _or_own(self, read: Callable[[Stores], T]) -> T:
        try:
            return self._stored.ask(read)
        except NeedsCopyError:  # it is to be made first
            return read(self._own)


class _Asked:
    """One of the ports as it is stored."""

    def __init__(self, stored: Lasting, port: str) -> None:
        self._stored, self._port = stored, port

    def __getattr__(self, name: str) -> Callable[..., Any]:
        def asked(*words: Any, **named: Any) -> Any:
            try:
                return self._stored.ask(lambda stores: getattr(getattr(stores, self._port), name)(*words, **named))
            except NeedsCopyError:
                raise StoreError(f"{self._port} cannot be changed by who only looks") from None

        return asked


class _TriedItems:
    """`ports.Items`. What a reading names is brought over from the store first, and counts from then on as it is kept here."""

    def __init__(self, stored: Lasting, own: Stores) -> None:
        self._stored, self._database, self._own = stored, own.database, own.items
        self._shadowed: frozenset[tuple[str, str]] = frozenset()  # feed and id of what is kept here
        self._renamed: frozenset[str] = frozenset()  # what feeds are called in the store that have another name here

    def states(self, names: Collection[str] | None = None) -> Mapping[str, FeedState]:
        stored = self._stored.ask(lambda stores: stores.items.states(names))
        return {**self._without_renamed(stored), **self._own.states(names)}

    def rename_feeds(self, names: Mapping[str, str]) -> None:
        self._bring(self._stored.ask(lambda stores: _rows_of(stores.database, dict.fromkeys(names))))
        self._own.rename_feeds(names)
        self._renamed |= names.keys()
        self._look_again()

    def save(self, state: FeedState, items: Sequence[Item], *, now: datetime) -> int:
        return self.save_all([(state, items)], now=now)

    def save_all(self, readings: Sequence[tuple[FeedState, Sequence[Item]]], *, now: datetime) -> int:
        wanted = {
            strip_unstorable(state.name): [key for item in found for key in ItemRow.of(item).keys]
            for state, found in readings
        }
        here = {name: keys for name, keys in wanted.items() if name not in self._renamed}
        self._bring(self._stored.ask(lambda stores: _rows_of(stores.database, here)))
        new = self._own.save_all(readings, now=now)
        self._look_again()
        return new

    def _bring(self, brought: Mapping[Any, list[Row]]) -> None:
        with self._database.writing() as connection:
            for table, rows in brought.items():
                if rows:  # of what is here already nothing is put back
                    connection.execute(insert(table).prefix_with("OR IGNORE"), rows)

    def _look_again(self) -> None:
        with self._database.reading() as connection:
            self._shadowed = frozenset(
                (feed, name) for feed, name in connection.execute(select(items.c.feed, items.c.id))
            )

    def window(
        self, digest: str, *, since: datetime, until: datetime, oldest: datetime, late: bool = True
    ) -> tuple[Item, ...]:
        def read(stored: Items) -> tuple[Item, ...]:
            return stored.window(digest, since=since, until=until, oldest=oldest, late=late)

        found, own = self._stored.ask(lambda stores: read(stores.items)), read(self._own)
        used = self._used([item.id for item in own], used_items.c.digest == digest)
        return self._both(found, [item for item in own if item.id not in used])

    def recent(self, *, since: datetime, until: datetime, limit: int | None = None) -> tuple[Item, ...]:
        # Of feeds with another name as many are hidden as are kept here.
        enough = None if limit is None else limit + len(self._shadowed)
        found = self._stored.ask(lambda stores: stores.items.recent(since=since, until=until, limit=enough))
        both = self._both(found, self._own.recent(since=since, until=until))
        return both if limit is None else both[max(len(both) - limit, 0) :]

    def count(self, *, since: datetime, until: datetime) -> int:
        return self._stored.ask(lambda stores: stores.items.count(since=since, until=until))

    def by_ids(self, ids: Collection[str]) -> tuple[Item, ...]:
        return self._both(self._stored.ask(lambda stores: stores.items.by_ids(ids)), self._own.by_ids(ids))

    def begun(self, feeds: Collection[str]) -> Mapping[str, datetime]:
        # What was brought over keeps when it was first seen.
        stored = self._stored.ask(lambda stores: stores.items.begun(feeds))
        return {**self._own.begun(feeds), **self._without_renamed(stored)}

    def used(self, edition: Edition) -> tuple[Item, ...]:
        found = self._stored.ask(lambda stores: stores.items.used(edition))
        here = {item.id for item in found if self._is_here(item)}
        return self._both(found, self._own.by_ids(here))

    def active_feeds(self, *, since: datetime, until: datetime) -> AbstractSet[str]:
        stored = self._stored.ask(lambda stores: stores.items.active_feeds(since=since, until=until))
        return (stored - self._renamed) | self._own.active_feeds(since=since, until=until)

    def find(self, reference: str) -> tuple[Item, ...]:
        return self._both(self._stored.ask(lambda stores: stores.items.find(reference)), self._own.find(reference))

    def __getattr__(self, name: str) -> Any:
        return getattr(_Asked(self._stored, "items"), name)

    def _both(self, stored: Sequence[Item], own: Sequence[Item]) -> tuple[Item, ...]:
        if not self._shadowed:
            return tuple(stored)
        return tuple(sorted([*(item for item in stored if not self._is_here(item)), *own], key=_order))

    def _is_here(self, item: Item) -> bool:
        return (item.feed, item.id) in self._shadowed or item.feed in self._renamed

    def _without_renamed(self, stored: Mapping[str, T]) -> dict[str, T]:
        return {name: value for name, value in stored.items() if name not in self._renamed}

    def _used(self, ids: Sequence[str], of_digest: Any) -> set[str]:
        def read(stores: Stores) -> set[str]:
            with stores.database.reading() as connection:
                asked = (
                    select(used_items.c.item).where(of_digest, used_items.c.item.in_(part)) for part in chunks(ids)
                )
                return {name for query in asked for name in connection.scalars(query)}

        return self._stored.ask(read) if ids else set()


class _TriedVectors:
    """`ports.Vectors`: those that are stored, and those made here."""

    def __init__(self, stored: Lasting, own: Vectors) -> None:
        self._stored, self._own = stored, own

    def get(self, keys: Collection[str]) -> Mapping[str, bytes]:
        known = self._stored.ask(lambda stores: stores.vectors.get(keys))
        return {**known, **self._own.get(set(keys) - known.keys())}

    def put(self, made: Mapping[str, bytes], *, now: datetime) -> None:
        self._own.put(made, now=now)

    def prune(self, *, before: datetime) -> int:
        return self._own.prune(before=before)


def _rows_of(database: Database, wanted: Mapping[str, Sequence[str] | None]) -> Mapping[Any, list[Row]]:
    """What is known of these feeds, and of those of their items that have one of these keys, or of all; in an order of inserting."""
    found: dict[Any, list[Row]] = {feeds: [], items: [], item_keys: []}
    with database.reading() as connection:
        for part in chunks(sorted(wanted)):
            query = select(feeds).where(feeds.c.name.in_(part))
            found[feeds] += [dict(row) for row in connection.execute(query).mappings()]
        for feed in [row["name"] for row in found[feeds]]:
            ids: set[str] = set()
            named, its_own = wanted[feed], item_keys.c.feed == feed
            parts = [its_own & item_keys.c.key.in_(part) for part in chunks(sorted(set(named or ())))]
            for asked in [its_own] if named is None else parts:
                keys = [dict(row) for row in connection.execute(select(item_keys).where(asked)).mappings()]
                found[item_keys] += keys
                ids |= {row["item"] for row in keys}
            for part in chunks(sorted(ids)):
                query = select(items).where(items.c.feed == feed, items.c.id.in_(part))
                found[items] += [dict(row) for row in connection.execute(query).mappings()]
    return found
