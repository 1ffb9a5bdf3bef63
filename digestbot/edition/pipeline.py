"""One edition, end to end: collect, make, render, freeze, deliver. Whatever goes wrong with a part stays a part."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from ..collect import PollResult, collect
from ..deliver import DeliveryReport, deliver, freeze, suppressed_recipients
from ..errors import DigestbotError
from ..model import FINAL, Counts, Delivery, Digest, Edition, EditionState, Recipient
from ..ports import Store
from ..render import render
from .compose import compose
from .context import DigestSpec, EditionContext
from .window import local_date, window

LOG = logging.getLogger("digestbot")


@dataclass(frozen=True, slots=True, kw_only=True)
class PreparedEdition:
    """An edition that is made but not yet sent."""

    edition: Edition
    digest: Digest
    used: tuple[str, ...]  # ids of the items that belong to it
    collected: PollResult

    @property
    def no_feed_readable(self) -> bool:
        """Nothing could be read at all: that is not the same as no news."""
        return bool(self.collected.feeds) and self.collected.failed == self.collected.feeds and not self.used


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of a run."""

    edition: Edition
    repeated: bool = False  # the edition had been made before; at most its open deliveries were worked on
    no_feed_readable: bool = False  # no feed could be read
    digest: Digest | None = None  # what was made, if something was
    report: DeliveryReport | None = None

    @property
    def failed(self) -> bool:
        """Whether a run did not do all it was asked for."""
        return self.no_feed_readable or (self.report is not None and not self.report.ok)


def prepare(
    spec: DigestSpec,
    context: EditionContext,
    *,
    at: datetime,
    day: date | None = None,
    preview: bool = False,
    collected: PollResult | None = None,
) -> PreparedEdition:
    """Collect and make an edition, without freezing or sending anything.

    Args:
        spec: how it is made.
        context: what it is made with.
        at: its cutoff, in UTC.
        day: its date, where that is not the local date of `at` (a late one).
        preview: a preview: nothing is claimed, and an edition that exists already is made anew from the items of its window.
        collected: the round that its items came from, where one is not to be made now.
    """
    day = day or local_date(spec, at)
    editions, items = context.store.editions, context.store.items
    standing = editions.get(spec.name, day)
    if standing is not None and standing.state is not EditionState.MISSED and preview:
        edition = Edition(digest=spec.name, date=day, since=standing.since, until=max(at, standing.until))
        collected = collected or collect_for(context, at=at)
        found = items.recent(since=edition.since, until=edition.until)
    else:
        since, oldest, late = window(spec, editions.latest(spec.name), until=at)
        edition = Edition(digest=spec.name, date=day, since=since, until=at)
        edition = edition if preview else editions.claim(edition)
        collected = collected or collect_for(context, at=at)
        oldest = min(oldest, edition.since)
        found = items.window(spec.name, since=edition.since, until=edition.until, oldest=oldest, late=late)
    digest = compose(spec, context, found, edition=edition, collected=collected)
    return PreparedEdition(edition=edition, digest=digest, used=tuple(item.id for item in found), collected=collected)


def run(
    spec: DigestSpec, context: EditionContext, *, at: datetime, day: date | None = None, notices: Sequence[str] = ()
) -> Outcome:
    """Make and deliver an edition; a second call sends nothing again.

    A run that was cut off is taken up where it stopped: a claimed edition is made, a frozen one is delivered.

    Args:
        spec: how it is made, and for whom.
        context: what it is made with.
        at: its cutoff, in UTC, where it is not claimed yet.
        day: its date, where that is not the local date of `at` (a late one).
        notices: sentences for its head.
    """
    day = day or local_date(spec, at)
    editions = context.store.editions
    standing = editions.get(spec.name, day)
    digest: Digest | None = None
    over: tuple[Delivery, ...] = ()
    if standing is None or standing.state in (EditionState.CLAIMED, EditionState.MISSED):
        made = prepare(spec, context, at=at, day=day)
        if made.no_feed_readable:
            return Outcome(edition=made.edition, no_feed_readable=True)
        digest = replace(made.digest, notices=(*notices, *made.digest.notices))
        if digest.entries or digest.also or spec.when_empty != "skip":
            over = _freeze(spec, context, replace(made, digest=digest))
        else:
            editions.set_state(spec.name, day, EditionState.EMPTY, used=made.used)
    report = finish(spec, context)
    report = replace(report, settled=(*over, *report.settled))
    edition = editions.get(spec.name, day)
    assert edition is not None  # noqa: S101 -- claimed above or standing before, and nothing deletes editions
    return Outcome(edition=edition, repeated=digest is None, digest=digest, report=report)


