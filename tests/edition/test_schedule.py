"""One edition for each local date: clock changes, outages, and clocks that are wrong."""

from __future__ import annotations

import threading
import time as clock
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

import apscheduler.schedulers.base
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sweep_zones import around_changes, doubled_or_lost, due, missed, next_due_at

from digestbot.edition.schedule import EVERY_DAY, Schedule, Settled, due_at, next_slots
from digestbot.operations import scheduler
from digestbot.operations.scheduler import tick_forever

# Changes at midnight, half an hour wide, before midnight, on Sundays and on Fridays; and zones without any.
TELLING = (
    *("Europe/Berlin", "Africa/Cairo", "America/Havana", "Australia/Lord_Howe", "America/Nuuk", "Asia/Hong_Kong"),
    *("Asia/Beirut", "America/Asuncion", "Africa/Casablanca", "Pacific/Apia", "Asia/Kathmandu", "UTC"),
)


def at(text: str, zone: str = "UTC") -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def schedule(text: str = "07:30", zone: str = "Asia/Hong_Kong", **fields: object) -> Schedule:
    return Schedule(at=(time.fromisoformat(text),), timezone=zone, **fields)  # type: ignore[arg-type]


WEDNESDAY = date(2026, 5, 27)
MILLENNIUM = datetime(2000, 1, 1)  # noqa: DTZ001 -- the strategy adds the zone itself


def test_due_from_its_moment_until_done() -> None:
    """Nothing before the due_at, its date from then on, nothing once it is settled."""
    plan = schedule()
    assert due(at("2026-05-26T23:29:59"), plan, {WEDNESDAY - timedelta(days=1)}) is None
    assert due(at("2026-05-26T23:30:00"), plan, set()) == WEDNESDAY
    assert due(at("2026-05-27T05:00:00"), plan, {WEDNESDAY}) is None


def test_only_on_its_weekdays() -> None:
    """Monday is 0: a digest for weekdays rests from Friday's edition to Monday's."""
    plan = schedule(days=frozenset(range(5)))
    friday = date(2026, 5, 29)
    assert due(at("2026-05-29T08:00", "Asia/Hong_Kong"), plan, set()) == friday
    assert due(at("2026-05-30T08:00", "Asia/Hong_Kong"), plan, {friday}) is None
    assert next_due_at(at("2026-05-29T08:00", "Asia/Hong_Kong"), plan) == at("2026-06-01T07:30", "Asia/Hong_Kong")
    assert missed(at("2026-06-01T07:00", "Asia/Hong_Kong"), plan, {friday}) == ()


def test_a_week_has_one_edition_though_its_hour_changed_that_day() -> None:
    """Made at 8 on a Saturday, and set to 18 at noon: the next one is a week later. A daily one goes out that evening, too."""
    noon, saturday = at("2026-05-30T12:00"), frozenset({5})
    for days, wanted in ((saturday, "2026-06-06"), (EVERY_DAY, "2026-05-30")):
        plan = schedule("18:00", "UTC", days=days, before=schedule("08:00", "UTC", days=days), since=noon)
        made = Settled(names={date(2026, 5, 30)}, until=at("2026-05-30T08:00"))
        assert next(next_slots(noon, plan, made)).day == date.fromisoformat(wanted)


@pytest.mark.parametrize("days", [frozenset(), frozenset({7}), frozenset({-1, 2})])
def test_days_that_are_none(days: frozenset[int]) -> None:
    """A schedule that could never be due is refused when it is made."""
    with pytest.raises(ValueError, match="days"):
        schedule(days=days)


def test_a_zone_that_does_not_exist() -> None:
    """A schedule in an unknown time zone is refused when it is made, not when it is asked."""
    with pytest.raises(ZoneInfoNotFoundError, match="Atlantis"):
        schedule(zone="Atlantis/Capital")


def test_the_next_edition_lies_after_its_moment() -> None:
    """At the very moment of an edition the next one is tomorrow's; a second before, it is still ahead."""
    moment = at("2026-05-27T07:30", "Asia/Hong_Kong")
    assert next_due_at(moment - timedelta(seconds=1), schedule()) == moment
    assert next_due_at(moment, schedule()) == moment + timedelta(days=1)


def test_an_edition_may_be_due_after_its_date_has_ended() -> None:
    """Clocks in Nuuk skip the last hour of a Saturday: its edition is still ahead in the first minutes of Sunday."""
    plan = schedule("23:30", "America/Nuuk")
    sunday = datetime.fromisoformat("2027-03-28T00:10-01:00")
    assert sunday.astimezone(ZoneInfo(plan.timezone)).isoformat() == sunday.isoformat()
    assert next_due_at(sunday, plan) == due_at(date(2027, 3, 27), plan) == sunday + timedelta(minutes=20)


