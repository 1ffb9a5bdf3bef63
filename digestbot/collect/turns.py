"""Whose turn it is of very many feeds: of those whose turn it is not, only the address and the title are read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from ..model import Feed, FeedState
from ..ports import Items
from .politeness import configured_as, furthest_turn, remembered_state


def may_be_due(
    feeds: Sequence[Feed], items: Items, *, at: datetime, interval: timedelta
) -> tuple[tuple[Feed, FeedState], ...]:
    """Every feed that is due at a moment, as `is_due` says, and few others; each with what is remembered of it.

    Args:
        feeds: all of them.
        items: where their states are.
        at: the moment.
        interval: the least time between two requests for one feed that names no other.
    """
    # A feed waits for less than its stored moment only where its interval was shortened since; whoever has one of its own is read.
    states: Mapping[str, FeedState] = {
        **items.due(at=at, beyond=at + furthest_turn(interval), read_by=at - interval),
        **items.states([feed.name for feed in feeds if feed.interval is not None]),
    }
    known = items.sources()

    def rests(feed: Feed) -> bool:
        if feed.name in states or feed.name not in known:
            return False
        source = known[feed.name]
        return not source.configured_as or source.configured_as == configured_as(feed)

    return tuple((feed, remembered_state(feed, states.get(feed.name))) for feed in feeds if not rests(feed))
