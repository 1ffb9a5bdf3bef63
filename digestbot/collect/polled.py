"""What a poll by several processes has brought so far: read from what they have stored."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from ..model import Feed, FeedState
from ..ports import Items
from .canonical_url import is_web_address
from .politeness import is_due, remembered_state
from .poll import LATE, PollResult, poll_result
from .turns import may_be_due


def unread(feeds: Sequence[Feed], items: Items, *, since: datetime, interval: timedelta) -> tuple[Feed, ...]:
    """Those that were due at a moment, and that nobody has read since.

    Args:
        feeds: all of them.
        items: where what is known of them is stored.
        since: the moment.
        interval: the least time between two requests for one feed that names no other.
    """

    def waits(feed: Feed, state: FeedState) -> bool:
        # Of the web whatever was read is due later; one that hangs has been looked at, and still is due.
        read = not is_web_address(state.url) and state.checked is not None and state.checked >= since
        return not read and is_due(state, since, interval=feed.interval or interval)

    candidates = may_be_due(feeds, items, at=since, interval=interval)
    return tuple(feed for feed, state in candidates if waits(feed, state))


def polled(feeds: Sequence[Feed], items: Items, *, late: Collection[str]) -> PollResult:
    """As the outcome of one poll of all of them.

    Args:
        feeds: all of them.
        items: where what is known of them is stored.
        late: the names of those that are not waited for any longer.
    """
    # Of those that can be read their titles suffice.
    titled = {
        name: FeedState(name=name, title=one.title, configured_as=one.configured_as)
        for name, one in items.sources().items()
    }
    states = {**titled, **items.failing()}
    found = {feed.name: remembered_state(feed, states.get(feed.name)) for feed in feeds}
    found |= {name: replace(found[name], error=found[name].error or LATE) for name in late}
    return poll_result(feeds, found)
