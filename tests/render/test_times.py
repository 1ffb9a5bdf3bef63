"""When a story came out, as its readers see it: in their zone, as short as it is clear."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from render_states import UNTIL, digest, entry

from digestbot.model import Section
from digestbot.render.build_view import build_view
from digestbot.render.i18n import story_time
from digestbot.render.safety import sanitised


def shown(*published: datetime | None, zone: str = "Europe/Berlin", until: datetime = UNTIL) -> str:
    """The time of a story with these reports."""
    one = entry("Bridge reopens", outlets=len(published))
    items = tuple(replace(item, published=at) for item, at in zip(one.story.items, published, strict=True))
    one = replace(one, story=replace(one.story, items=items))
    value = digest(Section(topic="Bridges", entries=(one,)), timezone=zone, until=until)
    (story,) = build_view(sanitised(value)).stories
    return story.time


@pytest.mark.parametrize(
    ("at", "words"),
    [
        (datetime(2026, 5, 27, 5, 29, tzinfo=UTC), "07:29"),
        (datetime(2026, 5, 26, 22, 0, tzinfo=UTC), "00:00"),
        (datetime(2026, 5, 26, 21, 59, tzinfo=UTC), "yesterday 23:59"),
        (datetime(2026, 5, 25, 22, 0, tzinfo=UTC), "yesterday 00:00"),
        (datetime(2026, 5, 25, 21, 59, tzinfo=UTC), "May 25, 23:59"),
        (datetime(2026, 5, 24, 7, 10, tzinfo=UTC), "May 24, 09:10"),
        (None, "undated"),
    ],
)
def test_today_yesterday_older_and_undated(at, words):
    """The day is that of the reader's zone, on both sides of midnight."""
    assert shown(at) == words


def test_the_newest_report_gives_the_time():
    """An old or an undated report beside it changes nothing."""
    assert shown(UNTIL - timedelta(days=3), UNTIL - timedelta(hours=1), None) == "06:30"


@pytest.mark.parametrize(
    ("zone", "words"),
    [("Asia/Hong_Kong", "12:00"), ("America/New_York", "00:00"), ("America/Los_Angeles", "21:00"), ("UTC", "04:00")],
)
def test_the_zone_is_the_digests(zone, words):
    """One moment, in the zone of each digest: today is the day there when the window ends."""
    assert shown(datetime(2026, 5, 27, 4, 0, tzinfo=UTC), zone=zone) == words


def test_an_edition_that_is_made_after_midnight_counts_from_its_own_day():
    """What came out five minutes before midnight is yesterday's ten minutes later."""
    midnight = datetime(2026, 5, 27, tzinfo=ZoneInfo("Europe/Berlin"))
    assert shown(midnight - timedelta(minutes=5), until=midnight + timedelta(minutes=5)) == "yesterday 23:55"
    assert shown(midnight - timedelta(minutes=5), until=midnight - timedelta(minutes=1)) == "23:55"


def test_the_night_when_clocks_change_has_one_yesterday():
    """A day of 23 or 25 hours is one day."""
    until = datetime(2026, 10, 25, 7, 0, tzinfo=ZoneInfo("Europe/Berlin"))
    assert shown(datetime(2026, 10, 24, 0, 30, tzinfo=ZoneInfo("Europe/Berlin")), until=until) == "yesterday 00:30"
    assert shown(datetime(2026, 10, 25, 0, 30, tzinfo=ZoneInfo("Europe/Berlin")), until=until) == "00:30"


@given(
    st.integers(0, 4 * 365 * 1440).map(lambda minutes: datetime(2024, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)),
    st.sampled_from(["Pacific/Kiritimati", "Asia/Kathmandu", "Europe/Berlin", "America/St_Johns", "Pacific/Niue"]),
    st.integers(0, 10),
)
def test_every_moment_ends_with_its_local_time(at, zone, days):
    """Whatever the day in front of it, hour and minute are those of the reader's clock."""
    local = at.astimezone(ZoneInfo(zone))
    words = story_time(at, ZoneInfo(zone), local.date() + timedelta(days=days), "en")
    assert words.endswith(f"{local:%H:%M}")
    assert (words == f"{local:%H:%M}") == (days == 0)
    assert words.startswith("yesterday ") == (days == 1)


def test_a_report_of_another_year_is_dated_with_its_year():
    """Day and month alone would be read as this year's."""
    assert "2025" in story_time(datetime(2025, 5, 24, 7, 10, tzinfo=UTC), ZoneInfo("UTC"), date(2026, 5, 27), "en")
