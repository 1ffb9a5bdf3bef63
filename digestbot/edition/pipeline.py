"""One edition, end to end: collect, make, render, freeze, deliver. Whatever goes wrong with a part stays a part."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from ..collect import Round, collect
from ..deliver import Report, deliver, given_up, plan
from ..errors import DigestbotError
from ..model import FINAL, Counts, Delivery, Digest, Edition, EditionState, Recipient
from ..ports import Store
from ..render import render
from .compose import make
from .context import Desk, Recipe
from .window import local_date, window

LOG = logging.getLogger("digestbot")


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

    @property
    def failed(self) -> bool:
        """Whether a run did not do all it was asked for."""
        return self.blind or (self.report is not None and not self.report.ok)


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
    over: tuple[Delivery, ...] = ()
    if standing is None or standing.state in (EditionState.CLAIMED, EditionState.MISSED):
        made = draft(recipe, desk, at=at, day=day)
        if made.blind:
            return Outcome(edition=made.edition, blind=True)
        digest = replace(made.digest, notes=(*notes, *made.digest.notes))
        if digest.entries or digest.also or recipe.quiet != "skip":
            over = _freeze(recipe, desk, replace(made, digest=digest))
        else:
            editions.settle(recipe.name, day, EditionState.EMPTY, used=made.used)
    report = finish(recipe, desk)
    report = replace(report, settled=(*over, *report.settled))
    edition = editions.get(recipe.name, day)
    assert edition is not None  # noqa: S101 -- claimed above or standing before, and nothing deletes editions
    return Outcome(edition=edition, repeated=digest is None, digest=digest, report=report)


def mishap(name: str, error: Exception) -> str:
    """Log why a digest could not be made, with a traceback where we did not mean to raise it; the reason in words.

    An exception that is not ours may hold anything: people are told its kind only, and the log, which is redacted, all.
    """
    meant = isinstance(error, DigestbotError)
    reason = str(error) if meant else f"it failed ({type(error).__name__}); the log says where"
    LOG.error("digest=%s %s", name, reason, exc_info=None if meant else error)
    return reason


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
        lease=desk.lease,
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


def unreachable(store: Store, digest: str) -> Mapping[Recipient, str]:
    """Recipients that are not tried any more, and why."""
    went_out = (EditionState.READY, EditionState.DONE)
    days = [edition.date for edition in store.editions.history(digest) if edition.state in went_out]
    return given_up(store.outbox, digest, days)


def _freeze(recipe: Recipe, desk: Desk, made: Draft) -> tuple[Delivery, ...]:
    """From here on nothing changes what is sent: not a template, a feed, nor a setting.

    Returns what is over before it began: nothing could be written for an address, or it was given up.
    """
    desk.progress.stage("render")
    digest = made.digest
    if recipe.quiet == "line" and not (digest.entries or digest.also):
        digest = replace(digest, counts=Counts(), failures=(), recovered=(), notes=())
    templates = desk.own_templates.get(recipe.name, desk.templates)
    message = render(digest, templates=templates, mode=recipe.mode, images=recipe.images)
    for fault in message.faults:
        LOG.warning("%s; the built-in template was used", fault)
    hopeless = unreachable(desk.store, recipe.name)
    deliveries = plan(
        message,
        recipe.recipients,
        desk.channels,
        now=desk.clock(),
        given_up=hopeless,
        ledger=desk.store.identity(),
    )
    desk.store.editions.publish(made.edition, message.json, deliveries, used=made.used)
    desk.progress.done(recipients=len(recipe.recipients), messages=len(deliveries))
    return tuple(replace(delivery, payload=b"") for delivery in deliveries if delivery.state in FINAL)
