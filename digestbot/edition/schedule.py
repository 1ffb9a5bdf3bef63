"""When an edition is due: once for each local date and time of AT, in every time zone. Pure.

A slot is a local date with a time of AT. It is due at that time on that date: the earlier one where clocks repeat the
time (fold=0), and by the offset before the change where clocks skip it (PEP 495). So every slot has exactly one moment,
which neither cron-like triggers nor intervals give when clocks change. One that would be due no earlier than the next
slot, because clocks skip it, is told by that.
An edition later than MAX_DELAY is missed here; operations/daemon.py records it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from ..model import EditionDate, calendar_day

EVERY_DAY = frozenset(range(7))
_DAY = timedelta(days=1)
_MAX_DAYS_BACK = 31  # a bound, so that a database from years ago does not fill with missed editions
_ZONES_APART = timedelta(days=2)  # two zones are a day and two hours apart at most


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """When a digest goes out.

    Args:
        at: the local times of day, in order.
        timezone: an IANA name.
        days: weekdays by number, Monday is 0.
        max_delay: how late the newest missed edition may still be made.
        before: the schedule that this one has replaced; what was due by `since` was due by that one.
        since: when it was replaced.
    """

    at: tuple[time, ...]
    timezone: str = "UTC"
    days: frozenset[int] = EVERY_DAY
    max_delay: timedelta = timedelta(hours=12)
    before: Schedule | None = None
    since: datetime | None = None

    def __post_init__(self) -> None:
        if not self.days or not self.days <= EVERY_DAY:
            raise ValueError("days are numbers from 0 (Monday) to 6, one at least")
        if not self.at or list(self.at) != sorted(set(self.at)):
            raise ValueError("times are in order, one at least")
        ZoneInfo(self.timezone)


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """A planned edition."""

    day: date
    at: time
    due: datetime  # in UTC

    @property
    def place(self) -> tuple[date, time]:
        """What makes it this slot, in whatever zone: no slot is made twice."""
        return self.day, self.at


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """What was made of a digest, and where its last edition ended."""

    names: Collection[date] = ()  # of editions
    until: datetime | None = None  # what was planned up to then is told, or was not planned then


NOTHING = Settled()


def due_slot(now: datetime, schedule: Schedule, settled: Settled) -> Slot | None:
    """What is to be made now: the newest slot that is due, by at most `max_delay`.

    Nothing before the newest slot that is settled is ever due, so that a clock that steps back sends nothing again; but
    what lies in the future settles nothing.
    """
    newest = next(_open(now, schedule, settled), None)
    return newest if newest is not None and now - newest.due <= schedule.max_delay else None


def missed_slots(now: datetime, schedule: Schedule, settled: Settled) -> tuple[Slot, ...]:
    """Slots after the newest settled one that will not be made any more, oldest first, at most a month back.

    A digest without any has missed nothing. Ask and record this before the edition that is due begins: once that is settled,
    it is the newest one.
    """
    if _newest(now, schedule, settled) is None:
        return ()
    in_time = due_slot(now, schedule, settled)
    taken = {in_time.place} if in_time else set()
    return tuple(reversed([slot for slot in _open(now, schedule, settled) if slot.place not in taken]))


def next_slots(now: datetime, schedule: Schedule, settled: Settled = NOTHING) -> Iterator[Slot]:
    """The slots after `now` that are not made yet, one after the other."""
    # From days before: where clocks skip the last hour of a day, what is due in it comes after that day's midnight.
    made, newest = (
        _places(schedule, settled, after=today(now, schedule) - _ZONES_APART),
        _newest(now, schedule, settled),
    )
    day = today(now, schedule) - (_DAY if schedule.before is None else _ZONES_APART)
    while True:
        some = slots(schedule, day, day + 2 * _DAY)
        ahead = (slot for slot in some if slot.due > now and (newest is None or slot.place > newest))
        # On its day something later may be settled, in another zone: as `due_slot` will see it then.
        yield from (slot for slot in ahead if not any(slot.day == day and at >= slot.at for day, at in made))
        now, day = max([now, *(slot.due for slot in some)]), day + 3 * _DAY


def slot_to_make(
    at: datetime, schedule: Schedule, settled: Settled, *, missed: Collection[date] = ()
) -> tuple[Slot | None, bool]:
    """What a run at this moment makes, and whether it is made already; None on a date without a slot.

    The newest slot of the date whose time has come. Before the first one: the last of the day before, where it is open and
    not too late; else the first, early.

    Args:
        at: the moment.
        schedule: when the digest goes out.
        settled: what was made.
        missed: names among these that a run makes all the same.
    """
    made = replace(settled, names=set(settled.names) - set(missed))
    day = today(at, schedule)
    of_day = [slot for slot in slots(schedule, day, day) if slot.day == day]
    places = _places(schedule, made, on=day)
    come = [slot for slot in of_day if slot.due <= at]
    if come:
        newest = come[-1]
        return newest, newest.place in places or bool(settled.until and settled.until >= newest.due)
    late = due_slot(at, schedule, settled) if settled.until is not None else None
    if late is not None:
        return late, False
    return (of_day[0], of_day[0].place in places) if of_day else (None, False)


def name_of(slot: Slot, schedule: Schedule, others: Collection[date]) -> date:
    """What its edition is called: its date alone where that is the only edition of the date, else with its time.

    Args:
        slot: the planned edition.
        schedule: when the digest goes out.
        others: names of the editions that the date has, its own perhaps among them.
    """
    timed = EditionDate.of(slot.day, slot.at)
    # Who looks again once it is begun must find the same name: a date alone is read as the first slot of its date.
    if timed in others or slot.at != _time_of(slot.day, schedule):
        return timed
    plain = any(name == slot.day for name in others)
    return timed if not plain and (others or len(schedule.at) > 1) else slot.day


def slots(schedule: Schedule, first: date, last: date) -> list[Slot]:
    """The slots of these local dates, in the order in which they are due; also those next to them that were planned before."""
    own = _of_one(schedule, first, last)
    if schedule.before is None or schedule.since is None:
        return own
    changed = schedule.since
    earlier = [slot for slot in slots(schedule.before, first, last) if slot.due <= changed]
    # A slot that the old schedule has had is not planned a second time, though its moment in another zone is still ahead.
    known, begun = {slot.place for slot in earlier}, {slot.day for slot in earlier}
    # Of the day of the change also what is past, where nothing else was planned so early: else the day had no edition.
    late = today(changed, schedule)
    own = [slot for slot in own if slot.due > changed or (slot.day == late and late not in begun)]
    own = [slot for slot in own if slot.place not in known]
    if len(schedule.days) == len(schedule.at) == 1:  # of a week there is one edition, whatever its hour became that day
        own = [slot for slot in own if slot.day not in begun]
    return sorted([*earlier, *own], key=lambda slot: slot.due)


def due_at(name: date, schedule: Schedule) -> datetime:
    """When the edition of this name is due, in UTC; of a date alone its last one, whether it is a day of the schedule or not."""
    at = name.at if isinstance(name, EditionDate) else schedule.at[-1]
    return _moment(calendar_day(name), at, schedule.timezone)


def today(now: datetime, schedule: Schedule) -> date:
    """The local date of a moment."""
    return now.astimezone(ZoneInfo(schedule.timezone)).date()


def in_words(schedule: Schedule) -> str:
    """The schedule as the store keeps it: `07:30,18:00 01234 Asia/Hong_Kong`."""
    times = ",".join(f"{at:%H:%M}" for at in schedule.at)
    return f"{times} {''.join(map(str, sorted(schedule.days)))} {schedule.timezone}"


def from_words(words: str, *, max_delay: timedelta) -> Schedule | None:
    """The schedule that the store has kept; None where its zone is not known any more."""
    times, days, timezone = words.split(" ", 2)
    at = tuple(time.fromisoformat(one) for one in times.split(","))
    try:
        return Schedule(at=at, timezone=timezone, days=frozenset(map(int, days)), max_delay=max_delay)
    except (ValueError, KeyError):
        return None


def _of_one(schedule: Schedule, first: date, last: date) -> list[Slot]:
    """Of a schedule alone, without what was before it."""
    days = [first + _DAY * number for number in range((last - first).days + 2)]
    planned = [
        Slot(day=day, at=at, due=_moment(day, at, schedule.timezone))
        for day in days
        if _is_scheduled(day, schedule)
        for at in schedule.at
    ]
    # A time that clocks skip may fall upon the next one, or after it.
    kept = [slot for slot, following in pairwise(planned) if slot.due < following.due] + planned[-1:]
    return [slot for slot in kept if slot.day <= last]


def _open(now: datetime, schedule: Schedule, settled: Settled) -> Iterator[Slot]:
    """Slots that are due at `now` and that nothing has settled, newest first."""
    newest, until = _newest(now, schedule, settled), settled.until
    # What is settled up to the newest slot needs no look: nothing before that one is open.
    ahead = _places(schedule, settled, after=today(now, schedule))
    for slot in _backwards(today(now, schedule), schedule):
        if newest is not None and slot.day < newest[0] - _ZONES_APART:
            return
        told = slot.due > now or (until is not None and slot.due <= until) or slot.place in ahead
        if not told and (newest is None or slot.place > newest):
            yield slot


def _backwards(day: date, schedule: Schedule) -> Iterator[Slot]:
    """The slots up to this day, and some days more where another zone was in use before; newest first."""
    begin, end = (day - _DAY, day) if schedule.before is None else (day - _ZONES_APART, day + _ZONES_APART)
    oldest = day - _MAX_DAYS_BACK * _DAY
    while end >= oldest:
        yield from reversed(slots(schedule, max(begin, oldest), end))
        begin, end = begin - 2 * _DAY, begin - _DAY


def _newest(now: datetime, schedule: Schedule, settled: Settled) -> tuple[date, time] | None:
    """The newest settled slot. A clock that was ahead, or `run --at` with a wrong year, may have left later ones."""
    last = today(now, schedule).toordinal()
    newest = max((day for day in map(date.toordinal, settled.names) if day <= last), default=None)
    return max(_places(schedule, settled, on=date.fromordinal(newest))) if newest else None


def _places(
    schedule: Schedule, settled: Settled, *, on: date | None = None, after: date = date.min
) -> set[tuple[date, time]]:
    """The slots that editions of these names belong to, or of those on a date, or after one."""
    wanted = (name for name in settled.names if name.toordinal() > after.toordinal())
    names = wanted if on is None else (name for name in wanted if name.toordinal() == on.toordinal())
    return {(calendar_day(name), _time_of(name, schedule)) for name in names}


def _time_of(name: date, schedule: Schedule) -> time:
    """The planned time of an edition: a date alone names the first slot of its date."""
    if isinstance(name, EditionDate):
        return name.at
    if schedule.before is None or schedule.since is None:
        return schedule.at[0]
    if abs(schedule.since.date() - name) > _ZONES_APART:
        return schedule.at[0] if name > schedule.since.date() else _time_of(name, schedule.before)
    of_day = [slot.at for slot in slots(schedule, name, name) if slot.day == name]
    return of_day[0] if of_day else schedule.at[0]


def _moment(day: date, at: time, timezone: str) -> datetime:
    return datetime.combine(day, at, ZoneInfo(timezone)).astimezone(UTC)


def _is_scheduled(day: date, schedule: Schedule) -> bool:
    """Whether the date is on the schedule, and exists: Apia had no 30 December 2011."""
    if day.weekday() not in schedule.days:
        return False
    zone = ZoneInfo(schedule.timezone)
    begins, ends = (datetime.combine(midnight, time.min, zone).astimezone(UTC) for midnight in (day, day + _DAY))
    return begins < ends
