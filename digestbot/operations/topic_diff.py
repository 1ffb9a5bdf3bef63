"""What a changed configuration would have made of the items that are stored. Fetches, sends and keeps nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from ..app import wiring
from ..app.feeds import configured_feeds
from ..app.zones import schedule_for
from ..edition.context import DigestSpec, EditionContext
from ..edition.pipeline import draft_from_store, edition_at
from ..edition.planning import named_edition
from ..edition.schedule import due_at
from ..edition.selection import Selection
from ..edition.window import local_date
from ..model import Edition, Entry, Item, calendar_day
from ..ports import Progress, Store
from ..settings import Loaded

ELSEWHERE, ALSO = "Elsewhere", "Also"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What becomes of one story: the section it was in and the one it would be in; empty where it was in none."""

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
    """Decide one edition of a digest under two configurations, from the items stored for its window.

    Only which stories are shown, and where, is compared: nothing is quoted, so no article is fetched.

    Args:
        old: the current configuration.
        new: the changed one.
        store: a throw-away copy.
        progress: is informed of every stage.
        digest: a digest of both.
        day: the edition's date; its last edition where that is left out.
        now: the end of the window where there never was an edition.
    """
    (before,), (after,) = wiring.digest_specs(old, digest), wiring.digest_specs(new, digest)
    edition = _edition(before, old, store, day=day, now=now)
    items = store.items.recent(since=edition.since, until=edition.until)
    selections = [
        selection_of(spec, wiring.edition_context(loaded, store, progress, sending=False), items, edition)
        for spec, loaded in ((before, old), (after, new))
    ]
    stored = {item.feed for item in items}
    fresh = {feed.name for feed in configured_feeds(new)} - {feed.name for feed in configured_feeds(old)} - stored
    notes = [f"nothing is stored of the feed {name}, which is new" for name in sorted(fresh)]
    return Comparison(
        digest=digest, edition=edition.date, items=len(items), changes=changes_between(*selections), notes=tuple(notes)
    )


def _edition(spec: DigestSpec, loaded: Loaded, store: Store, *, day: date | None, now: datetime) -> Edition:
    """The edition of a day as it was made, or as it would have been."""
    latest = store.editions.latest(spec.name, until=now)
    day = day or (latest.date if latest else edition_at(spec, store, at=now))
    existing = named_edition(store.editions, spec.name, day)
    if existing is not None and existing.since < existing.until:  # a missed one has no window
        return existing
    until = min(due_at(day, schedule_for(loaded.digests[spec.name])), now)
    # Of today everything that is stored, also what came after the hour of its edition: one asks about it now.
    if calendar_day(day) == local_date(spec, now):
        until = now
    return Edition(digest=spec.name, date=day, since=until - spec.window, until=until)


def selection_of(spec: DigestSpec, context: EditionContext, items: Sequence[Item], edition: Edition) -> Selection:
    """What an edition of these items shows."""
    names = {feed.name for feed in context.feeds}  # a feed that was taken out of the configuration brings nothing
    return draft_from_store(spec, context, [item for item in items if item.feed in names], edition=edition).selection


def places_of(selection: Selection) -> list[tuple[str, Entry]]:
    """Every entry that has a place of its own, each with the section it stands in."""
    lead = selection.lead
    placed = [(f"{lead.topic}, as the lead" if lead.topic else "the lead", lead)] if lead else []
    placed += [(section.topic, entry) for section in selection.sections for entry in section.entries]
    placed += [(f"{section.topic}, in one line", entry) for section in selection.sections for entry in section.briefs]
    placed += [(ELSEWHERE, entry) for entry in selection.elsewhere]
    return placed + [(ALSO, entry) for entry in (*selection.also, *selection.further)]


def changes_between(before: Selection, after: Selection) -> tuple[Change, ...]:
    """What enters, what leaves and what moves."""
    old, new = places_of(before), places_of(after)
    old_of = {item.id: number for number, (_, entry) in enumerate(old) for item in entry.story.items}
    # From the new place to the old one, by an item they share: a story's id changes with its items.
    pairs: dict[int, int] = {}
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
        # Under Also the order changes with every small difference of scores, and says little: only sections report it.
        if old[known][0] != new[n][0] or (new[n][0] != ALSO and ranks[known] > rank)
    ]
    return (*enters, *leaves, *moves)