@pytest.mark.parametrize("zone", ["Pacific/Pago_Pago", "Pacific/Kiritimati"])
@pytest.mark.parametrize("clock_zone", ["Pacific/Pago_Pago", "UTC", "Pacific/Kiritimati"])
def test_a_moment_is_the_same_in_every_zone(zone: str, clock_zone: str) -> None:
    """The answers depend on the moment alone, not on the zone that it is written in."""
    plan, done = schedule("23:45", zone), {date(2026, 5, 24)}
    for hour in range(24):
        now = at(f"2026-05-27T{hour:02}:40")
        told = now.astimezone(ZoneInfo(clock_zone))
        assert due(told, plan, done) == due(now, plan, done)
        assert missed(told, plan, done) == missed(now, plan, done)
        assert next_due_at(told, plan) == next_due_at(now, plan)


@pytest.mark.parametrize(
    ("zone", "text", "day", "expected"),
    [
        ("Europe/Berlin", "02:30", "2027-03-28", "2027-03-28T01:30+00:00"),
        ("Europe/Berlin", "00:05", "2027-03-29", "2027-03-28T22:05+00:00"),
        ("Africa/Cairo", "00:30", "2027-04-30", "2027-04-29T22:30+00:00"),
        ("America/Nuuk", "23:30", "2027-03-27", "2027-03-28T01:30+00:00"),
    ],
)
def test_row_17_times_that_clocks_skip(zone: str, text: str, day: str, expected: str) -> None:
    """The edition of the date goes out by the offset before the change, once."""
    assert due_at(date.fromisoformat(day), schedule(text, zone)) == datetime.fromisoformat(expected)
    assert doubled_or_lost(zone, time.fromisoformat(text), date(2027, 1, 1)) == []


@pytest.mark.parametrize("text", ["01:30", "02:30", "03:30"])
def test_row_18_times_that_clocks_repeat(text: str) -> None:
    """Once, at the first of the two."""
    plan = schedule(text, "Europe/Berlin")
    day = date(2027, 10, 31)
    first = due_at(day, plan)
    assert due(first, plan, set()) == day
    assert due(first + timedelta(hours=1), plan, {day}) is None


def test_row_15_clock_steps_back() -> None:
    """Two hours back, or a whole day: nothing is sent again, nor an older edition after a newer one."""
    plan = schedule(max_delay=timedelta(days=3))
    assert due(at("2026-05-26T21:40"), plan, {WEDNESDAY}) is None
    assert due(at("2026-05-25T23:40"), plan, {WEDNESDAY - timedelta(days=1), WEDNESDAY}) is None


@pytest.mark.parametrize("days", [1, 29, 365])
def test_what_lies_in_the_future_settles_nothing(days: int) -> None:
    """After `run --at` with a wrong year, or a clock that was ahead, today's edition is due, and no date was missed."""
    plan, now = schedule(), at("2026-05-26T23:40")
    done = {WEDNESDAY - timedelta(days=1), WEDNESDAY + timedelta(days=days)}
    assert due(now, plan, done) == WEDNESDAY
    assert missed(now, plan, done) == ()
    assert due(now, plan, {WEDNESDAY + timedelta(days=days)}) == WEDNESDAY


def test_row_16_clock_steps_forward_a_day() -> None:
    """One edition for the new date."""
    assert due(at("2026-05-28T00:00"), schedule(), {WEDNESDAY}) == date(2026, 5, 28)


def test_row_19_another_zone() -> None:
    """A date that was sent in one zone is not sent again in another."""
    plan = schedule(zone="America/New_York")
    assert due(at("2026-05-27T13:00"), plan, {WEDNESDAY}) is None
    assert due(at("2026-05-28T13:00"), plan, {WEDNESDAY}) == date(2026, 5, 28)


def test_row_20_asleep_over_the_moment() -> None:
    """Three hours late is made late; later than max_delay is not made."""
    plan = schedule()
    tuesday = {WEDNESDAY - timedelta(days=1)}
    assert due(at("2026-05-27T10:30", "Asia/Hong_Kong"), plan, tuesday) == WEDNESDAY
    assert due(at("2026-05-27T19:30", "Asia/Hong_Kong"), plan, tuesday) == WEDNESDAY
    assert due(at("2026-05-27T19:31", "Asia/Hong_Kong"), plan, tuesday) is None
    assert missed(at("2026-05-27T19:31", "Asia/Hong_Kong"), plan, tuesday) == (WEDNESDAY,)


