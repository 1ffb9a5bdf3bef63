"""Several editions a day: names, slots, and what becomes of them when times, zones and clocks are changed."""

from __future__ import annotations

import copy
import pickle
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from memory_editions import MemoryEditions

from digestbot.edition.planning import name_for, planned, settled, target_at
from digestbot.edition.schedule import Schedule, Slot, due_at, due_slot, missed_slots, next_slots, slots
from digestbot.model import EditionDate, EditionState, calendar_day, is_of, parse_edition

DAY = date(2026, 5, 27)
TIMES = st.times().map(lambda at: at.replace(second=0, microsecond=0))
NAMES = st.dates(date(2000, 1, 1), date(2037, 1, 1)) | st.builds(
    EditionDate.of, st.dates(date(2000, 1, 1), date(2037, 1, 1)), TIMES
)


def hk(text: str) -> datetime:
    """A moment of 27 May 2026 in Hong Kong, or of another day where one is written."""
    text = text if "T" in text else f"2026-05-27T{text}"
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Asia/Hong_Kong")).astimezone(UTC)


def schedule(*at: str, zone: str = "Asia/Hong_Kong", days: frozenset[int] = frozenset(range(7))) -> Schedule:
    return Schedule(at=tuple(map(time.fromisoformat, at)), timezone=zone, days=days)


@dataclass
class Planner:
    """`serve` and `run` on the editions of one digest, without feeds."""

    plan: Schedule
    editions: MemoryEditions = field(default_factory=MemoryEditions)
    seen: datetime = datetime(1970, 1, 1, tzinfo=UTC)
    slots: list[tuple[date, time]] = field(default_factory=list)  # that were made

    def known(self, now: datetime) -> Schedule:
        return planned(self.editions, "m", self.plan, now=now, changed=self.seen)  # type: ignore[arg-type]

    def change(self, plan: Schedule, now: datetime) -> None:
        """The configuration is written anew at this moment."""
        self.plan, self.seen = plan, now

    def serve(self, now: datetime) -> str:
        """A round of `serve`: the name of what it made, or nothing."""
        known, done = self.known(now), settled(self.editions, "m", now=now)  # type: ignore[arg-type]
        slot = due_slot(now, known, done)
        for past in missed_slots(now, known, done):
            self.editions.set_state("m", self.name(past, known), EditionState.MISSED)
        return self._make(slot, known, now) if slot else ""

    def run(self, now: datetime) -> str:
        """`digestbot run`: the name of what it made, or nothing."""
        known = self.known(now)
        target = target_at(self.editions, "m", known, at=now)  # type: ignore[arg-type]
        if target.no_day or target.made:
            return ""
        self.editions.make(target.name, now=now, window=timedelta(days=1))
        return str(target.name)

    def name(self, slot: Slot, known: Schedule) -> date:
        return name_for(self.editions, "m", slot, known)  # type: ignore[arg-type]

    def next(self, now: datetime) -> Slot:
        """What `status` announces."""
        done = settled(self.editions, "m", now=now)  # type: ignore[arg-type]
        return next(next_slots(now, self.known(now), done))

    def _make(self, slot: Slot, known: Schedule, now: datetime) -> str:
        name = self.name(slot, known)
        self.slots.append(slot.place)
        self.editions.make(name, now=now, window=timedelta(days=1))
        return str(name)


@given(st.lists(NAMES, max_size=8))
def test_names_sort_as_their_texts(names: list[date]):
    """In Python as in a database: by day, then by time, a plain date first."""
    assert [str(name) for name in sorted(names)] == sorted(map(str, names))
    assert [name.isoformat() for name in names] == [f"{name}" for name in names]


@given(NAMES)
def test_a_name_is_itself_after_every_journey(name: date):
    """Written and read, copied, pickled; and it is no other name of its day."""
    for twin in (parse_edition(str(name)), copy.deepcopy(name), pickle.loads(pickle.dumps(name))):
        assert twin == name
        assert hash(twin) == hash(name)
        assert type(twin) is type(name)
    assert (calendar_day(name) == name) is (type(name) is date)
    assert is_of(name, calendar_day(name))
    assert not set(str(name)) & set(r':\/ *?"<>|'), "it names a folder on every system"


