"""One edition, end to end: collect, make, render, freeze, deliver. Whatever goes wrong with a part stays a part."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, MutableMapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from .collect import FetchOptions, Round, collect
from .deliver import Report, deliver, plan
from .judge import judge
from .model import (
    Counts,
    Digest,
    Edition,
    EditionState,
    Feed,
    Item,
    Recipient,
    Section,
    Story,
    Summary,
)
from .ports import Channel, Progress, Store, Summarise
from .render import Templates, render
from .select import Limits, select
from .stories import cluster
from .topics import Audience, Topic, Topics, names_of_tickers, restrict

TICKERS_SEEN = timedelta(days=30)  # how far back the names behind tickers are learned


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """How one digest is made, and for whom."""

    name: str
    title: str
    timezone: str = "UTC"
    topics: tuple[Topic, ...] = ()  # in the reader's order
    recipients: tuple[Recipient, ...] = ()
    window: timedelta = timedelta(hours=24)  # what the first edition looks back on
    max_age: timedelta = timedelta(days=3)
    limits: Limits = field(default_factory=Limits)
    words: int = 60  # of a story's summary
    mode: str = "standard"  # of the Slack message
    language: str = "en"  # of the fixed words
    audience: Audience = field(default_factory=Audience)
    source_weights: Mapping[str, float] = field(default_factory=dict)  # by feed, over the feed's own
    quiet: str = "skip"  # a day with nothing to tell: "skip" it, send one "line", or "send" the empty digest
    drops_weekend: bool = False  # what happened on a weekend is not told on Monday


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """Everything an edition is made with."""

    store: Store
    feeds: tuple[Feed, ...]
    fetch: FetchOptions
    summarise: Summarise
    templates: Templates
    progress: Progress
    clock: Callable[[], datetime]
    own_templates: Mapping[str, Templates] = field(default_factory=dict)  # by digest, instead of `templates`
    cluster: Callable[[tuple[Item, ...]], tuple[Story, ...]] = cluster  # digests with the same items share its work
    channels: Mapping[str, Channel] = field(default_factory=dict)
    sleep: Callable[[float], object] = time.sleep
    stop: Callable[[], bool] = lambda: False  # asked between two deliveries
    patience: float = 60.0  # seconds a run may wait for a far side
    pauses: MutableMapping[str, datetime] = field(default_factory=dict)  # channels to be left alone until then


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """An edition that is made but not yet sent."""

    edition: Edition
    digest: Digest
    used: tuple[str, ...]  # ids of the items that belong to it
    collected: Round

    @property
    def blind(self) -> bool:
        """Nothing could be read at all: that is not the same as no news."""
        return bool(self.collected.feeds) and self.collected.failed == self.collected.feeds and not self.used


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of a run."""

    edition: Edition
    repeated: bool = False  # the edition had been made before; at most its open deliveries were worked on
    blind: bool = False  # no feed could be read
    digest: Digest | None = None  # what was made, if something was
    report: Report | None = None


def window(recipe: Recipe, latest: Edition | None, *, until: datetime) -> tuple[datetime, datetime, bool]:
    """Where an edition's window begins, how old an item may be, and whether late items count.

    The window runs from the last edition's cutoff, so that an outage leaves no gap and a retry repeats nothing. The
    first edition looks back one `recipe.window` and takes nothing older: all it meets is seen for the first time.
    """
    since = until - recipe.window if latest is None or latest.until >= until else latest.until
    if recipe.drops_weekend and _holds_weekend(recipe, since, until):
        since = max(since, until - recipe.window)
        return since, since, latest is not None
    oldest = min(until - recipe.max_age, since) if latest is not None else since
    return since, oldest, latest is not None


def _holds_weekend(recipe: Recipe, since: datetime, until: datetime) -> bool:
    day, last = local_date(recipe, since), local_date(recipe, until)
    return (last - day).days >= 7 or any((day + timedelta(days=n)).weekday() >= 5 for n in range((last - day).days + 1))


