"""When a feed may be asked again."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digestbot.collect import politeness
from digestbot.collect.redirects import count_redirect
from digestbot.model import Feed, FeedState

NOON = datetime(2026, 5, 27, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
STATE = FeedState(name="harbour", url="https://harbour.example/feed", configured_as="https://harbour.example/feed")


@pytest.mark.parametrize(
    ("headers", "ttl", "hours"),
    [
        ({}, 0, 1),
        ({"cache-control": "public, max-age=7200"}, 0, 2),
        ({"cache-control": "max-age=60"}, 0, 1),
        ({"cache-control": "max-age=9999999"}, 0, 24),
        ({"expires": format_datetime(NOON + 3 * HOUR)}, 0, 3),
        ({"cache-control": "no-cache", "expires": format_datetime(NOON + 3 * HOUR)}, 0, 1),
        ({"expires": "0"}, 0, 1),
        ({}, 240, 4),
    ],
)
def test_the_longest_wish_counts_up_to_a_day(headers: dict[str, str], ttl: int, hours: int) -> None:
    """Interval, ttl and freshness: the longest decides, never more than a day, plus at most a tenth of jitter."""
    due = politeness.due_after_success(replace(STATE, ttl=ttl), NOON, interval=HOUR, headers=headers)
    assert hours * HOUR <= due - NOON <= hours * HOUR * 1.1


def test_failures_double_the_wait_up_to_a_day() -> None:
    """1, 2, 4 ... 24 hours, however often a feed has failed."""
    waits = [
        politeness.due_after_failure(replace(STATE, failures=count), NOON, interval=HOUR) - NOON
        for count in (1, 2, 3, 6, 99)
    ]
    for wait, hours in zip(waits, (1, 2, 4, 24, 24), strict=True):
        assert hours * HOUR <= wait <= hours * HOUR * 1.1


def test_feeds_do_not_all_come_at_once() -> None:
    """Feeds of different names get different moments, each always the same."""
    states = [FeedState(name=f"feed{number}") for number in range(50)]
    due = [politeness.due_after_success(state, NOON, interval=HOUR) for state in states]
    assert len(set(due)) > 40
    assert due == [politeness.due_after_success(state, NOON, interval=HOUR) for state in states]


@pytest.mark.parametrize(
    ("value", "seconds"),
    [("120", 120), (format_datetime(NOON + HOUR), 3600), ("99999999", 86400), ("soon", None), ("", None), ("-5", None)],
)
def test_retry_after_is_seconds_or_a_date(value: str, seconds: int | None) -> None:
    """Both forms of Retry-After are understood, nonsense is none, and nobody is left alone for more than a day."""
    assert politeness.retry_after(value, NOON) == (NOON + timedelta(seconds=seconds) if seconds else None)


@given(st.text())
def test_no_header_raises(value: str) -> None:
    """Whatever a server writes into its headers, a decision is made."""
    politeness.retry_after(value, NOON)
    politeness.freshness_lifetime({"cache-control": value, "expires": value}, NOON)


def test_three_days_of_the_same_redirect_move_a_feed() -> None:
    """Permanent redirects to one address on three days move the feed; another address or a pause begins anew."""
    state = count_redirect(STATE, "https://new.example/feed", NOON)
    state = count_redirect(state, "https://new.example/feed", NOON + HOUR)
    assert (state.redirect_days, state.url) == (1, STATE.url)
    state = count_redirect(state, "https://new.example/feed", NOON + 24 * HOUR)
    assert count_redirect(state, "https://other.example/", NOON + 48 * HOUR).redirect_days == 1
    assert count_redirect(state, "", NOON + 48 * HOUR).redirect_days == 0
    moved = count_redirect(state, "https://new.example/feed", NOON + 48 * HOUR)
    assert (moved.url, moved.configured_as) == ("https://new.example/feed", STATE.configured_as)


def test_another_address_forgets_what_was_known() -> None:
    """A feed whose address the user changed starts without validators, failures or waiting."""
    old = replace(STATE, etag='"1"', due=NOON + HOUR, failures=3, gone=True)
    fresh = politeness.remembered_state(Feed(url="https://harbour.example/other", name="harbour"), old)
    assert (fresh.etag, fresh.due, fresh.failures, fresh.gone) == ("", None, 0, False)
    assert politeness.remembered_state(Feed(url=STATE.configured_as, name="harbour"), old).etag == '"1"'


@pytest.mark.parametrize(
    ("due", "gone", "is_due"),
    [
        (None, False, True),
        (NOON, False, True),
        (NOON - HOUR, False, True),
        (NOON + timedelta(microseconds=1), False, False),
        (None, True, False),
        (NOON - HOUR, True, False),
        (NOON + 26 * HOUR, False, False),
        (NOON + 27 * HOUR, False, True),
        (NOON + timedelta(days=400), False, True),
        (NOON + timedelta(days=400), True, False),
    ],
)
def test_a_feed_is_due_from_its_moment_on_unless_it_is_gone(due: datetime | None, gone: bool, is_due: bool) -> None:
    """One that was never asked is due, the very moment counts, 410 is for good; a wrong clock's far moment is no wait."""
    assert politeness.is_due(replace(STATE, due=due, gone=gone), NOON, interval=HOUR) is is_due


@pytest.mark.parametrize(
    ("minutes", "between", "is_due"), [(59, True, False), (60, True, True), (-1, True, True), (59, False, True)]
)
def test_a_file_is_read_in_every_poll_but_between_editions(minutes: int, between: bool, is_due: bool) -> None:
    """There it waits for its interval; a moment in the future is of a clock that was ahead."""
    state = replace(STATE, due=None, checked=NOON - timedelta(minutes=minutes))
    assert politeness.is_due(state, NOON, interval=HOUR, between=between) is is_due


def test_an_interval_of_days_is_waited_for() -> None:
    """The longest wait is the interval where that is longer than a day."""
    state = replace(STATE, due=NOON + timedelta(days=7))
    assert not politeness.is_due(state, NOON, interval=timedelta(days=7))


HARBOUR = Feed(url=STATE.url, name="harbour")


@pytest.mark.parametrize(
    ("stored", "remembered"),
    [
        (None, STATE),
        (replace(STATE, etag="1"), replace(STATE, etag="1")),
        (replace(STATE, url="https://new.example/", etag="1"), replace(STATE, url="https://new.example/", etag="1")),
        (replace(STATE, url="", etag="1"), replace(STATE, etag="1")),
        (replace(STATE, configured_as="", etag="1"), replace(STATE, etag="1")),
        (replace(STATE, configured_as="", url="", etag="1"), replace(STATE, etag="1")),
        (replace(STATE, configured_as="", url="https://new.example/"), replace(STATE, url="https://new.example/")),
        (replace(STATE, configured_as=f"{STATE.url} h2 a", etag="1"), STATE),
    ],
    ids=[
        "none",
        "the same",
        "moved",
        "no url",
        "an old row",
        "an old row without url",
        "an old row, moved",
        "selector",
    ],
)
def test_what_is_remembered_of_a_feed(stored: FeedState | None, remembered: FeedState) -> None:
    """A state holds while address and selector are the configured ones; rows of older releases lack a field or two."""
    assert politeness.remembered_state(HARBOUR, stored) == remembered


def test_another_selector_forgets_what_was_known() -> None:
    """With it, the same body has other items."""
    stored = replace(STATE, body_hash="1", configured_as=f"{STATE.url} h2 a")
    assert politeness.remembered_state(replace(HARBOUR, link_selector="h2 a"), stored) == stored
    assert politeness.remembered_state(replace(HARBOUR, link_selector="h3 a"), stored).body_hash == ""