@pytest.mark.parametrize("text", ["2026-05-27T18:00", "2026-05-27t1800", " 2026-05-27T1800 "])
def test_a_name_is_read_as_it_is_meant(text: str):
    """With a colon, too; and calendars see the day alone."""
    name = parse_edition(text)
    assert str(name) == "2026-05-27T1800"
    assert (name - timedelta(days=1), name.weekday(), DAY - name) == (date(2026, 5, 26), 2, timedelta(0))
    assert DAY < name < date(2026, 5, 28)
    assert name != DAY


@pytest.mark.parametrize("text", ["2026-05-27T2400", "2026-05-27T18", "2026-05-27T18000", "27T1800", "2026-13-01T1800"])
def test_what_is_no_name(text: str):
    """Refused as a date is."""
    with pytest.raises(ValueError, match=r"."):
        parse_edition(text)


@pytest.mark.parametrize("at", [(), (time(9), time(8)), (time(9), time(9))])
def test_times_that_are_none(at: tuple[time, ...]):
    """A schedule that says nothing, or one thing twice, is refused when it is made."""
    with pytest.raises(ValueError, match="times"):
        Schedule(at=at)


def test_each_time_of_a_day_has_its_edition():
    """Named by date and time; the newest one alone after a long night, the older ones are missed."""
    bot = Planner(schedule("07:30", "12:00", "18:00"))
    assert [bot.serve(hk(at)) for at in ("07:29", "07:30", "07:31", "12:00", "17:59")] == [
        *("", "2026-05-27T0730", "", "2026-05-27T1200", ""),
    ]
    assert bot.serve(hk("2026-05-28T12:05")) == "2026-05-28T1200"
    states = {str(name): row.state for name, row in bot.editions.rows.items()}
    assert states["2026-05-27T1800"] is states["2026-05-28T0730"] is EditionState.MISSED
    assert [str(one.since) for one in bot.editions.made[1:]] == [str(one.until) for one in bot.editions.made[:-1]]


def test_a_run_makes_what_is_due_or_the_first_one_early():
    """Before the day's first slot that one, once; then the newest whose time has come; then nothing."""
    bot = Planner(schedule("07:30", "18:00"))
    assert [bot.run(hk(at)) for at in ("05:00", "06:00", "07:30", "12:00")] == ["2026-05-27T0730", "", "", ""]
    assert bot.serve(hk("12:00")) == ""
    assert [bot.run(hk(at)) for at in ("18:30", "23:59")] == ["2026-05-27T1800", ""]
    assert bot.run(hk("2026-05-28T19:00")) == "2026-05-28T1800"
    assert bot.run(hk("2026-05-28T19:01")) == "", "the morning is told by the evening"


def test_a_run_after_midnight_makes_last_evenings_edition():
    """Not tomorrow's: where it is missing and not too late; of a new digest, or later, the first of the day."""
    assert Planner(schedule("07:30", "18:00")).run(hk("01:00")) == "2026-05-27T0730"
    bot = Planner(schedule("07:30", "18:00"))
    bot.run(hk("07:30"))
    assert bot.run(hk("2026-05-28T01:00")) == "2026-05-27T1800"
    assert bot.run(hk("2026-05-28T01:01")) == "2026-05-28T0730"


@pytest.mark.parametrize(
    ("new", "made"),
    [
        (("07:30", "18:00"), ["2026-05-27T1800"]),  # the evening is added
        (("07:30",), []),
        (("09:00",), []),  # its time has passed when it is written
        (("18:00",), ["2026-05-27T1800"]),  # moved to what is still ahead
        (("09:00", "18:00"), ["2026-05-27T1800"]),
        (("05:00", "11:00"), []),
        (("11:00", "12:01", "20:00"), ["2026-05-27T1201", "2026-05-27T2000"]),
    ],
)
def test_times_changed_at_noon_count_for_what_is_ahead(new: tuple[str, ...], made: list[str]):
    """From one time a day to another or to several: the morning does not come again, and what is ahead comes."""
    bot = Planner(schedule("07:30"))
    assert bot.serve(hk("07:30")) == "2026-05-27"
    bot.change(schedule(*new), hk("12:00"))
    assert (
        list(filter(None, (bot.serve(hk(f"{hour:02}:{minute:02}")) for hour in range(12, 24) for minute in (0, 1))))
        == made
    )
    assert bot.next(hk("23:59")).day == date(2026, 5, 28)


