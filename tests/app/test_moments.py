"""`--at` as people write it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digestbot.app.zones import parse_date, parse_moment, refuse_future
from digestbot.errors import ConfigErrors
from digestbot.model import EditionDate
from digestbot.settings import DigestSettings
from digestbot.settings.options import Settings

NOW = datetime(2026, 8, 7, 20, 30, tzinfo=UTC)  # in Hong Kong the 8th, 04:30


def digest(at: str = "07:30", zone: str = "Asia/Hong_Kong") -> DigestSettings:
    given = {"DIGESTBOT_DIGESTS__M__AT": at, "DIGESTBOT_DIGESTS__M__TIMEZONE": zone}
    return Settings.from_variables(given).digests["m"]


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        (None, "2026-08-07T20:30+00:00"),
        ("now", "2026-08-07T20:30+00:00"),
        ("2026-08-07", "2026-08-07T07:30+08:00"),  # when that day's edition is due, not midnight
        ("20260807", "2026-08-07T07:30+08:00"),
        ("today", "2026-08-08T07:30+08:00"),
        ("Yesterday", "2026-08-07T07:30+08:00"),
        ("22:00", "2026-08-08T22:00+08:00"),
        ("7:05", "2026-08-08T07:05+08:00"),
        ("2026-08-07T20:00", "2026-08-07T20:00+08:00"),
        ("2026-08-07 20:00", "2026-08-07T20:00+08:00"),
        ("2026-08-07T12:00Z", "2026-08-07T12:00+00:00"),
        ("2026-08-07T20:00+02:00", "2026-08-07T20:00+02:00"),
    ],
)
def test_a_moment_is_read_as_it_is_meant(text: str | None, meant: str):
    """A date is the edition of that day, a time is today's in the digest's zone, an offset wins over the zone."""
    assert parse_moment(text, digest(), now=NOW) == datetime.fromisoformat(meant)


@pytest.mark.parametrize("text", ["noon", "24:00", "7", "2026-13-01", "2026-08-07T25:00", "last week"])
def test_what_is_no_time_is_said_with_an_example(text: str):
    """One sentence, with what can be written instead."""
    with pytest.raises(ConfigErrors, match=r"is not a time \(write an ISO time such as"):
        parse_moment(text, digest(), now=NOW)


@given(st.dates(date(1990, 1, 1), date(2037, 1, 1)), st.times().map(lambda when: when.strftime("%H:%M")))
def test_a_date_lies_on_that_date(day: date, at: str):
    """Whatever AT is: in the digest's zone, the moment is of the date that was written."""
    moment = parse_moment(str(day), digest(at), now=NOW)
    assert (moment + timedelta(hours=8)).date() == day


def test_tomorrows_edition_may_be_made_tonight():
    """What lies more than a day ahead is refused; a date is when its edition is due."""
    refuse_future("2026-08-08", digest(), now=NOW)
    with pytest.raises(ConfigErrors, match="more than a day ahead"):
        refuse_future("2026-08-10", digest(), now=NOW)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("2026-08-07", "2026-08-07"),
        ("now", "2026-08-08"),  # by the digest's clock
        ("Yesterday", "2026-08-07"),
        ("tomorrow", "2026-08-09"),
        ("22:00", "2026-08-08"),
    ],
)
def test_a_date_takes_the_words_that_a_moment_takes(text: str, meant: str):
    """`explain --date yesterday` as `preview --at yesterday`."""
    assert parse_date(text, digest(), now=NOW) == date.fromisoformat(meant)


def test_an_hour_names_an_edition_where_a_day_has_several():
    """Of one a day it is that one, whenever it was made."""
    found = parse_date("18:00", digest(at="07:30, 18:00"), now=NOW)
    assert str(found) == "2026-08-08T1800"
    assert isinstance(found, EditionDate)


@pytest.mark.parametrize(("text", "told"), [("yesteday", "did you mean yesterday?"), ("soon", "write a date such as")])
def test_what_is_no_date_is_said_with_an_example(text: str, told: str):
    """In words of `--date`."""
    with pytest.raises(ConfigErrors, match=told):
        parse_date(text, digest(), now=NOW)
