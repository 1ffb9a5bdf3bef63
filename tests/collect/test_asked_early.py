"""A feed whose turn falls after an edition is asked before it, unless it has asked to be left alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from builders import NOON
from hypothesis import given, settings
from hypothesis import strategies as st

from digestbot.collect.feed_decisions import Decider, Fetch
from digestbot.collect.politeness import is_due, next_turn
from digestbot.collect.response import Response
from digestbot.model import Feed, FeedState

HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)
FEED = Feed(name="a", url="https://a.example/feed")


def answered(status: int = 304, *, ttl: int = 0, **headers: str) -> FeedState:
    """What is remembered after a request at noon."""
    state = FeedState(name="a", url=FEED.url, etag='"1"', ttl=ttl)
    decider = Decider(feed=FEED, remembered=state, clock=NOON, interval=HOUR)
    fields = {name.replace("_", "-"): value for name, value in headers.items()}
    saved = decider.after_response(Fetch(state=state), Response(url=FEED.url, status=status, headers=fields, body=b""))
    return saved.state


@pytest.mark.parametrize(
    ("state", "minutes", "asked"),
    [
        (answered(), 29, False),  # not half of its interval
        (answered(), 30, True),
        (answered(ttl=45), 40, False),
        (answered(ttl=45), 45, True),
        (answered(ttl=120), 70, False),
        (answered(cache_control="max-age=2400"), 39, False),
        (answered(cache_control="max-age=2400"), 40, True),
        (answered(429, retry_after="3000"), 49, False),
        (answered(503), 50, False),  # back-off
        (answered(404), 50, False),
        (replace(answered(), fresh_until=None), 50, False),  # of an earlier release: nobody knows why it waits
        (replace(answered(), gone=True), 50, False),
    ],
)
def test_only_where_its_interval_alone_holds_it(state: FeedState, minutes: int, asked: bool):
    """Half of the interval has to pass, and ttl, freshness, Retry-After and back-off hold."""
    now = NOON + minutes * MINUTE
    assert is_due(state, now, interval=HOUR, ahead=now + 1.5 * MINUTE) is asked
    assert is_due(state, now, interval=HOUR) is False


@pytest.mark.parametrize(
    ("state", "minutes"),
    [
        (answered(), 11),  # and its share of the tenth by which feeds are spread
        (answered(ttl=45), 45),
        (answered(429, retry_after="3000"), 50),
        (answered(404), 60),  # back-off
        (replace(answered(404), checked=NOON - timedelta(days=3)), 60),  # its host was closed by another feed's answer
        (replace(answered(), fresh_until=None), 60),  # of an earlier release: nobody knows why it waits
    ],
)
def test_a_shorter_interval_counts_at_once(state: FeedState, minutes: int):
    """The next turn is that of the new interval, unless the feed or its failure asks for more; a longer one begins then."""
    shorter, longer = timedelta(minutes=10), timedelta(days=1)
    early, late = NOON + (minutes - 1) * MINUTE, NOON + minutes * 1.1 * MINUTE
    assert is_due(state, early, interval=shorter) is False
    assert is_due(state, late, interval=shorter) is True
    assert next_turn(state, interval=HOUR) == next_turn(state, interval=longer) == state.due


def test_a_feed_that_comes_in_time_is_not_asked_early():
    """Its turn is before the edition, which asks it itself."""
    state = answered()
    assert state.due is not None
    assert is_due(state, state.due - MINUTE, interval=HOUR, ahead=state.due + MINUTE) is False
    assert is_due(state, state.due - MINUTE, interval=HOUR, ahead=state.due - MINUTE / 2) is True


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 200), st.integers(0, 7200), st.integers(0, 180), st.integers(1, 120))
def test_never_before_the_feed_allows_it(ttl: int, fresh: int, minutes: int, ahead: int):
    """Whatever it says of itself, with an edition near or not: never twice within half an interval, ttl or freshness."""
    state, now = answered(ttl=ttl, cache_control=f"max-age={fresh}"), NOON + minutes * MINUTE
    if is_due(state, now, interval=HOUR, ahead=now + ahead * MINUTE):
        assert now - NOON >= max(HOUR / 2, timedelta(minutes=ttl), timedelta(seconds=fresh))