@pytest.mark.parametrize(
    ("new", "made"), [(("07:30",), []), (("18:00",), ["2026-05-27T1800"]), (("20:00",), ["2026-05-27T2000"])]
)
def test_back_to_one_time_a_day(new: tuple[str, ...], made: list[str]):
    """A day that has an edition with a time keeps to such names; from tomorrow on they are dates."""
    bot = Planner(schedule("07:30", "18:00"))
    bot.serve(hk("07:30"))
    bot.change(schedule(*new), hk("12:00"))
    assert list(filter(None, (bot.serve(hk(f"{hour:02}:00")) for hour in range(12, 24)))) == made
    assert list(filter(None, (bot.serve(hk(f"2026-05-28T{hour:02}:30")) for hour in range(24)))) == ["2026-05-28"]


def test_a_day_that_had_no_edition_gets_one_late():
    """The evening moved to a morning that has passed: at once, as it is the day's only one."""
    bot = Planner(schedule("18:00"))
    bot.serve(hk("2026-05-26T18:00"))
    bot.change(schedule("07:30"), hk("12:00"))
    assert [bot.serve(hk("12:00")), bot.serve(hk("18:00"))] == ["2026-05-27", ""]


def test_what_is_begun_keeps_its_name():
    """A morning that had no edition was moved to the evening: whoever looks again while it is made finds the same one."""
    bot = Planner(schedule("07:30"))
    bot.known(hk("12:00"))
    bot.change(schedule("18:00"), hk("17:58"))
    known = bot.known(hk("18:00"))
    slot = bot.next(hk("17:59"))
    begun = bot.name(slot, known)
    bot.editions.set_state("m", begun, EditionState.CLAIMED)
    assert bot.name(slot, known) == begun


def test_a_change_that_was_written_while_nothing_ran():
    """Edited at six, started at eight: the new times hold since six, as the file says."""
    bot = Planner(schedule("05:00", "18:00"))
    bot.serve(hk("05:00"))
    bot.change(schedule("07:00", "18:00"), hk("06:00"))
    assert bot.serve(hk("08:00")) == "2026-05-27T0700"


@pytest.mark.parametrize("zone", ["America/New_York", "Pacific/Auckland", "Pacific/Kiritimati", "UTC"])
def test_another_zone_in_mid_day(zone: str):
    """No slot is made in the old zone and in the new one; tomorrow's come by the new one."""
    bot = Planner(schedule("07:30", "18:00"))
    bot.serve(hk("07:30"))
    bot.change(schedule("07:30", "18:00", zone=zone), hk("12:00"))
    made = [bot.serve(hk("12:00") + timedelta(minutes=30 * step)) for step in range(1, 96)]
    assert "2026-05-27T0730" not in made
    assert len(set(bot.slots)) == len(bot.slots)
    assert "2026-05-28T0730" in made


@pytest.mark.parametrize(
    ("zone", "day", "at", "due"),
    [
        ("Europe/Berlin", "2027-03-28", ("01:30", "02:30", "04:00"), ["00:30", "01:30", "02:00"]),
        ("Europe/Berlin", "2027-03-28", ("02:30", "03:00"), ["01:00"]),  # the first would come after the second
        ("Europe/Berlin", "2027-03-28", ("02:30", "03:30"), ["01:30"]),  # both at the same moment
        ("Europe/Berlin", "2027-10-31", ("02:00", "02:30", "03:00"), ["00:00", "00:30", "02:00"]),  # the first time
        ("America/Nuuk", "2027-03-27", ("07:30", "23:30"), ["09:30", "01:30"]),  # after its own midnight
    ],
)
def test_days_on_which_clocks_change(zone: str, day: str, at: tuple[str, ...], due: list[str]):
    """In the order of their times, each at a moment of its own; what clocks skip is told by the next one."""
    on = date.fromisoformat(day)
    found = slots(schedule(*at, zone=zone), on, on)
    assert [f"{slot.due:%H:%M}" for slot in found] == due
    assert all(earlier.due < later.due and earlier.at < later.at for earlier, later in pairwise(found))
    assert all(due_at(EditionDate.of(slot.day, slot.at), schedule(*at, zone=zone)) == slot.due for slot in found)


