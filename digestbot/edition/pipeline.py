"""One edition, end to end: collect, draft, fetch articles, compose, render, freeze, deliver.

Everything that an edition reads or writes is read and written here; what is decided in between is pure. A part that
fails becomes a line of the digest or of the report, and never stops the others.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from ..collect import PollResult
from ..deliver import DeliveryReport, freeze
from ..errors import Stopped
from ..model import FINAL, Counts, Delivery, Digest, Edition, EditionState, Item, Recipient
from ..ports import Store
from .collecting import collect_for
from .compose import compose
from .context import DigestSpec, EditionContext
from .delivering import deliver_pending, unreachable
from .draft import EditionDraft, draft_edition
from .fulltext import fetch_articles
from .message import message_to_keep
from .planning import target_at
from .readers import for_readers
from .reading import read_history
from .window import local_date, window

LOG = logging.getLogger("digestbot")


@dataclass(frozen=True, slots=True, kw_only=True)
class PreparedEdition:
    """An edition that is composed but not yet sent."""

    edition: Edition
    digest: Digest
    used: tuple[str, ...]  # ids of the items that belong to it
    collected: PollResult

    @property
    def no_feed_readable(self) -> bool:
        """Whether every feed failed and nothing was collected before, either: that is not the same as no news."""
        return bool(self.collected.feeds) and self.collected.failed == self.collected.feeds and not self.used


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of a run."""

    edition: Edition
    repeated: bool = False  # it had been made before; at most its open deliveries were worked on
    no_feed_readable: bool = False
    no_day: bool = False  # the date is none of the digest's: at most what is open of other dates was worked on
    digest: Digest | None = None  # None where none was composed in this run
    next_due: datetime | None = None  # once this one is made: when the next one is
    report: DeliveryReport | None = None
    revision: int = 0  # of the edition: made in this run where it is above 0
    unchanged: bool = False  # the new revision says what the one before said
    held: str = ""  # by whom; nothing new was made
    unsent: str = ""  # why there is no new revision, where one was asked for

    @property
    def failed(self) -> bool:
        """Whether no feed could be read, or a delivery failed or still waits for this process."""
        return self.no_feed_readable or (self.report is not None and not self.report.ok)


def edition_at(spec: DigestSpec, store: Store, *, at: datetime) -> date:
    """The name of the edition that is made at this moment, or was made: also on a date that is none of the digest's."""
    if spec.schedule is None:
        return local_date(spec, at)
    return target_at(store.editions, spec.name, spec.schedule, at=at, force=True).name


def prepare(
    spec: DigestSpec,
    context: EditionContext,
    *,
    at: datetime,
    day: date | None = None,
    preview: bool = False,
    collected: PollResult | None = None,
) -> PreparedEdition:
    """Collect and compose an edition, without freezing or sending anything.

    Args:
        spec: the digest.
        context: what it is made with.
        at: its cutoff, in UTC.
        day: its name, where that is not the one of `at` (a late one).
        preview: claim nothing, and compose an edition that exists already again, from the items of its window.
        collected: what its feeds brought, where they are not to be polled now.

    Raises:
        Stopped: a signal came meanwhile.
    """
    day = day or edition_at(spec, context.store, at=at)
    editions, items = context.store.editions, context.store.items
    existing = editions.get(spec.name, day)
    too_old = 0  # items of a time that no edition covers
    if existing is not None and existing.state is not EditionState.MISSED and preview:
        # A preview of an edition that exists shows what has come in since, too.
        edition = Edition(digest=spec.name, date=day, since=existing.since, until=max(at, existing.until))
        collected = collected or collect_for(context, at=at, alone=True)
        found = items.recent(since=edition.since, until=edition.until)
    else:
        latest = editions.latest(spec.name, until=at)
        since, oldest, late = window(spec, latest, until=at)
        edition = Edition(digest=spec.name, date=day, since=max(since, oldest), until=at)
        edition = edition if preview else claim(spec, context, at=at, day=day)
        collected = collected or collect_for(context, at=at, since=edition.since, alone=preview)
        _unless_stopped(context)
        # A claimed edition keeps the window and the bound it was claimed with: a retry hours later must not lose its early items.
        oldest = min(window(spec, latest, until=edition.until)[1], edition.since)
        found = items.window(spec.name, since=edition.since, until=edition.until, oldest=oldest, late=late)
        if since < edition.since:
            too_old = len(items.window(spec.name, since=since, until=edition.since, oldest=since, late=False))
    draft = draft_from_store(spec, context, found, edition=edition)
    _unless_stopped(context)
    digest = compose(
        spec,
        draft,
        collected=collected,
        articles=articles_of(spec, context, draft),
        too_old=too_old,
        summarise=context.summarise,
        progress=context.progress,
    )
    return PreparedEdition(edition=edition, digest=digest, used=tuple(item.id for item in found), collected=collected)


