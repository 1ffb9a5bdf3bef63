"""The next edition as it would go now: which one it is, when it goes, and what it tells. Nothing is asked, written or sent."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime

from ..collect import PollResult
from ..edition.context import DigestSpec, EditionContext
from ..edition.counted_days import ITEMS_LOOK_BACK
from ..edition.draft import EditionDraft
from ..edition.message import message_of
from ..edition.pipeline import draft_from_store, prepare
from ..edition.planning import name_for, settled, target_at
from ..edition.schedule import Schedule, due_slot, next_slots
from ..model import Digest, Edition, Entry, Message


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A story of the next edition, and under which heading."""

    heading: str
    entry: Entry
    in_full: bool  # with a summary


@dataclass(frozen=True, slots=True, kw_only=True)
class NextEdition:
    """What would go out."""

    name: date
    due: datetime
    can_go_now: bool  # sent at once it would be this one; else one of today was made already
    edition: Edition  # its window up to now
    digest: Digest
    message: Message
    used: frozenset[str]  # ids of its items

    def places(self) -> Iterator[Place]:
        """Its stories in reading order."""
        if self.digest.lead:
            yield Place(heading="The story of the day", entry=self.digest.lead, in_full=True)
        for section in self.digest.sections:
            yield from (Place(heading=section.topic, entry=entry, in_full=True) for entry in section.entries)
            yield from (Place(heading=section.topic, entry=entry, in_full=False) for entry in section.briefs)
        for heading, entries in (
            ("Elsewhere", self.digest.elsewhere),
            ("Also", (*self.digest.also, *self.digest.further)),
        ):
            yield from (Place(heading=heading, entry=entry, in_full=False) for entry in entries)


def next_edition(spec: DigestSpec, context: EditionContext, schedule: Schedule, *, now: datetime) -> NextEdition:
    """Make it of what is stored.

    Args:
        spec: the digest.
        context: over a store that holds the items.
        schedule: when the digest goes out.
        now: the time.
    """
    editions = context.store.editions
    done = settled(editions, spec.name, now=now)
    slot = due_slot(now, schedule, done) or next(next_slots(now, schedule, done))
    name = name_for(editions, spec.name, slot, schedule)
    # Articles are fetched once it is made: nothing is asked for a look.
    still = replace(context, feeds=tuple(replace(feed, full_text=False) for feed in context.feeds))
    collected = PollResult(feeds=len(context.feeds))
    prepared = prepare(replace(spec, full_text=False), still, at=now, day=name, preview=True, collected=collected)
    target = target_at(editions, spec.name, schedule, at=now, force=True)
    return NextEdition(
        name=name,
        due=slot.due,
        can_go_now=not target.made,
        edition=prepared.edition,
        digest=prepared.digest,
        message=message_of(spec, context, prepared.digest),
        used=frozenset(prepared.used),
    )


def draft_of_next(found: NextEdition, spec: DigestSpec, context: EditionContext) -> EditionDraft:
    """Why it tells what it tells: the same decided once more, with everything that was left out."""
    edition = found.edition
    items = context.store.items.recent(since=edition.until - ITEMS_LOOK_BACK, until=edition.until)
    return draft_from_store(spec, context, [item for item in items if item.id in found.used], edition=edition)
