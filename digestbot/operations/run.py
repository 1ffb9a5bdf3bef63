"""`digestbot run`: every digest that is asked for, once. A failure of one stops no other."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

from ..app import wiring
from ..app.zones import parse_moment
from ..deliver.patience import steady_seconds
from ..edition.context import DigestSpec, EditionContext
from ..edition.failures import failure_in_words, is_ours, log_failure
from ..edition.pipeline import Outcome, deliver_only, run
from ..edition.planning import Target, target_at
from ..edition.revision import Revision, make_again
from ..errors import ConfigError, Stopped
from ..model import Edition, EditionState, Recipient
from ..ports import Progress, Store
from ..settings import Loaded
from .alerts import alert_notifier, open_problems
from .heartbeat import heartbeat
from .orders import held_by
from .planner import schedules
from .returned import returned_rounds


@dataclass(frozen=True, slots=True, kw_only=True)
class Again:
    """`run --again`: who gets the new revision besides those who have no other."""

    named: tuple[Recipient, ...] = ()
    everybody: bool = False

    def __call__(self, spec: DigestSpec, context: EditionContext, edition: Edition) -> Outcome:
        """Make and deliver it."""
        outbox = context.store.outbox
        # Not all of the edition: readers of a list may be a hundred thousand.
        deliveries = outbox.all(digest=spec.name, day=edition.date, recipients=spec.recipients)
        newest = outbox.newest_revision(digest=spec.name, day=edition.date)
        revision = Revision.of(spec, deliveries, newest=newest, named=self.named, everybody=self.everybody)
        return make_again(spec, context, edition, revision)


def run_once(
    specs: Iterable[DigestSpec],
    loaded: Loaded,
    store: Store,
    progress: Progress,
    *,
    at: str | None,
    max_wait: float,
    stop: threading.Event,
    force: bool = False,
    again: Again | None = None,
) -> tuple[list[Outcome], dict[str, str]]:
    """Collect, make and deliver, inform the monitor, and send alerts about problems.

    Args:
        specs: the digests.
        loaded: the configuration.
        store: the real one.
        progress: is informed of every stage.
        at: the editions' cutoff as an ISO time; now where it is left out.
        max_wait: seconds a run may keep retrying an unavailable service.
        stop: once it is set, nothing new begins.
        force: make an edition of a date that is no day of its digest, too.
        again: make a new revision of an edition that was made before.

    Returns:
        How each digest ended; and for those that failed, the reason by the digest's name.

    Raises:
        ConfigErrors: `at` is not an ISO time.
        Stopped: `stop` was set before a digest's deliveries were recorded.
    """
    context = wiring.edition_context(
        loaded, store, progress, sending=True, stop=stop.is_set, sleep=stop.wait, max_wait=max_wait
    )
    monitor = heartbeat(loaded)
    monitor.start()
    # Without `serve` nobody else reads what came back; before the editions, so that they go to nobody whose address is gone.
    rounds = returned_rounds(loaded, store, clock=context.clock, elapsed=steady_seconds, stop=stop.is_set)
    came_back = rounds.take(now=context.clock(), told=lambda: True)
    outcomes, failed = _run_each(specs, loaded, context, at, force=force, again=again)
    if stop.is_set():
        return outcomes, failed
    if failed or any(outcome.failed for outcome in outcomes):
        monitor.fail()
    else:
        monitor.success()
    now, reports = datetime.now(UTC), [outcome.report for outcome in outcomes if outcome.report]
    names = {feed.name for feed in context.feeds}
    # Of every digest, also of those that were not asked for: an alert that is missing here would count as ended.
    problems = open_problems(store, reports, feeds=names, digests=loaded.digests, now=now)
    ended = {f"digest {name}": reason for name, reason in failed.items()}
    alert_notifier(loaded, store).notify(problems | came_back | ended, now=now, said=ended)
    return outcomes, failed


def _run_each(
    specs: Iterable[DigestSpec],
    loaded: Loaded,
    context: EditionContext,
    at: str | None,
    *,
    force: bool,
    again: Again | None,
) -> tuple[list[Outcome], dict[str, str]]:
    outcomes, failed = [], {}
    orders = context.store.choices.orders()
    now = context.clock()  # for all of them: digests with the same items share their grouping
    for spec in specs:
        order = orders.get(spec.name)
        held = None if force or again else held_by(order)
        try:
            moment = parse_moment(at, loaded.digests[spec.name], now=now)
            target = target_of(
                spec, loaded, context.store, at=moment, now=None if at else moment, force=force or bool(order)
            )
            made = _made(spec, context, target.name, at=None if at else moment) if again else None
            if again and made and made.state not in (EditionState.CLAIMED, EditionState.MISSED):
                outcomes.append(again(spec, context, made))
            elif held:
                outcomes.append(replace(deliver_only(spec, context, at=moment), no_day=False, held=held))
            elif target.no_day:
                outcomes.append(deliver_only(spec, context, at=moment))
            else:
                outcomes.append(replace(run(spec, context, at=moment, day=target.name), next_due=target.next_due))
                if order and not outcomes[-1].no_feed_readable:
                    context.store.choices.withdraw(spec.name)
        # A wrong --at is wrong for every digest: the run ends, instead of reporting each of them as failed.
        except (ConfigError, Stopped):
            raise
        except Exception as error:  # noqa: BLE001 -- whatever it is, the others go out
            # What the command says itself at its end is said once; a traceback is not for its last line.
            failed[spec.name] = log_failure(spec.name, error) if is_ours(error) else failure_in_words(error)
    return outcomes, failed


def _made(spec: DigestSpec, context: EditionContext, name: date, *, at: datetime | None) -> Edition | None:
    """The edition of that name, or, where no other moment was asked for, the last one: the next is not begun for it."""
    editions = context.store.editions
    return editions.get(spec.name, name) or (editions.latest(spec.name, until=at) if at else None)


def target_of(
    spec: DigestSpec,
    loaded: Loaded,
    store: Store,
    *,
    at: datetime,
    now: datetime | None,
    force: bool,
    remember: bool = True,
) -> Target:
    """The edition that a run makes at a moment.

    Args:
        spec: the digest.
        loaded: the configuration.
        store: where editions are recorded.
        at: the moment.
        now: the same, where it is the real time: then what the schedule was before counts, too; None for another.
        force: also on a date that is none of the digest's.
        remember: whether a schedule that has changed is recorded.
    """
    known = schedules(loaded, store, now=now, names=[spec.name], remember=remember)[spec.name] if now else spec.schedule
    assert known is not None  # noqa: S101 -- that of a configuration always has one
    return target_at(store.editions, spec.name, known, at=at, force=force)
