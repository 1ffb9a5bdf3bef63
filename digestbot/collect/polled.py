"""What a poll by several processes has brought so far: read from what they have stored."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from ..model import Feed, FeedState
from .canonical_url import is_web_address
from .politeness import is_due, remembered_state
from .poll import LATE, PollResult, poll_result


def unread(
    feeds: Sequence[Feed], states: Mapping[str, FeedState], *, since: datetime, interval: timedelta
) -> tuple[Feed, ...]:
    """Those that were due at a moment, and that nobody has read since.

    Args:
        feeds: all of them.
        states: what is stored of them.
        since: the moment.
        interval: the least time between two requests for one feed that names no other.
    """

    def waits(feed: Feed) -> bool:
        state = remembered_state(feed, states.get(feed.name))
        # Of the web whatever was read is due later; one that hangs has been looked at, and still is due.
        read = not is_web_address(state.url) and state.checked is not None and state.checked >= since
        return not read and is_due(state, since, interval=feed.interval or interval)

    return tuple(feed for feed in feeds if waits(feed))


def polled(feeds: Sequence[Feed], states: Mapping[str, FeedState], *, late: Collection[str]) -> PollResult:
    """As the outcome of one poll of all of them.

    Args:
        feeds: all of them.
        states: what is stored of them.
        late: the names of those that are not waited for any longer.
    """
    found = {feed.name: remembered_state(feed, states.get(feed.name)) for feed in feeds}
    found |= {name: replace(found[name], error=found[name].error or LATE) for name in late}
    return poll_result(feeds, found)
