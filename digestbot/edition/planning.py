"""Which edition of a digest is made next: its schedule, those before it, and what the store says was made."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from ..model import Edition, EditionDate, EditionState
from ..ports import Editions
from .schedule import EVERY_DAY, Schedule, Settled, Slot, from_words, in_words, name_of, next_slots, slot_to_make, today

_EVER = datetime(1970, 1, 1, tzinfo=UTC)  # since when the first schedule holds that was ever seen
_TO_BE_MADE = (EditionState.CLAIMED, EditionState.MISSED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """The edition that a run at some moment is about."""

    name: date
    made: bool = False  # it is there already, or its time is told by a later one
    no_day: bool = False  # the date is none of the digest's
    next_due: datetime | None = None  # once this one is made: when the next one is, in the digest's zone


def planned(
    editions: Editions,
    digest: str,
    schedule: Schedule,
    *,
    now: datetime,
    changed: datetime,
    follows_machine: bool = False,
    remember: bool = True,
) -> Schedule:
    """The schedule with those before it, which the store remembers; a new one is recorded.

    A changed AT, DAYS or TIMEZONE counts for what is still ahead: what had come by then had come by the old one.

    Args:
        editions: of the store.
        digest: its name.
        schedule: as the configuration says today.
        now: the real time.
        changed: when the configuration was last changed.
        follows_machine: whether its zone is that of the machine, which is changed without the configuration.
        remember: whether a new one is recorded; not by who only looks.
    """
    known, words = editions.plans(digest), in_words(schedule)
    if not known or known[-1][1] != words:
        # A clock that was ahead may have dated the last one.
        earliest = min(known[-1][0], now) + timedelta(microseconds=1) if known else _EVER
        moved = follows_machine and known and known[-1][1].split(" ")[:2] == words.split(" ")[:2]
        since = min(max(now if moved else changed, earliest), max(now, earliest)) if known else _EVER
        if remember:
            editions.set_plan(digest, words, since=since)
        known = (*known, (since, words))
    return _chained(known, schedule, now=now)


def _chained(known: Sequence[tuple[datetime, str]], schedule: Schedule, *, now: datetime) -> Schedule:
    before: Schedule | None = None
    for (since, words), (ends, _) in pairwise(known):
        earlier = from_words(words, max_delay=schedule.max_delay)
        if earlier is not None:
            before = replace(earlier, before=before, since=min(since, now) if before else None)
            changed = min(ends, now)  # a clock that was ahead may have dated it
    return replace(schedule, before=before, since=changed) if before else schedule


def settled(editions: Editions, digest: str, *, now: datetime) -> Settled:
    """What was made of a digest up to now."""
    latest = editions.latest(digest, until=now)
    return Settled(names=editions.dates(digest), until=latest.until if latest else None)


def name_for(editions: Editions, digest: str, slot: Slot, schedule: Schedule) -> date:
    """What the edition of this slot is called."""
    return name_of(slot, schedule, [one.date for one in editions.of_day(digest, slot.day)])


def target_at(editions: Editions, digest: str, schedule: Schedule, *, at: datetime, force: bool = False) -> Target:
    """The edition that a run at this moment makes, or has made; see `slot_to_make`.

    Args:
        editions: of the store.
        digest: its name.
        schedule: when it goes out.
        at: the moment.
        force: also on a date that is none of the digest's.
    """
    day, done = today(at, schedule), settled(editions, digest, now=at)
    of_day = editions.of_day(digest, day)
    missed = [one.date for one in of_day if one.state is EditionState.MISSED]
    slot, made = slot_to_make(at, schedule, done, missed=missed)
    if slot is None and of_day:  # begun all the same, by force or when it was one of its days
        made, name = of_day[-1].state not in _TO_BE_MADE, _newest(of_day)
        return Target(name=name, made=made, next_due=_next_due(at, schedule, done, name))
    if slot is None and force:
        slot, made = slot_to_make(at, Schedule(at=schedule.at, timezone=schedule.timezone, days=EVERY_DAY), done)
    if slot is None:
        return Target(name=day, no_day=True)
    name = name_for(editions, digest, slot, schedule)
    if made and name not in done.names:
        latest = editions.latest(digest, until=at)
        name = latest.date if latest else name
    return Target(name=name, made=made, next_due=_next_due(at, schedule, done, name))


def _next_due(at: datetime, schedule: Schedule, done: Settled, name: date) -> datetime:
    """When the first edition is due that is neither done nor called so, in the digest's zone."""
    after = replace(done, names={*done.names, name})
    return next(next_slots(at, schedule, after)).due.astimezone(ZoneInfo(schedule.timezone))


def named_edition(editions: Editions, digest: str, name: date) -> Edition | None:
    """The edition of this name; of a date alone that has several, the last one that was made."""
    if (exact := editions.get(digest, name)) is not None or isinstance(name, EditionDate):
        return exact
    return next((one for one in reversed(editions.of_day(digest, name)) if one.since < one.until), None)


def _newest(made: Collection[Edition]) -> date:
    return max(one.date for one in made)