def draft(
    recipe: Recipe,
    desk: Desk,
    *,
    at: datetime,
    day: date | None = None,
    again: bool = False,
    collected: Round | None = None,
) -> Draft:
    """Collect and make an edition, without freezing or sending anything.

    Args:
        recipe: how it is made.
        desk: what it is made with.
        at: its cutoff, in UTC.
        day: its date, where that is not the local date of `at` (a late one).
        again: a preview: nothing is claimed, and an edition that exists already is made anew from the items of its window.
        collected: the round that its items came from, where one is not to be made now.
    """
    day = day or local_date(recipe, at)
    editions, items = desk.store.editions, desk.store.items
    standing = editions.get(recipe.name, day)
    if standing is not None and standing.state is not EditionState.MISSED and again:
        edition = Edition(digest=recipe.name, date=day, since=standing.since, until=max(at, standing.until))
        collected = collected or collect_for(desk, at=at)
        found = items.recent(since=edition.since, until=edition.until)
    else:
        since, oldest, late = window(recipe, editions.latest(recipe.name), until=at)
        edition = Edition(digest=recipe.name, date=day, since=since, until=at)
        edition = edition if again else editions.claim(edition)
        collected = collected or collect_for(desk, at=at)
        oldest = min(oldest, edition.since)
        found = items.window(recipe.name, since=edition.since, until=edition.until, oldest=oldest, late=late)
    digest = make(recipe, desk, found, edition=edition, collected=collected)
    return Draft(edition=edition, digest=digest, used=tuple(item.id for item in found), collected=collected)


def local_date(recipe: Recipe, at: datetime) -> date:
    """The date of a moment where the digest is read: the edition's identity."""
    return at.astimezone(ZoneInfo(recipe.timezone)).date()


def run(recipe: Recipe, desk: Desk, *, at: datetime, day: date | None = None, notes: Sequence[str] = ()) -> Outcome:
    """Make and deliver an edition; a second call sends nothing again.

    A run that was cut off is taken up where it stopped: a claimed edition is made, a frozen one is delivered.

    Args:
        recipe: how it is made, and for whom.
        desk: what it is made with.
        at: its cutoff, in UTC, where it is not claimed yet.
        day: its date, where that is not the local date of `at` (a late one).
        notes: sentences for its head.
    """
    day = day or local_date(recipe, at)
    editions = desk.store.editions
    standing = editions.get(recipe.name, day)
    digest: Digest | None = None
    if standing is None or standing.state in (EditionState.CLAIMED, EditionState.MISSED):
        made = draft(recipe, desk, at=at, day=day)
        if made.blind:
            return Outcome(edition=made.edition, blind=True)
        digest = replace(made.digest, notes=(*notes, *made.digest.notes))
        if digest.entries or digest.also or recipe.quiet != "skip":
            _freeze(recipe, desk, replace(made, digest=digest))
        else:
            editions.settle(recipe.name, day, EditionState.EMPTY, used=made.used)
    report = finish(recipe, desk)
    edition = editions.get(recipe.name, day)
    assert edition is not None  # noqa: S101 -- claimed above or standing before, and nothing deletes editions
    return Outcome(edition=edition, repeated=digest is None, digest=digest, report=report)


def finish(recipe: Recipe, desk: Desk) -> Report:
    """Work off what is still open of a digest's deliveries, whatever edition it belongs to."""
    editions, outbox = desk.store.editions, desk.store.outbox
    desk.progress.stage("deliver", total=len(outbox.open(digest=recipe.name)))
    report = deliver(
        outbox,
        desk.channels,
        digest=recipe.name,
        now=desk.clock,
        sleep=desk.sleep,
        patience=desk.patience,
        stop=desk.stop,
        pauses=desk.pauses,
        progress=desk.progress,
    )
    desk.progress.done(sent=len(report.sent), open=len(report.waiting))
    still_open = {delivery.edition for delivery in outbox.open(digest=recipe.name)}
    for edition in editions.history(recipe.name):
        if edition.state is EditionState.READY and edition.date not in still_open:
            editions.settle(recipe.name, edition.date, EditionState.DONE)
    return report


