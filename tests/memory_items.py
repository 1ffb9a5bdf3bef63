"""The Items port in memory, for tests of whatever collects."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from datetime import datetime

from digestbot.model import FeedSource, FeedState, Item


class MemoryItems:
    """Everything collected, in dictionaries."""

    def __init__(self) -> None:
        self.kept: dict[str, FeedState] = {}
        self.items: dict[str, Item] = {}
        self.saves: list[tuple[FeedState, tuple[Item, ...]]] = []
        self._keys: dict[tuple[str, str], str] = {}

    def states(self, names: Collection[str] | None = None) -> Mapping[str, FeedState]:
        return {name: state for name, state in self.kept.items() if names is None or name in names}

    def sources(self) -> Mapping[str, FeedSource]:
        return {name: FeedSource(one.configured_as, one.title) for name, one in self.kept.items()}

    def due(self, *, at: datetime, beyond: datetime, read_by: datetime) -> Mapping[str, FeedState]:
        def may_be(one: FeedState) -> bool:
            read = one.checked is not None and one.checked <= read_by
            return one.due is None or not at < one.due <= beyond or (read and one.fresh_until is not None)

        return {name: one for name, one in self.kept.items() if may_be(one) and not one.gone}

    def failing(self) -> Mapping[str, FeedState]:
        return {name: one for name, one in self.kept.items() if one.error}

    def save(self, state: FeedState, items: Sequence[Item], *, now: datetime) -> int:
        self.saves.append((state, tuple(items)))
        self.kept[state.name] = state
        new = 0
        for item in items:
            known = next((self._keys[item.feed, key] for key in item.keys if (item.feed, key) in self._keys), None)
            if known is None:
                new += 1
                self.items[item.id] = replace(item, first_seen=now)
            else:
                self.items[known] = replace(item, id=known, first_seen=self.items[known].first_seen)
            for key in item.keys:
                self._keys.setdefault((item.feed, key), known or item.id)
        return new

    def save_all(self, readings: Sequence[tuple[FeedState, Sequence[Item]]], *, now: datetime) -> int:
        return sum(self.save(state, items, now=now) for state, items in readings)

    def window(self, digest: str, *, since: datetime, until: datetime, oldest: datetime) -> tuple[Item, ...]:
        raise NotImplementedError("collecting never asks for a window")

    def recent(self, *, since: datetime, until: datetime) -> tuple[Item, ...]:
        return tuple(
            item for item in self.items.values() if item.effective_time and since < item.effective_time <= until
        )

    def active_feeds(self, *, since: datetime, until: datetime) -> AbstractSet[str]:
        return {item.feed for item in self.recent(since=since, until=until)}

    def rename_feeds(self, names: Mapping[str, str]) -> None:
        self.kept = {
            names.get(name, name): replace(state, name=names.get(name, name)) for name, state in self.kept.items()
        }
        self._keys = {(names.get(feed, feed), key): item for (feed, key), item in self._keys.items()}
        self.items = {name: replace(item, feed=names.get(item.feed, item.feed)) for name, item in self.items.items()}

    def find(self, reference: str) -> tuple[Item, ...]:
        return tuple(item for item in self.items.values() if reference in (item.id, item.url))
