"""When permanent redirects have lasted long enough that a feed is asked at its new address."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from ..model import FeedState

# A permanent redirect (RFC 9110 section 15.4.2) must be seen on so many days, so that one that is there by mistake,
# or for a day of maintenance, moves no feed.
DAYS_UNTIL_MOVED = 3


def count_redirect(state: FeedState, target: str, clock: datetime) -> FeedState:
    """Count the days on which permanent redirects led to `target`; on the third the feed moves there.

    An empty `target`, or another one, starts the count again. `configured_as` keeps the configured address, which is
    asked again when the feed is gone from the new one.
    """
    if not target or target == state.url:
        if not state.moved_to:
            return state
        return replace(state, moved_to="", redirect_days=0, redirect_seen_on=None)
    if target != state.moved_to:
        return replace(state, moved_to=target, redirect_days=1, redirect_seen_on=clock)
    if state.redirect_seen_on is not None and state.redirect_seen_on.date() == clock.date():
        return state
    if state.redirect_days + 1 >= DAYS_UNTIL_MOVED:
        return replace(state, url=target, moved_to="", redirect_days=0, redirect_seen_on=None)
    return replace(state, redirect_days=state.redirect_days + 1, redirect_seen_on=clock)
