"""When a feed may be asked again, also after 429 and Retry-After: pure, after RFC 9110 and 9111 and as Miniflux does.

The moment is kept in `FeedState.due`; feed_decisions.py puts it there.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from ..model import Feed, FeedState
from .canonical_url import is_web_address

# RFC 6585 section 4 and RFC 9110 section 15.6.4: the two statuses that ask to wait.
ASK_TO_WAIT = frozenset({429, 503})
MAX_WAIT = timedelta(hours=24)  # whatever a server asks for: a typing error of its must not silence a feed for years
_MAX_JITTER = 0.1  # share of the wait by which it is made longer
_MAX_DOUBLINGS = 16  # keeps the power within a timedelta; a day is reached long before
_MAX_RETRY_SECONDS = 10**7  # keeps a number of any length within a timedelta
_MAX_AGE = re.compile(r"(?:^|[,\s])max-age\s*=\s*\"?(\d{1,9})", re.IGNORECASE)


def configured_as(feed: Feed) -> str:
    """What a feed is configured as: when it changes, all that is remembered is of another feed."""
    return f"{feed.url} {feed.link_selector}".strip()


def remembered_state(feed: Feed, state: FeedState | None) -> FeedState:
    """The stored state of a feed; a new one when its configured address or selector is another than the stored one."""
    known_as = configured_as(feed)
    if state is None or (state.configured_as and state.configured_as != known_as):
        return FeedState(name=feed.name, configured_as=known_as, url=feed.url)
    # Only the configured address may be a file: wherever else a feed has moved to, it was somebody else who said so.
    url = state.url if state.url == feed.url or is_web_address(state.url) else feed.url
    return replace(state, configured_as=known_as, url=url)


def is_due(
    state: FeedState, clock: datetime, *, interval: timedelta, ahead: datetime | None = None, between: bool = False
) -> bool:
    """Whether the feed may be asked now.

    No rule here waits for longer than a day or the interval: a moment further away was set by a clock that was ahead.

    Args:
        state: what is remembered of it.
        clock: the real time.
        interval: the least time between two requests.
        ahead: when an edition is to be made soon; a feed that would be asked after it only is asked before it.
        between: no edition is being made: what may be read at any time, a file, waits for its interval, too.
    """
    if between and state.due is None and state.checked is not None and not state.gone:
        return not timedelta() <= clock - state.checked < interval
    due = next_turn(state, interval=interval)
    if state.gone or due is None or due <= clock or due > clock + furthest_turn(interval):
        return not state.gone
    return ahead is not None and due > ahead and _may_be_asked_early(state, clock, interval=interval)


def furthest_turn(interval: timedelta) -> timedelta:
    """The longest that any rule here has a feed wait for."""
    return max(MAX_WAIT, interval) * (1 + _MAX_JITTER)


def next_turn(state: FeedState, *, interval: timedelta) -> datetime | None:
    """When the feed may be asked again; None for now. `due`, or what an interval makes of it that was shortened since.

    What the feed itself asked for, and the wait after a failure, is never shortened.
    """
    # Before there was `fresh_until` nobody noted why a feed waits.
    if state.due is None or state.fresh_until is None or state.checked is None:
        return state.due
    wait = min(max(interval, state.fresh_until - state.checked), max(MAX_WAIT, interval))
    return min(state.due, max(state.fresh_until, state.checked + _jittered(wait, state.name)))


def _may_be_asked_early(state: FeedState, clock: datetime, *, interval: timedelta) -> bool:
    """Half of its interval has passed, and it is its interval alone that it waits for."""
    if state.fresh_until is None or state.fresh_until > clock or state.checked is None:
        return False
    return clock - state.checked >= interval / 2


def due_after_success(
    state: FeedState, clock: datetime, *, interval: timedelta, headers: Mapping[str, str] | None = None
) -> datetime:
    """When to ask again after a success: after the longest of interval, ttl and freshness lifetime, but at most a day.

    It is up to a tenth later, by the feed's name, so that not all feeds are asked at the same moment.
    """
    wait = max(interval, fresh_for(state, clock, headers=headers))
    return clock + _jittered(min(wait, max(MAX_WAIT, interval)), state.name)


def fresh_for(state: FeedState, clock: datetime, *, headers: Mapping[str, str] | None = None) -> timedelta:
    """For how long the feed itself asks not to be asked again, at most a day."""
    return min(max(timedelta(minutes=state.ttl), freshness_lifetime(headers or {}, clock)), MAX_WAIT)


def due_after_failure(state: FeedState, clock: datetime, *, interval: timedelta) -> datetime:
    """When to ask again after a failure, which `state` already counts: the interval doubles with each, up to a day."""
    wait = interval * 2 ** min(max(state.failures - 1, 0), _MAX_DOUBLINGS)
    return clock + _jittered(min(wait, max(MAX_WAIT, interval)), state.name)


def freshness_lifetime(headers: Mapping[str, str], clock: datetime) -> timedelta:
    """For how long a response is fresh by its own headers: max-age before Expires (RFC 9111 section 4.2.1)."""
    control = headers.get("cache-control", "")
    match = _MAX_AGE.search(control)
    if match:
        return timedelta(seconds=int(match[1]))
    if re.search(r"no-(?:cache|store)", control, re.IGNORECASE):
        return timedelta()
    return max(_http_date(headers.get("expires", ""), clock) - clock, timedelta())


def retry_after(value: str, clock: datetime) -> datetime | None:
    """The moment that a Retry-After header names, in seconds or as a date (RFC 9110 section 10.2.3), at most a day away.

    None when it names none, or one that is past.
    """
    if value.strip().isdecimal():
        moment = clock + timedelta(seconds=min(int(value), _MAX_RETRY_SECONDS))
    else:
        moment = _http_date(value, clock)
    return min(moment, clock + MAX_WAIT) if moment > clock else None


def _jittered(wait: timedelta, name: str) -> timedelta:
    return wait * (1 + _MAX_JITTER * (zlib.crc32(name.encode()) % 1000) / 1000)


def _http_date(value: str, fallback: datetime) -> datetime:
    try:
        moment = parsedate_to_datetime(value)
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return fallback