ZONES = st.sampled_from(
    ["Asia/Hong_Kong", "Europe/Berlin", "America/New_York", "Pacific/Apia", "America/Nuuk", "Africa/Cairo", "UTC"]
)
PLANS = st.builds(
    lambda at, zone, days: Schedule(at=tuple(sorted(at)), timezone=zone, days=days, max_delay=timedelta(hours=12)),
    st.sets(st.builds(time, st.integers(0, 23), st.sampled_from([0, 15, 30])), min_size=1, max_size=4),
    ZONES,
    st.just(frozenset(range(7))) | st.frozensets(st.integers(0, 6), min_size=1),
)
STEPS = st.lists(
    st.tuples(st.just("wait"), st.integers(1, 40 * 60))  # minutes
    | st.tuples(st.just("wait"), st.integers(1, 90))
    | st.tuples(st.just("back"), st.integers(1, 26 * 60))
    | st.tuples(st.just("change"), PLANS)
    | st.tuples(st.just("run"), st.none()),
    min_size=3,
    max_size=30,
)


@settings(max_examples=40, deadline=None)
@given(PLANS, st.sampled_from(["2027-03-26T12:00", "2027-10-30T01:00", "2026-05-27T00:00"]), STEPS)
@example(schedule("07:30"), "2026-05-27T00:00", [("wait", 480), ("change", schedule("07:30", "18:00")), ("wait", 1200)])
def test_laws_of_any_life(plan: Schedule, begin: str, steps: list[tuple[str, object]]):
    """No slot twice, no hole between two editions, whatever is waited, changed, set back, run by hand or restarted."""
    bot, now, set_back = Planner(plan), hk(begin), False
    for kind, what in steps:
        set_back = set_back or kind == "back"
        if kind == "wait":
            now += timedelta(minutes=what)  # type: ignore[arg-type]
        elif kind == "back":
            now -= timedelta(minutes=what)  # type: ignore[arg-type]
        elif kind == "change":
            bot.change(what, now)  # type: ignore[arg-type]
        elif kind == "run":
            bot.run(now)
        bot.serve(now)
        # After a clock was set back and the times were changed twice, another slot may be open at once: it is empty then.
        assert set_back or bot.serve(now) == "", "what is made is made"
    made = bot.editions.made
    assert len({one.date for one in made}) == len(made)
    assert len(set(bot.slots)) == len(bot.slots)
    told = sorted(made, key=lambda one: one.until)
    # The first one looks back one window only; by a clock that was set back there may be another first one.
    followed = [pair for pair in pairwise(told) if pair[1].date not in bot.editions.firsts]
    assert all(later.since <= earlier.until for earlier, later in followed), "a hole"
    for day in {calendar_day(one.date) for one in made}:
        names = sorted(name for name in bot.editions.rows if calendar_day(name) == day)
        assert [type(name) for name in names[1:]] == [EditionDate] * len(names[1:])


@settings(max_examples=40, deadline=None)
@given(PLANS, PLANS, st.integers(0, 3 * 24 * 60), st.integers(0, 24 * 60))
def test_what_is_announced_is_what_happens(plan: Schedule, new: Schedule, before: int, after: int):
    """Before and after a change: nothing is made until the announced moment, and then that edition."""
    bot, now = Planner(plan), hk("2027-03-26T00:00")
    for _ in range(4):
        bot.serve(now)
        announced = bot.next(now)
        assert bot.serve(announced.due - timedelta(seconds=1)) == ""
        bot.serve(announced.due)
        assert bot.slots[-1] == announced.place
        now = announced.due
    now += timedelta(minutes=before)
    bot.serve(now)
    bot.change(new, now)
    bot.serve(now)
    now += timedelta(minutes=after)
    bot.serve(now)
    announced = bot.next(now)
    assert bot.serve(announced.due - timedelta(seconds=1)) == ""
    bot.serve(announced.due)
    assert bot.slots[-1] == announced.place
