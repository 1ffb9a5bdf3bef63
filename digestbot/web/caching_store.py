"""A store that reads the same items only once, for a preview that makes the same digests again and again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, Final, cast

from ..model import FeedState, Item
from ..ports import Items, Store

_MAX_CACHED_QUERIES: Final = 16  # two for each digest, for as many digests as anybody previews


def caching_store(store: Store) -> Store:
    """The store, with its items read from memory until others are saved through it."""
    return cast(Store, CachingStore(store))


class CachingStore:
    def __init__(self, store: Store) -> None:
        self._store = store
        self.items: Items = _CachingItems(store.items)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)


class _CachingItems:
    def __init__(self, items: Items) -> None:
        self._items = items
        self.window = lru_cache(_MAX_CACHED_QUERIES)(items.window)
        self.recent = lru_cache(_MAX_CACHED_QUERIES)(items.recent)

    def save(self, state: FeedState, items: Sequence[Item], *, now: datetime) -> int:
        self._clear()
        return self._items.save(state, items, now=now)

    def save_all(self, readings: Sequence[tuple[FeedState, Sequence[Item]]], *, now: datetime) -> int:
        self._clear()
        return self._items.save_all(readings, now=now)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._items, name)

    def cap_times(self, *, now: datetime) -> None:
        self._clear()
        self._items.cap_times(now=now)

    def rename_feeds(self, names: Mapping[str, str]) -> None:
        self._clear()
        self._items.rename_feeds(names)

    def prune(self, *, before: datetime) -> int:
        self._clear()
        return self._items.prune(before=before)

    def _clear(self) -> None:
        self.window.cache_clear()
        self.recent.cache_clear()
