"""`preview --since 3d`: an edition of all that came in since then, as if the last one had ended there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any, cast
from zoneinfo import ZoneInfo

from pydantic_core import PydanticCustomError

from ..app.zones import zone_for
from ..edition.context import DigestSpec
from ..errors import ConfigError, ConfigErrors
from ..model import Edition, EditionState, Item
from ..ports import Editions, Items, Store
from ..settings import DigestSettings
from ..text.setting_values import parse_duration


def parse_since(text: str, digest: DigestSettings, *, until: datetime) -> timedelta:
    """`3d`, `36h`, or a date or time, as `--at` takes them: how long before the edition's moment; a date from its midnight on.

    Args:
        text: as it was written.
        digest: whose zone counts.
        until: the edition's moment.

    Raises:
        ConfigErrors: it is neither, or not before the edition's moment.
    """
    word, zone = text.strip().lower(), ZoneInfo(zone_for(digest))
    try:
        day = {"today": 0, "yesterday": 1}[word]
        begins: datetime | None = datetime.combine(until.astimezone(zone).date() - timedelta(days=day), time(), zone)
    except KeyError:
        begins = _iso(word, zone)
    if begins is None:
        try:
            return parse_duration(text)
        except PydanticCustomError as error:
            reason = str((error.context or {}).get("reason"))
            fix = "write a whole number and a unit, as in 24h, 3d or 1w, or a date such as 2026-05-20"
            raise ConfigErrors([ConfigError("--since", f"{text!r} {reason}", fix)]) from None
    if begins >= until:
        raise ConfigErrors([ConfigError("--since", f"{text!r} is not before the edition", "write an earlier date")])
    return until - begins


def _iso(word: str, zone: ZoneInfo) -> datetime | None:
    """A date or a time in ISO form; None for what is written in another way, as a bare number."""
    try:
        at = datetime.fromisoformat(word.upper()) if "-" in word else None
    except ValueError:
        return None
    return at if at is None or at.tzinfo else at.replace(tzinfo=zone)


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