def make(recipe: Recipe, desk: Desk, items: Sequence[Item], *, edition: Edition, collected: Round) -> Digest:
    """From the items of a window to everything that its renderings show."""
    desk.progress.stage("group")
    stories = restrict(desk.cluster(_once_per_address(items)), recipe.audience, day=edition.date)
    entries = judge(
        stories,
        topics=Topics(recipe.topics, _names_of_tickers(recipe, desk, edition)),
        pins=recipe.audience.pins_on(edition.date),
        weights={feed.name: feed.weight for feed in desk.feeds} | dict(recipe.source_weights),
        since=edition.since,
        until=edition.until,
    )
    chosen = select(entries, topics=[topic.title for topic in recipe.topics], limits=recipe.limits)
    desk.progress.done(items=len(items), stories=len(stories))
    return Digest(
        name=recipe.name,
        edition=edition.date,
        since=edition.since,
        until=edition.until,
        title=recipe.title,
        timezone=recipe.timezone,
        language=recipe.language,
        counts=Counts(feeds=collected.feeds, feeds_failed=collected.failed, items=len(items), stories=len(stories)),
        sections=_with_summaries(recipe, desk, chosen.sections),
        also=chosen.also,
        failures=collected.failures,
        notes=_covers(recipe, edition),
        hidden=chosen.hidden,
    )


def _covers(recipe: Recipe, edition: Edition) -> tuple[str, ...]:
    """A word about a window that is longer than readers expect, after an outage or a weekend."""
    days = round((edition.until - edition.since) / timedelta(days=1))
    if edition.until - edition.since < 1.5 * recipe.window or days < 2:
        return ()
    return (f"This edition covers {days} days.",)


def _names_of_tickers(
    recipe: Recipe, desk: Desk, edition: Edition
) -> Mapping[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    if not any(term.ticker for topic in recipe.topics for term in topic.terms):
        return {}
    seen = desk.store.items.recent(since=edition.until - TICKERS_SEEN, until=edition.until)
    return names_of_tickers(recipe.topics, seen)


def _once_per_address(items: Sequence[Item]) -> tuple[Item, ...]:
    """An article that two feeds of one outlet carry counts once, in its longest form."""
    kept: dict[str, Item] = {}
    for item in items:
        address = item.url or item.id
        if address not in kept or len(item.text) > len(kept[address].text):
            kept[address] = item
    return tuple(kept.values())


def _with_summaries(recipe: Recipe, desk: Desk, sections: Sequence[Section]) -> tuple[Section, ...]:
    shown = [entry for section in sections for entry in section.entries]
    desk.progress.stage("summarise", total=len(shown))
    summaries: dict[str, Summary] = {}
    for entry in shown:
        summaries[entry.story.id] = desk.summarise(entry.story, words=recipe.words)
        desk.progress.step(entry.title)
    desk.progress.done(stories=len(shown), quoted=sum(bool(summary.sentences) for summary in summaries.values()))
    return tuple(
        replace(
            section,
            entries=tuple(replace(entry, summary=summaries[entry.story.id]) for entry in section.entries),
        )
        for section in sections
    )


def collect_for(desk: Desk, *, at: datetime) -> Round:
    """Ask the feeds that are due, as of an edition's moment."""
    return collect(
        desk.feeds,
        desk.store.items,
        now=at,
        clock=max(at, desk.clock()),
        options=desk.fetch,
        progress=desk.progress,
    )


def _freeze(recipe: Recipe, desk: Desk, made: Draft) -> None:
    """From here on nothing changes what is sent: not a template, a feed, nor a setting."""
    desk.progress.stage("render")
    digest = made.digest
    if recipe.quiet == "line" and not (digest.entries or digest.also):
        digest = replace(digest, counts=Counts(), failures=(), notes=())
    message = render(digest, templates=desk.own_templates.get(recipe.name, desk.templates), mode=recipe.mode)
    deliveries = plan(message, recipe.recipients, desk.channels, now=desk.clock())
    desk.store.editions.publish(made.edition, message.json, deliveries, used=made.used)
    desk.progress.done(recipients=len(recipe.recipients), messages=len(deliveries))
