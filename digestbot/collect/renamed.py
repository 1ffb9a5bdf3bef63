"""A feed that has another name in the configuration is the same feed: its address says which it is. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

from ..model import Feed, FeedState
from .politeness import configured_as

_NEVER = datetime.min.replace(tzinfo=UTC)
_PARKED = "~"  # begins no name of a configuration


def all_known(feeds: Iterable[Feed], remembered: Mapping[str, FeedState]) -> bool:
    """Whether each is remembered under its name: then none of them has another one than before."""
    return all(_is_of(remembered.get(feed.name), feed) for feed in feeds)


def renamed_feeds(feeds: Iterable[Feed], remembered: Mapping[str, FeedState]) -> dict[str, str]:
    """What feeds were called before, and are called now: by the address they are configured with, or had moved to.

    A name that is given to another feed sets free what was stored under it: that is kept under a name of nobody.
    """
    feeds = tuple(feeds)
    by_address: dict[str, FeedState] = {}
    for state in sorted(remembered.values(), key=lambda one: one.checked or _NEVER):
        # The address it is configured with says more than the one it was led to.
        by_address |= {state.url: state} if state.url and state.url not in by_address else {}
    for state in sorted(remembered.values(), key=lambda one: one.checked or _NEVER):
        by_address |= {state.configured_as: state} if state.configured_as else {}
    kept = {feed.name for feed in feeds if _is_of(remembered.get(feed.name), feed)}
    moves: dict[str, str] = {}
    for feed in feeds:
        known = by_address.get(configured_as(feed)) or by_address.get(feed.url)
        if known is not None and feed.name not in kept and known.name not in kept and known.name not in moves:
            moves[known.name] = feed.name
    for name in set(moves.values()) & remembered.keys() - moves.keys():
        moves[name] = f"{_PARKED}{name}"
    return {old: new for old, new in moves.items() if new not in remembered or new in moves}


def _is_of(state: FeedState | None, feed: Feed) -> bool:
    return state is not None and (
        not state.configured_as or configured_as(feed) == state.configured_as or feed.url == state.url
    )
