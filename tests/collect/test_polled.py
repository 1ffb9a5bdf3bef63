"""What a poll by several processes has brought so far."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from memory_items import MemoryItems

from digestbot.collect.poll import LATE
from digestbot.collect.polled import polled, unread
from digestbot.model import Feed, FeedState

NOON = datetime(2026, 5, 27, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
WEB = Feed(name="gazette", url="https://gazette.example/feed")
FILE = Feed(name="saved", url="/srv/saved.xml")


def state(feed: Feed, **fields: object) -> dict[str, FeedState]:
    return {feed.name: FeedState(name=feed.name, url=feed.url, configured_as=feed.url, **fields)}  # type: ignore[arg-type]


def stored(states: dict[str, FeedState]) -> MemoryItems:
    items = MemoryItems()
    items.kept = states
    return items


@pytest.mark.parametrize(
    ("feed", "states", "waits"),
    [
        (WEB, {}, True),  # nobody has ever read it
        (WEB, state(WEB, checked=NOON - 60 * MINUTE, due=NOON - MINUTE), True),
        (WEB, state(WEB, checked=NOON - 10 * MINUTE, due=NOON + 50 * MINUTE), False),  # it was not due
        (WEB, state(WEB, checked=NOON + MINUTE, due=NOON + 61 * MINUTE), False),  # somebody has read it since
        (WEB, state(WEB, checked=NOON + MINUTE, due=NOON + 61 * MINUTE, error="not found (404)"), False),
        (WEB, state(WEB, checked=NOON + MINUTE, due=NOON - MINUTE), True),  # it hangs
        (WEB, state(WEB, checked=NOON + MINUTE), True),  # it hangs, and was never read before
        (WEB, state(WEB, checked=NOON - MINUTE, gone=True), False),
        (FILE, state(FILE, checked=NOON - MINUTE), True),
        (FILE, state(FILE, checked=NOON + MINUTE), False),
    ],
)
def test_what_is_waited_for(feed: Feed, states: dict[str, FeedState], *, waits: bool):
    """A feed that was due at the cutoff and that nobody has read since."""
    assert unread((feed,), stored(states), since=NOON, interval=timedelta(hours=1)) == ((feed,) if waits else ())


def test_what_it_comes_to():
    """As one poll would have said: what failed, what was late, and what could be read."""
    failing = Feed(name="courier", url="https://courier.example/feed")
    states = state(WEB, checked=NOON) | state(failing, checked=NOON, error="not found (404)")
    result = polled((WEB, failing, FILE), stored(states), late={"saved"})
    assert (result.feeds, result.failed) == (3, 2)
    assert [(one.source, one.detail) for one in result.failures] == [("courier", "not found (404)"), ("saved", LATE)]
    assert "gazette" in result.readable
