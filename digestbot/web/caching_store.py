"""A store that reads its items once, for whoever makes digests of the same items again and again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, Final, cast

from ..model import FeedState, Item
from ..ports import Items, Store

_READINGS: Final = 16


def kept(store: Store) -> Store:
    """The store, remembering what was read of its items until others are saved through it."""
    return cast(Store, CachingStore(store))


class CachingStore:
    def __init__(self, store: Store) -> None:
        self._store = store
        self.items: Items = _KeptItems(store.items)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)


class _KeptItems:
    def __init__(self, items: Items) -> None:
        self._items = items
        self.window = lru_cache(_READINGS)(items.window)
        self.recent = lru_cache(_READINGS)(items.recent)

    def states(self) -> Mapping[str, FeedState]:
        return self._items.states()

    def save(self, state: FeedState, items: Sequence[Item], *, now: datetime) -> int:
        self._forget()
        return self._items.save(state, items, now=now)

    def save_all(self, readings: Sequence[tuple[FeedState, Sequence[Item]]], *, now: datetime) -> int:
        self._forget()
        return self._items.save_all(readings, now=now)

    def find(self, reference: str) -> tuple[Item, ...]:
        return self._items.find(reference)

    def prune(self, *, before: datetime) -> int:
        self._forget()
        return self._items.prune(before=before)

    def _forget(self) -> None:
        self.window.cache_clear()
        self.recent.cache_clear()
