"""What a changed configuration would have done to the items that are stored. Nothing is sent or kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from ..app import wiring
from ..app.feeds import configured_feeds
from ..app.zones import schedule_for
from ..collect import PollResult
from ..edition.compose import compose
from ..edition.context import DigestSpec, EditionContext
from ..edition.schedule import due_at
from ..edition.window import local_date
from ..model import Digest, Edition, Entry, Item, Story, Summary
from ..ports import Progress, Store
from ..settings import Loaded

ALSO = "Also"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What becomes of one story; an empty place is none."""

    title: str
    before: str
    after: str

    def __str__(self) -> str:
        if not self.before:
            return f"+ {self.title} ({self.after})"
        if not self.after:
            return f"- {self.title} (was in {self.before})"
        where = f"{self.before} → {self.after}" if self.before != self.after else f"another rank in {self.after}"
        return f"~ {self.title} ({where})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """One edition under two configurations."""

    digest: str
    edition: date
    items: int
    changes: tuple[Change, ...]  # what enters, then what leaves, then what moves
    notes: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, object]:
        """For programs."""
        rows = [{"title": one.title, "before": one.before, "after": one.after} for one in self.changes]
        edition = self.edition.isoformat()
        return {"digest": self.digest, "edition": edition, "items": self.items, "changes": rows, "notes": self.notes}


def compare(
    old: Loaded, new: Loaded, store: Store, progress: Progress, *, digest: str, day: date | None, now: datetime
) -> Comparison:
    """Make one edition of a digest anew under two configurations, from the items stored for its window.

    Args:
        old: what stands.
        new: what it is compared with.
        store: a throw-away copy.
        progress: told what is made.
        digest: a digest of both.
        day: the edition's date; its last edition where that is left out.
        now: the end of the window where there never was an edition.
    """
    (before,), (after,) = wiring.digest_specs(old, digest), wiring.digest_specs(new, digest)
    edition = _edition(before, old, store, day=day, now=now)
    items = store.items.recent(since=edition.since, until=edition.until)
    contexts = [_context(loaded, store, progress) for loaded in (old, new)]
    made = [_made(spec, context, items, edition) for spec, context in zip((before, after), contexts, strict=True)]
    stored = {item.feed for item in items}
    fresh = {feed.name for feed in configured_feeds(new)} - {feed.name for feed in configured_feeds(old)} - stored
    notes = [f"nothing is stored of the feed {name}, which is new" for name in sorted(fresh)]
    return Comparison(
        digest=digest, edition=edition.date, items=len(items), changes=_changes(*made), notes=tuple(notes)
    )


def _edition(spec: DigestSpec, loaded: Loaded, store: Store, *, day: date | None, now: datetime) -> Edition:
    """The edition that stands for a day, or the one that would have."""
    latest = store.editions.latest(spec.name)
    day = day or (latest.date if latest else local_date(spec, now))
    standing = store.editions.get(spec.name, day)
    if standing is not None and standing.since < standing.until:
        return standing
    until = min(due_at(day, schedule_for(loaded.digests[spec.name])), now)
    if day == local_date(spec, now):
        until = now
    return Edition(digest=spec.name, date=day, since=until - spec.window, until=until)


def _made(spec: DigestSpec, context: EditionContext, items: Sequence[Item], edition: Edition) -> Digest:
    names = {feed.name for feed in context.feeds}
    return compose(
        spec, context, [item for item in items if item.feed in names], edition=edition, collected=PollResult()
    )


def _context(loaded: Loaded, store: Store, progress: Progress) -> EditionContext:
    """Only places are compared, so nothing is summarised."""
    return replace(wiring.edition_context(loaded, store, progress, sending=False), summarise=_unquoted)


def _unquoted(story: Story, *, words: int, exclude: Sequence[str] = ()) -> Summary:  # noqa: ARG001 -- named by the port
    return Summary()


def _places(digest: Digest) -> list[tuple[str, Entry]]:
    placed = [(section.topic, entry) for section in digest.sections for entry in section.entries]
    return placed + [(ALSO, entry) for entry in digest.also]


def _changes(before: Digest, after: Digest) -> tuple[Change, ...]:
    old, new = _places(before), _places(after)
    old_of = {item.id: number for number, (_, entry) in enumerate(old) for item in entry.story.items}
    pairs: dict[int, int] = {}  # from the new place to the old one, by a report they share
    for number, (_, entry) in enumerate(new):
        known = next((old_of[item.id] for item in entry.story.items if item.id in old_of), None)
        if known is not None:
            pairs[number] = known
    enters = [
        Change(title=entry.title, before="", after=place) for n, (place, entry) in enumerate(new) if n not in pairs
    ]
    kept = set(pairs.values())
    leaves = [
        Change(title=entry.title, before=place, after="") for n, (place, entry) in enumerate(old) if n not in kept
    ]
    ranks = {number: rank for rank, number in enumerate(sorted(kept))}
    moves = [
        Change(title=new[n][1].title, before=old[known][0], after=new[n][0])
        for rank, (n, known) in enumerate(pairs.items())
        if old[known][0] != new[n][0] or (new[n][0] != ALSO and ranks[known] > rank)
    ]
    return (*enters, *leaves, *moves)