def claim(spec: DigestSpec, context: EditionContext, *, at: datetime, day: date) -> Edition:
    """The edition of this name, claimed with its window, or as it is where that was done before.

    Claimed before anything is fetched: after a crash, at whatever time, the next run has the same window.
    """
    since, oldest, _ = window(spec, context.store.editions.latest(spec.name, until=at), until=at)
    return context.store.editions.claim(Edition(digest=spec.name, date=day, since=max(since, oldest), until=at))


def draft_from_store(
    spec: DigestSpec, context: EditionContext, items: Sequence[Item], *, edition: Edition
) -> EditionDraft:
    """Read what an edition looks back on, and decide which stories it shows; fetches nothing, writes nothing."""
    store = context.store
    context.progress.stage("group")
    history = read_history(store, spec.name, items, edition=edition)
    draft = draft_edition(
        spec,
        items,
        edition=edition,
        history=history,
        feeds=context.feeds,
        measure_corpus=context.measure_corpus,
        cluster=context.cluster,
        choices=store.choices.of(spec.name),
    )
    known = len(draft.eligible) - len(draft.entries)
    context.progress.done(
        items=len(items), left_out=len(draft.left_out), stories=len(draft.stories), already_reported=known
    )
    return draft


def articles_of(spec: DigestSpec, context: EditionContext, draft: EditionDraft) -> tuple[Item, ...]:
    """Only after selection: a page is fetched for a story that is shown, and for no other."""
    # A feed's own word beats the digest's.
    wanted = {feed.name for feed in context.feeds if (spec.full_text if feed.full_text is None else feed.full_text)}
    if not wanted:
        return ()
    context.progress.stage("articles")
    articles = fetch_articles(
        draft.selection.full, context.store.items, options=context.fetch, now=draft.edition.until, feeds=wanted
    )
    context.progress.done(fetched=len(articles))
    return articles


def run(
    spec: DigestSpec, context: EditionContext, *, at: datetime, day: date | None = None, notices: Sequence[str] = ()
) -> Outcome:
    """Make and deliver an edition; a second call sends nothing again.

    A run that was cut off goes on where it stopped: a claimed edition is composed, a frozen one is delivered.

    Args:
        spec: the digest.
        context: what it is made with.
        at: its cutoff, in UTC, where it is not claimed yet.
        day: its name, where that is not the one of `at` (a late one).
        notices: sentences for its head.

    Raises:
        Stopped: a signal came before its deliveries were recorded; after that the rest of them stays pending.
    """
    _unless_stopped(context)
    day = day or edition_at(spec, context.store, at=at)
    earlier = DeliveryReport()
    made: Made | None = None
    if _is_to_be_made(spec, context, day):
        if context.store.outbox.is_open(digest=spec.name):
            # First of all and without waiting: by the time this edition is made, the deadline of the last one's may be over.
            earlier = deliver_pending(spec, replace(context, max_wait=0.0))
        made = make(spec, context, at=at, day=day, notices=notices)
        if made.no_feed_readable:
            return Outcome(edition=made.edition, no_feed_readable=True)
    report = deliver_pending(spec, context)
    report = replace(
        report,
        settled=(*earlier.settled, *(made.never_tried if made else ()), *report.settled),
        more_sent=earlier.more_sent + report.more_sent,
        stopped={**earlier.stopped, **report.stopped},
    )
    edition = context.store.editions.get(spec.name, day)
    assert edition is not None  # noqa: S101 -- claimed above or there before, and nothing deletes editions
    return Outcome(edition=edition, repeated=made is None, digest=made.digest if made else None, report=report)


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """An edition that is published, or empty; or that waits, where no feed could be read."""

    edition: Edition
    digest: Digest | None = None  # None: it waits
    never_tried: tuple[Delivery, ...] = ()  # that ended before the first attempt

    @property
    def no_feed_readable(self) -> bool:
        return self.digest is None


