"""`preview --since 3d`: an edition of all that came in since then, as if the last one had ended there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any, cast

from pydantic_core import PydanticCustomError

from ..edition.context import DigestSpec
from ..errors import ConfigError, ConfigErrors
from ..model import Edition, EditionState, Item
from ..ports import Editions, Items, Store
from ..text.setting_values import parse_duration


def parse_since(text: str) -> timedelta:
    """`3d`, `36h`.

    Raises:
        ConfigErrors: it is no length of time.
    """
    try:
        return parse_duration(text)
    except PydanticCustomError as error:
        found = error.context or {}
        raise ConfigErrors([ConfigError("--since", str(found.get("reason")), str(found.get("fix", "")))]) from None


def looking_back(spec: DigestSpec, back: timedelta) -> DigestSpec:
    """The digest, with nothing too old for it that came in since then."""
    return replace(spec, window=back, max_age=max(spec.max_age, back), drops_weekend=False)


def as_if_ended(store: Store, at: datetime) -> Store:
    """The store as if the last edition of each digest had ended at this moment: later ones told nothing and used nothing."""
    return cast(Store, _AsIfEnded(store, at))


class _AsIfEnded:
    def __init__(self, store: Store, at: datetime) -> None:
        self._store = store
        self.items: Items = cast(Items, _Items(store.items))
        self.editions: Editions = cast(Editions, _Editions(store.editions, at))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)


class _Items:
    def __init__(self, items: Items) -> None:
        self._items = items

    def __getattr__(self, name: str) -> Any:
        return getattr(self._items, name)

    def window(self, _digest: str, *, since: datetime, until: datetime, **_bounds: object) -> Sequence[Item]:
        return self._items.recent(since=since, until=until)


class _Editions:
    def __init__(self, editions: Editions, at: datetime) -> None:
        self._editions = editions
        self._at = at

    def __getattr__(self, name: str) -> Any:
        return getattr(self._editions, name)

    def get(self, _digest: str, _day: date) -> None:
        return None

    def latest(self, digest: str, *, until: datetime) -> Edition | None:
        if until <= self._at:
            return None
        return Edition(digest=digest, date=self._at.date(), since=self._at, until=self._at, state=EditionState.DONE)

    def published(self, digest: str, *, since: date) -> tuple[tuple[date, str], ...]:
        return tuple(one for one in self._editions.published(digest, since=since) if one[0] < self._at.date())
