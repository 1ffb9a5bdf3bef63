"""When a feed may be asked again: pure decisions, after what Miniflux does and RFC 9110 and 9111 ask for."""

from __future__ import annotations

import re
import zlib
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from ..model import Feed, FeedState

MAX_WAIT = timedelta(hours=24)  # no feed is left alone for longer, whatever it asks for
DAYS_UNTIL_MOVED = 3  # so many days of the same permanent redirect move a feed
_MAX_JITTER = 0.1
_MAX_AGE = re.compile(r"(?:^|[,\s])max-age\s*=\s*\"?(\d{1,9})", re.IGNORECASE)


def remembered_state(feed: Feed, state: FeedState | None) -> FeedState:
    """What is remembered of a feed, forgotten when the user has given it another address or selector."""
    configured_as = f"{feed.url} {feed.link_selector}".strip()
    if state is None or (state.configured_as and state.configured_as != configured_as):
        return FeedState(name=feed.name, configured_as=configured_as, url=feed.url)
    if state.configured_as and state.url:
        return state
    return replace(state, configured_as=configured_as, url=state.url or feed.url)


def is_due(state: FeedState, clock: datetime) -> bool:
    """Whether the feed may be asked now."""
    return not state.gone and (state.due is None or state.due <= clock)


def due_after_success(
    state: FeedState, clock: datetime, *, interval: timedelta, headers: Mapping[str, str] | None = None
) -> datetime:
    """When to ask again after an answer: the longest of interval, ttl and freshness, at most a day, and a little later
    by the feed's name, so that not every feed comes at the full hour.
    """
    wait = max(interval, timedelta(minutes=state.ttl), freshness_lifetime(headers or {}, clock))
    return clock + _jittered(min(wait, max(MAX_WAIT, interval)), state.name)


def due_after_failure(state: FeedState, clock: datetime, *, interval: timedelta) -> datetime:
    """When to ask again after the failure that `state` counts already: doubling from the interval up to a day."""
    wait = interval * 2 ** min(max(state.failures - 1, 0), 16)
    return clock + _jittered(min(wait, max(MAX_WAIT, interval)), state.name)


def freshness_lifetime(headers: Mapping[str, str], clock: datetime) -> timedelta:
    """How long the answer says it stays fresh: max-age before Expires (RFC 9111 section 4.2.1)."""
    control = headers.get("cache-control", "")
    match = _MAX_AGE.search(control)
    if match:
        return timedelta(seconds=int(match[1]))
    if re.search(r"no-(?:cache|store)", control, re.IGNORECASE):
        return timedelta()
    return max(_http_date(headers.get("expires", ""), clock) - clock, timedelta())


def retry_after(value: str, clock: datetime) -> datetime | None:
    """The moment a Retry-After names, in seconds or as a date (RFC 9110 section 10.2.3), at most a day away."""
    if value.strip().isdecimal():
        moment = clock + timedelta(seconds=min(int(value), 10**7))
    else:
        moment = _http_date(value, clock)
    return min(moment, clock + MAX_WAIT) if moment > clock else None


def count_redirect(state: FeedState, target: str, clock: datetime) -> FeedState:
    """Count the days on which permanent redirects led to `target`; at the third the feed is asked there.

    The configured address stays known, and is asked again should the new one be gone.
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


def _jittered(wait: timedelta, name: str) -> timedelta:
    return wait * (1 + _MAX_JITTER * (zlib.crc32(name.encode()) % 1000) / 1000)


def _http_date(value: str, fallback: datetime) -> datetime:
    try:
        moment = parsedate_to_datetime(value)
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return fallback