def make(
    spec: DigestSpec,
    context: EditionContext,
    *,
    at: datetime,
    day: date,
    notices: Sequence[str] = (),
    collected: PollResult | None = None,
) -> Made:
    """Collect, compose, render and record an edition that is to be made; nothing is delivered.

    Args:
        spec: the digest.
        context: what it is made with.
        at: its cutoff, in UTC, where it is not claimed yet.
        day: its name.
        notices: sentences for its head.
        collected: what its feeds brought, where others have asked them.

    Raises:
        Stopped: a signal came before its deliveries were recorded.
    """
    prepared = prepare(spec, context, at=at, day=day, collected=collected)
    _unless_stopped(context)
    # Neither published nor empty: the edition stays claimed, so the next try still has its window and its items.
    if prepared.no_feed_readable:
        return Made(edition=prepared.edition)
    digest = replace(prepared.digest, notices=(*notices, *prepared.digest.notices))
    never_tried: tuple[Delivery, ...] = ()
    if digest.entries or digest.headlines or spec.when_empty != "skip":
        # Rendered once and kept as bytes: a template or setting that is changed later must not change a retry.
        never_tried = _freeze(spec, context, replace(prepared, digest=digest))
    else:
        context.store.editions.set_state(spec.name, day, EditionState.EMPTY, used=prepared.used)
    return Made(edition=prepared.edition, digest=digest, never_tried=never_tried)


def _is_to_be_made(spec: DigestSpec, context: EditionContext, day: date) -> bool:
    existing = context.store.editions.get(spec.name, day)
    return existing is None or existing.state in (EditionState.CLAIMED, EditionState.MISSED)


def deliver_only(spec: DigestSpec, context: EditionContext, *, at: datetime) -> Outcome:
    """What there is to do on a date that is no day of the digest: deliver what is open of earlier ones."""
    _unless_stopped(context)
    edition = Edition(digest=spec.name, date=local_date(spec, at), since=at, until=at)
    report = deliver_pending(spec, context) if context.store.outbox.is_open(digest=spec.name) else None
    return Outcome(edition=edition, no_day=True, report=report)


def _unless_stopped(context: EditionContext) -> None:
    if context.stop():
        raise Stopped("stopped by a signal; the next run goes on from here")


def _freeze(spec: DigestSpec, context: EditionContext, prepared: PreparedEdition) -> tuple[Delivery, ...]:
    """Render and record every message; from here on no template, feed or setting changes what is sent.

    Returns deliveries that end before the first attempt: the message could not be encoded, or the address is
    suppressed.
    """
    context.progress.stage("render")
    digest = prepared.digest
    if spec.when_empty == "line" and not (digest.entries or digest.headlines):
        # The "line" says that there is nothing new, and nothing else.
        digest = replace(digest, counts=Counts(), failures=(), recovered=(), notices=())
    deliveries, content = frozen(spec, context, digest, spec.recipients)
    readers = for_readers(spec, context, digest, prepared.edition, deliveries)
    context.store.editions.publish(
        prepared.edition, content, deliveries, used=prepared.used, readers=readers, made=context.clock()
    )
    context.progress.done(recipients=len(spec.recipients), messages=len(deliveries))
    # The bytes are in the outbox now: those of thousands of recipients would fill the memory.
    return tuple(replace(delivery, payload=b"") for delivery in deliveries if delivery.state in FINAL)


def frozen(
    spec: DigestSpec, context: EditionContext, digest: Digest, recipients: Sequence[Recipient], *, revision: int = 0
) -> tuple[tuple[Delivery, ...], str]:
    """The deliveries of a digest with the bytes that are sent, and its JSON; nothing is recorded yet."""
    message = message_to_keep(spec, context, digest)
    for fault in message.faults:
        LOG.warning("%s; the built-in template was used", fault)
    deliveries = freeze(
        message,
        recipients,
        context.channels,
        now=context.clock(),
        lifetime=spec.deliver_within,
        suppressed=unreachable(context.store, spec.name),
        installation_id=context.store.installation_id(),
        key_schemes=context.key_schemes,
        revision=revision,
    )
    return deliveries, message.json
