"""Windows: where an edition begins, how far back an item may be, and the date that names it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from builders import NOON, SPEC

from digestbot.edition.window import local_date, window
from digestbot.model import Edition

DAY = timedelta(days=1)
MONDAY = datetime(2026, 5, 25, 12, tzinfo=UTC)
DROPPING = replace(SPEC, timezone="UTC", drops_weekend=True)


def ended(at: datetime) -> Edition:
    """The last edition, whose window ended then."""
    return Edition(digest="morning", date=at.date(), since=at - DAY, until=at)


def test_the_first_window_looks_back_once():
    """Without an earlier edition the window is one `window`, and nothing older counts as late."""
    assert window(SPEC, None, until=NOON) == (NOON - DAY, NOON - DAY, False)


def test_late_items_count_up_to_max_age():
    """After yesterday's edition the window is a day, and what arrives late may be three days old."""
    assert window(SPEC, ended(NOON - DAY), until=NOON) == (NOON - DAY, NOON - 3 * DAY, True)


def test_a_window_begins_where_the_last_one_ended():
    """After an outage of two days the window covers them."""
    assert window(SPEC, ended(NOON - 2 * DAY), until=NOON) == (NOON - 2 * DAY, NOON - 3 * DAY, True)


def test_after_a_long_outage_what_is_too_old_is_no_news():
    """Five days later the window still begins where the last one ended, but nothing older than MAX_AGE counts."""
    assert window(SPEC, ended(NOON - 5 * DAY), until=NOON) == (NOON - 5 * DAY, NOON - 3 * DAY, True)


@pytest.mark.parametrize(
    ("days", "until", "longest"),
    [
        ({0}, MONDAY, 7 * DAY + timedelta(hours=1)),  # weekly: the week is its news
        ({0, 1, 2, 3, 4}, MONDAY, 3 * DAY + timedelta(hours=1)),  # since Friday
        ({0, 1, 2, 3, 4}, MONDAY + DAY, 3 * DAY),  # MAX_AGE is longer than a day
        ({5}, MONDAY, 3 * DAY),  # made by hand on a day that is not planned: two days since Saturday
    ],
)
def test_the_planned_distance_is_never_cut(days: set[int], until: datetime, longest: timedelta):
    """The longest of MAX_AGE, WINDOW and the days to the edition before: a weekly digest keeps its week."""
    spec = replace(SPEC, timezone="UTC", days=frozenset(days))

    assert window(spec, ended(until - 20 * DAY), until=until)[1] == until - longest


@pytest.mark.parametrize("later", [timedelta(0), 3 * DAY])
def test_an_edition_of_the_past_does_not_run_backwards(later: timedelta):
    """Making a day again that lies before the newest edition, or at its very end, looks back one window."""
    assert window(SPEC, ended(NOON + later), until=NOON)[0] == NOON - DAY


def test_a_dropped_weekend_leaves_one_window():
    """Monday's edition covers a day and not the days since Friday; nothing older counts as late."""
    assert window(DROPPING, ended(MONDAY - 3 * DAY), until=MONDAY) == (MONDAY - DAY, MONDAY - DAY, True)
    assert window(DROPPING, None, until=MONDAY) == (MONDAY - DAY, MONDAY - DAY, False)


def test_a_window_that_drops_the_weekend_never_begins_before_the_last_one_ended():
    """WEEKEND=drop shortens a window and never stretches it back over what an earlier edition covered."""
    sunday = MONDAY - timedelta(hours=14)

    assert window(DROPPING, ended(sunday), until=MONDAY) == (sunday, sunday, True)


@pytest.mark.parametrize(
    ("begins", "ends", "dropped"),
    [
        (datetime(2026, 5, 20, 12, tzinfo=UTC), datetime(2026, 5, 22, 12, tzinfo=UTC), False),  # Wednesday to Friday
        (datetime(2026, 5, 25, 0, tzinfo=UTC), datetime(2026, 5, 29, 23, tzinfo=UTC), False),  # Monday to Friday
        (datetime(2026, 5, 21, 12, tzinfo=UTC), datetime(2026, 5, 23, 0, tzinfo=UTC), True),  # to Saturday
        (datetime(2026, 5, 24, 23, tzinfo=UTC), datetime(2026, 5, 26, 12, tzinfo=UTC), True),  # from Sunday
        (datetime(2026, 5, 20, 12, tzinfo=UTC), datetime(2026, 6, 1, 12, tzinfo=UTC), True),  # over a whole one
    ],
)
def test_only_a_window_with_a_weekend_in_it_is_cut(begins: datetime, ends: datetime, dropped: bool):
    """An outage from Wednesday to Friday leaves no gap, though the digest drops weekends."""
    assert window(DROPPING, ended(begins), until=ends)[0] == (ends - DAY if dropped else begins)


def test_a_weekend_is_one_where_the_digest_is_read():
    """Friday evening in London is Saturday morning in Hong Kong."""
    friday = datetime(2026, 5, 22, 18, tzinfo=UTC)
    hong_kong = replace(DROPPING, timezone="Asia/Hong_Kong")

    assert local_date(hong_kong, friday) == date(2026, 5, 23)
    assert window(hong_kong, ended(friday - 2 * DAY), until=friday)[0] == friday - DAY
    assert window(DROPPING, ended(friday - 2 * DAY), until=friday)[0] == friday - 2 * DAY