def test_row_21_asleep_for_three_days() -> None:
    """One edition, for the newest date; the two before it are missed."""
    plan = schedule()
    done = {date(2026, 5, 24)}
    now = at("2026-05-27T09:00", "Asia/Hong_Kong")
    assert due(now, plan, done) == WEDNESDAY
    assert missed(now, plan, done) == (date(2026, 5, 25), date(2026, 5, 26))
    assert missed(now, plan, done | {date(2026, 5, 25), date(2026, 5, 26)}) == ()


def test_nothing_is_missed_before_the_first_edition() -> None:
    """A new digest has no past, and a very old one not more than a month."""
    plan = schedule()
    assert missed(at("2026-05-27T09:00"), plan, ()) == ()
    assert len(missed(at("2026-05-27T09:00"), plan, {date(2020, 1, 1)})) == 31


def test_a_date_that_never_was() -> None:
    """Apia went from 29 to 31 December 2011: no edition of the 30th, two others."""
    plan = schedule(zone="Pacific/Apia", max_delay=timedelta(hours=1))
    now = at("2011-12-31T08:00", "Pacific/Apia")
    assert due(now, plan, {date(2011, 12, 29)}) == date(2011, 12, 31)
    assert missed(now, plan, {date(2011, 12, 29)}) == ()


@pytest.mark.parametrize("zone", TELLING)
@pytest.mark.parametrize("text", ["00:00", "00:30", "01:30", "02:30", "07:30", "23:30", "23:59"])
def test_one_edition_for_each_date(zone: str, text: str) -> None:
    """Ticks through every change of clocks give each local date exactly once, in order; a whole year: `make sweep`."""
    at = time.fromisoformat(text)
    weeks = around_changes(zone, 2027)
    assert weeks
    assert not any(doubled_or_lost(zone, at, first, count) for first, count in weeks)


@settings(deadline=None)
@given(
    zone=st.sampled_from(sorted(available_timezones())),
    now=st.datetimes(MILLENNIUM, MILLENNIUM.replace(year=2037), timezones=st.just(UTC)),
    text=st.times(),
    days=st.frozensets(st.integers(0, 6), min_size=1),
)
def test_laws_of_due(zone: str, now: datetime, text: time, days: frozenset[int]) -> None:
    """What is due is on the schedule, has come, is not late, and is not due once done; the next moment lies ahead."""
    plan = Schedule(at=(text,), timezone=zone, days=days)
    day = due(now, plan, ())
    if day is not None:
        assert day.weekday() in days
        assert timedelta() <= now - due_at(day, plan) <= plan.max_delay
        assert due(now, plan, {day}) is None
    ahead = next_due_at(now, plan)
    assert now < ahead <= now + timedelta(days=9)
    assert due(ahead, plan, ()) is not None


def test_row_22_ticks_never_overlap_and_end_politely() -> None:
    """A job longer than the interval is not run beside itself; the running one is finished when stopped."""
    stop, running, most = threading.Event(), 0, 0
    finished: list[float] = []

    def job() -> None:
        nonlocal running, most
        running += 1
        most = max(most, running)
        clock.sleep(0.15)
        running -= 1
        finished.append(clock.monotonic())
        if len(finished) == 3:
            stop.set()

    tick_forever(job, seconds=0.05, stop=stop)
    assert (most, running) == (1, 0)
    assert len(finished) >= 3


def test_ticks_survive_a_failing_job() -> None:
    """An exception ends the call, not the ticking."""
    stop, calls = threading.Event(), []

    def job() -> None:
        calls.append(1)
        if len(calls) == 3:
            stop.set()
        raise RuntimeError("boom")

    tick_forever(job, seconds=0.05, stop=stop)
    assert len(calls) >= 3


def test_ticks_go_on_after_the_clock_was_set_back(monkeypatch: pytest.MonkeyPatch) -> None:
    """APScheduler would rest until the clock has caught up; the seconds are counted by one that cannot be set."""
    stop, calls = threading.Event(), []

    class SetBack(datetime):
        """Six hours back from the third reading on."""

        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:
            return real.now(tz) - (timedelta(hours=6) if len(calls) >= 2 else timedelta())

    real = datetime
    for module in (apscheduler.schedulers.base, scheduler):
        monkeypatch.setattr(module, "datetime", SetBack)

    def job() -> None:
        calls.append(1)
        if len(calls) == 5:
            stop.set()

    threading.Timer(20, stop.set).start()
    tick_forever(job, seconds=0.05, stop=stop)
    assert len(calls) >= 5
