"""What the next edition of a digest would show under another configuration, from what has come so far. Reads alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from ..app import wiring
from ..app.zones import schedule_for
from ..edition.context import DigestSpec
from ..edition.planning import name_for, settled
from ..edition.schedule import due_slot, next_slots
from ..edition.window import window
from ..errors import DigestbotError
from ..model import Edition
from ..ports import Store
from ..settings import Loaded
from .logs import NoProgress
from .topic_diff import Change, changes_between, places_of, selection_of

MOST_ITEMS: Final = (
    6_000  # of a window; grouping 3,000 takes some seconds, and its time grows a little faster than their number
)


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryUnder:
    """A story that it would show."""

    id: str
    place: str  # the section
    title: str
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NextUnder:
    """The next edition as far as it is known."""

    digest: str
    date: date
    since: datetime  # the beginning of its window
    until: datetime
    items: int  # of its window so far
    stories: tuple[StoryUnder, ...]  # in the order of the digest
    changes: tuple[Change, ...]  # against the configuration in use


def next_under(
    old: Loaded, new: Loaded, store: Store, *, digest: str, now: datetime, most: int = MOST_ITEMS
) -> NextUnder:
    """Decide the next edition of a digest under two configurations; quotes nothing, so no article is fetched.

    Args:
        old: the configuration in use.
        new: the changed one.
        store: what is kept, which is only read.
        digest: a digest of both.
        now: until when items count.
        most: items that it takes.

    Raises:
        DigestbotError: there are more.
    """
    (before,), (after,) = wiring.digest_specs(old, digest), wiring.digest_specs(new, digest)
    edition, late = _edition(after, new, store, now=now)
    latest = store.editions.latest(digest, until=now)
    oldest = min(window(after, latest, until=now)[1], edition.since)
    items = store.items.window(digest, since=edition.since, until=now, oldest=oldest, late=late)
    if len(items) > most:
        fix = f"`digestbot topics diff {digest}` has no such bound"
        raise DigestbotError(f"{len(items)} items have come for it already, and at most {most} are grouped here: {fix}")
    # One context for both: they group the same items, which is done once.
    context = wiring.edition_context(new, store, NoProgress(), sending=False)
    shown = selection_of(after, context, items, edition)
    was = shown if old is new else selection_of(before, context, items, edition)
    return NextUnder(
        digest=digest,
        date=edition.date,
        since=edition.since,
        until=now,
        items=len(items),
        stories=tuple(
            StoryUnder(
                id=entry.story.id,
                place=place,
                title=entry.title,
                sources=tuple(source.name for source in entry.sources),
            )
            for place, entry in places_of(shown)
        ),
        changes=changes_between(was, shown),
    )


def _edition(spec: DigestSpec, loaded: Loaded, store: Store, *, now: datetime) -> tuple[Edition, bool]:
    """The edition that is made next, with its window up to now, and whether late items count."""
    editions, schedule = store.editions, schedule_for(loaded.digests[spec.name])
    done = settled(editions, spec.name, now=now)
    slot = due_slot(now, schedule, done) or next(next_slots(now, schedule, done))
    since, oldest, late = window(spec, editions.latest(spec.name, until=now), until=now)
    day = name_for(editions, spec.name, slot, schedule)
    return Edition(digest=spec.name, date=day, since=max(since, oldest), until=now), late