def log_failure(name: str, error: Exception) -> str:
    """Log why a digest could not be made, with a traceback where we did not mean to raise it; the reason in words.

    An exception that is not ours may hold anything: people are told its kind only, and the log, which is redacted, all.
    """
    meant = isinstance(error, DigestbotError)
    reason = str(error) if meant else f"it failed ({type(error).__name__}); the log says where"
    LOG.error("digest=%s %s", name, reason, exc_info=None if meant else error)
    return reason


def finish(spec: DigestSpec, context: EditionContext) -> DeliveryReport:
    """Work off what is still open of a digest's deliveries, whatever edition it belongs to."""
    editions, outbox = context.store.editions, context.store.outbox
    context.progress.stage("deliver", total=len(outbox.open(digest=spec.name)))
    report = deliver(
        outbox,
        context.channels,
        digest=spec.name,
        now=context.clock,
        sleep=context.sleep,
        max_wait=context.max_wait,
        claim_timeout=context.claim_timeout,
        stop=context.stop,
        channel_backoff=context.channel_backoff,
        progress=context.progress,
    )
    context.progress.done(sent=len(report.sent), open=len(report.waiting))
    still_open = {delivery.edition for delivery in outbox.open(digest=spec.name)}
    for edition in editions.history(spec.name):
        if edition.state is EditionState.READY and edition.date not in still_open:
            editions.set_state(spec.name, edition.date, EditionState.DONE)
    return report


def collect_for(context: EditionContext, *, at: datetime) -> PollResult:
    """Ask the feeds that are due, as of an edition's moment."""
    return collect(
        context.feeds,
        context.store.items,
        now=at,
        clock=max(at, context.clock()),
        options=context.fetch,
        progress=context.progress,
    )


def unreachable(store: Store, digest: str) -> Mapping[Recipient, str]:
    """Recipients that are not tried any more, and why."""
    went_out = (EditionState.READY, EditionState.DONE)
    days = [edition.date for edition in store.editions.history(digest) if edition.state in went_out]
    return suppressed_recipients(store.outbox, digest, days)


def _freeze(spec: DigestSpec, context: EditionContext, made: PreparedEdition) -> tuple[Delivery, ...]:
    """From here on nothing changes what is sent: not a template, a feed, nor a setting.

    Returns what is over before it began: nothing could be written for an address, or it was given up.
    """
    context.progress.stage("render")
    digest = made.digest
    if spec.when_empty == "line" and not (digest.entries or digest.also):
        digest = replace(digest, counts=Counts(), failures=(), recovered=(), notices=())
    templates = context.own_templates.get(spec.name, context.templates)
    message = render(digest, templates=templates, mode=spec.mode, images=spec.images)
    for fault in message.faults:
        LOG.warning("%s; the built-in template was used", fault)
    hopeless = unreachable(context.store, spec.name)
    deliveries = freeze(
        message,
        spec.recipients,
        context.channels,
        now=context.clock(),
        suppressed=hopeless,
        installation_id=context.store.installation_id(),
        key_schemes=context.key_schemes,
    )
    context.store.editions.publish(made.edition, message.json, deliveries, used=made.used)
    context.progress.done(recipients=len(spec.recipients), messages=len(deliveries))
    return tuple(replace(delivery, payload=b"") for delivery in deliveries if delivery.state in FINAL)
