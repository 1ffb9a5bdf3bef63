"""`digestbot serve`: every half minute it looks what is due and does that. What was done is kept in the store alone.

No timer remembers anything, so a process that was stopped, killed or asleep goes on where the store says it was.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, nullcontext
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from ..app import wiring
from ..app.feeds import configured_feeds, sources_in_words
from ..app.storage import FOR_EVER, waiting, working_store
from ..collect import collect
from ..deliver import DeliveryReport
from ..deliver.patience import steady_seconds
from ..edition.context import DigestSpec, EditionContext
from ..edition.pipeline import deliver_pending, failure_in_words, log_failure, run
from ..edition.planning import name_for, settled, target_at
from ..edition.schedule import Schedule, due_slot, missed_slots, next_slots
from ..errors import CollectError, ConfigError, DataFolderGone, DigestbotError, Stopped
from ..model import Choice, ChoiceKind, EditionState
from ..ports import Store
from ..render import sent_late
from ..settings import ConfigFingerprint, Loaded, config_fingerprint
from ..text.counting import counted
from .alerts import AlertNotifier, alert_notifier, open_problems
from .clock import ClockWatch, clear_future, jump_in_words
from .heartbeat import heartbeat
from .list_health import SUBJECT
from .logs import LoggedProgress
from .planner import schedules
from .pruning import prune
from .pulse import Pulse
from .rests import Failed, Rests
from .returned import ReturnedRounds, returned_rounds
from .scheduler import tick_forever
from .status import next_editions

LOG = logging.getLogger("digestbot")
LATE_AFTER = timedelta(minutes=15)  # rounds of half a minute and slow feeds explain less; readers wonder about more
# A digest that failed rests, so that a bug or a dead network does not fill the log twice a minute; twice as long each time.
RETRY_AFTER, MAX_RETRY_AFTER = timedelta(minutes=5), timedelta(minutes=40)


@dataclass(slots=True, kw_only=True)
class Daemon:
    """One daemon on one data folder."""

    read: Callable[[], Loaded]  # reads the configuration; raises ConfigError
    loaded: Loaded  # the configuration in use
    store: Store
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    stop: threading.Event = field(default_factory=threading.Event)  # once set, no further delivery begins
    reload: threading.Event = field(
        default_factory=threading.Event
    )  # set: read the configuration again, changed or not
    elapsed: Callable[[], float] = steady_seconds  # seconds by a clock that cannot be set
    pulse: Pulse = field(init=False)
    _rests: Rests = field(init=False)
    _failed: dict[str, Failed] = field(default_factory=dict, init=False)  # by digest
    _clock_watch: ClockWatch = field(default_factory=ClockWatch, init=False)
    _future: tuple[str, ...] | None = field(default=None, init=False)  # None until it was looked for
    _seen: datetime | None = field(default=None, init=False)  # when the configuration in use was last looked at
    _pruned_on: date | None = field(default=None, init=False)
    _fingerprint: ConfigFingerprint = field(default=(), init=False)
    _context: EditionContext | None = field(default=None, init=False)
    _notifier: AlertNotifier = field(init=False)
    _returned: ReturnedRounds = field(init=False)

    def __post_init__(self) -> None:
        self._fingerprint = config_fingerprint(self.loaded)
        self.pulse = Pulse(store=self.store, stop=self.stop, elapsed=self.elapsed)
        self._rests = Rests(elapsed=self.elapsed)

    def tick(self) -> None:
        """One round: do everything that is due. Never raises: a round that fails must not stop the next one."""
        try:
            self.pulse.beat()
            self._reload()
            jump = self._clock_watch.jump(self.clock(), self.elapsed())
            if jump:
                self._rests.forget()
            plans = self._rests.plans(self.loaded, self._schedules)
            clock = self._told_of_clock(jump, plans)
            self._seen = self.clock()
            context = self._current_context()
            orders = self.store.choices.orders()
            found = (self._process(name, plan, context, orders.get(name)) for name, plan in plans.items())
            reports = [report for report in found if report is not None]
            if self.pulse.stopping():
                return
            now = self.clock()
            # Between editions, too: many feeds hold their latest items only, and the others would be gone by tomorrow.
            stop, options = self.pulse.stopping, context.fetch
            ahead = _soon(plans, now=now, lead=options.round)
            read = collect(
                context.feeds,
                self.store.items,
                now=now,
                clock=now,
                options=options,
                ahead=ahead,
                stop=stop,
                between=True,
                leases=self.store.leases,
            )
            if self.stop.is_set():
                return
            returned = self._returned.take(now=now, told=SUBJECT in self.store.alerts.open_alerts())
            problems = self._problems(reports, context, now=now, asked=read.feeds > read.skipped)
            failed = {f"digest {name}": one.reason for name, one in self._failed.items()}
            self._notifier.notify({**problems, **failed, **clock, **returned}, now=now)
            self._prune(now)
        except Stopped:
            return
        except DigestbotError as error:
            LOG.error("%s", error)  # noqa: TRY400 -- it says what, which and why; a traceback would hide that
        except Exception:
            LOG.exception("internal error in this round; the next round begins in half a minute")

    def _schedules(self) -> dict[str, Schedule]:
        return schedules(self.loaded, self.store, now=self.clock(), seen=self._seen)

    def _problems(
        self, reports: Sequence[DeliveryReport], context: EditionContext, *, now: datetime, asked: bool
    ) -> Mapping[str, str]:
        """What an operator should know of feeds, editions and accounts; looked for again where something was done, or after some minutes."""
        if self._rests.problems is None or reports or asked:
            names = {feed.name for feed in context.feeds}
            self._rests.problems = open_problems(self.store, reports, feeds=names, digests=self.loaded.digests, now=now)
        return self._rests.problems

    def _told_of_clock(self, jump: timedelta, plans: Mapping[str, Schedule]) -> dict[str, str]:
        """After a jump of the clock, clear up after it at once; what to tell the operator, by subject."""
        now = self.clock()
        if jump:
            self._pruned_on = now.date()  # a clock that is a year ahead must not delete what it takes for old
        if jump or self._future is None:
            self._future = clear_future(self.store, plans, now=now)
        found = {"dates to come": "; ".join(self._future)} if self._future else {}
        if jump:
            words = jump_in_words(jump, now)
            LOG.warning("clock jumped: %s", words)
            # A subject for each direction: an alert that is open is not sent again.
            found[f"clock {'ahead' if jump > timedelta() else 'back'}"] = words
        return found

    def _process(
        self, name: str, plan: Schedule, context: EditionContext, order: Choice | None
    ) -> DeliveryReport | None:
        """One digest's part of a round: a failure stops no other digest, and is retried after RETRY_AFTER, then longer."""
        before = self._failed.get(name)
        if before is not None and self.elapsed() < before.again_at:
            return None
        digest = self.loaded.digests[name]
        try:
            spec = wiring.digest_spec(name, digest, self.loaded)
            report = self._make_or_deliver(spec, plan, context, order)
        except Stopped:
            return None
        except Exception as error:  # noqa: BLE001 -- whatever it is, the others go out
            times = before.times + 1 if before else 1
            # Logged when it changes: what was said five minutes ago is known.
            reason = failure_in_words(error)
            if before is None or before.reason != reason:
                log_failure(name, error)
            rest = min(RETRY_AFTER * 2 ** (times - 1), MAX_RETRY_AFTER)
            self._failed[name] = Failed(reason, self.elapsed() + rest.total_seconds(), times)
            return None
        self._failed.pop(name, None)
        return report

    def _make_or_deliver(
        self, spec: DigestSpec, schedule: Schedule, context: EditionContext, order: Choice | None
    ) -> DeliveryReport | None:
        editions = self.store.editions
        now = self.clock()
        held = order is not None and order.kind is ChoiceKind.HOLD
        if held or (order is None and self._rests.rests(spec.name, now=now)):
            return self._deliver_open(spec, context)
        done = settled(editions, spec.name, now=now)
        slot = due_slot(now, schedule, done)
        # First of all: once the edition that is due is settled, those before it no longer show as missed.
        for past in missed_slots(now, schedule, done):
            name = name_for(editions, spec.name, past, schedule)
            editions.set_state(spec.name, name, EditionState.MISSED)
            LOG.warning(
                "digest=%s edition=%s missed: at %s digestbot was not running, or it was held", spec.name, name, past.at
            )
            self._rests.problems = None
        if slot is not None:
            return self._make(spec, context, name_for(editions, spec.name, slot, schedule), slot.due)
        if order is not None:
            target = target_at(editions, spec.name, schedule, at=now, force=True)
            if not target.made:
                return self._make(spec, context, target.name, now)
            self.store.choices.withdraw(spec.name)
            LOG.warning("digest=%s edition=%s was to go at once, and was made before", spec.name, target.name)
        self._rests.rest(spec.name, schedule, now=now)
        return self._deliver_open(spec, context)

    def _make(self, spec: DigestSpec, context: EditionContext, name: date, due: datetime) -> DeliveryReport | None:
        """Make the edition of this name, which is due since then, and deliver what can be."""
        now = self.clock()
        self._rests.forget()
        monitor = heartbeat(self.loaded)
        monitor.start()
        try:
            outcome = run(spec, context, at=now, day=name, notices=_lateness(now, due, spec))
        except Stopped:
            raise
        except Exception:
            monitor.fail()
            raise
        if outcome.failed:
            monitor.fail()
        else:
            monitor.success()
        if outcome.no_feed_readable:
            raise CollectError("no feed could be read; it is tried again in five minutes, then less and less often")
        self.store.choices.withdraw(spec.name)
        LOG.info("digest=%s edition=%s %s", spec.name, name, outcome.edition.state)
        return outcome.report

    def _deliver_open(self, spec: DigestSpec, context: EditionContext) -> DeliveryReport | None:
        return deliver_pending(spec, context) if self.store.outbox.is_open(digest=spec.name) else None

    def _prune(self, now: datetime) -> None:
        """Once a day, delete items, bodies and deliveries that nothing will need again."""
        if self._pruned_on != now.date():
            # Set before the work: if it fails, one line a day in the log says so and not one each round.
            self._pruned_on = now.date()
            prune(self.store, now=now, keep_bodies=self.loaded.settings.keep_bodies)

    def _current_context(self) -> EditionContext:
        """Made once for each configuration: channels keep their connections and backoff between rounds."""
        if self._context is None:
            # First what asks the database: a round in which that is away leaves nothing half made.
            self._returned = returned_rounds(
                self.loaded, self.store, clock=self.clock, elapsed=self.elapsed, stop=self.pulse.stopping
            )
            self._context = wiring.edition_context(
                self.loaded,
                self.store,
                LoggedProgress(),
                sending=True,
                clock=self.clock,
                stop=self.pulse.stopping,
                # Not time.sleep: a pause between two attempts ends at once when the daemon is to stop.
                sleep=self.stop.wait,
            )
            self._notifier = alert_notifier(self.loaded, self.store)
        return self._context

    def _reload(self) -> None:
        """Apply a changed configuration whole, or keep the last good one."""
        before = config_fingerprint(self.loaded)
        asked = self.reload.is_set()
        self.reload.clear()
        if before == self._fingerprint and not asked:
            return
        try:
            fresh = self.read()
            wiring.require_deliverable(fresh, wiring.digest_specs(fresh))
            configured_feeds(fresh)
        except ConfigError as error:
            self._fingerprint = before
            LOG.error("%s; the last good configuration stays in use", error)  # noqa: TRY400 -- as above
            return
        if wiring.place_of_data(fresh) != wiring.place_of_data(self.loaded):
            self._fingerprint = before
            LOG.error(
                "DIGESTBOT_DATA or DATABASE_URL has changed: restart digestbot; the last good configuration stays in use"
            )
            return
        if config_fingerprint(self.loaded) != before:
            return  # an editor is still writing it: the next round reads it whole
        # Channels hold the old accounts and the pauses after their refusals: the new settings get new ones.
        self.close()
        self.loaded, self._fingerprint = fresh, config_fingerprint(fresh)
        self._failed = {}  # the new file may have fixed what failed: every digest is tried at once
        digests, topics = ", ".join(fresh.digests), len(fresh.topics)
        LOG.info("configuration reloaded from %s; digests: %s; %d topics", fresh.path, digests, topics)

    def close(self) -> None:
        if self._context is not None:
            for channel in self._context.channels.values():
                channel.close()
        self._context = None


def _soon(plans: Mapping[str, Schedule], *, now: datetime, lead: timedelta) -> datetime | None:
    """When the next edition of any digest is due, where that is near enough to ask its feeds for it."""
    due = min((next(next_slots(now, plan)).due for plan in plans.values()), default=None)
    return due if due is not None and due - now <= lead else None


def _lateness(now: datetime, due: datetime, spec: DigestSpec) -> tuple[str, ...]:
    if now - due < LATE_AFTER:
        return ()
    return (sent_late(now, due, timezone=spec.timezone, language=spec.language),)


Beside = Callable[[Callable[[], Loaded], Path], AbstractContextManager[object]]


def serve(
    read: Callable[[], Loaded],
    data: Path,
    *,
    stop: threading.Event,
    reload: threading.Event,
    beside: Beside = lambda _current, _data: nullcontext(),
) -> None:
    """Run until `stop` is set; read the configuration again when `reload` is.

    `beside` is what runs as long as it does, given the configuration in use and the data folder: the site.

    Raises:
        ConfigError: the configuration is wrong at the start.
        DataFolderLocked: another process works on this data folder.
        DataFolderGone: it was moved or deleted meanwhile.
        StoreError: the database could not be opened; a server that is away is waited for.
    """
    loaded = read()
    wiring.require_deliverable(loaded, wiring.digest_specs(loaded))
    with ExitStack() as stack:
        waits = waiting(FOR_EVER, sleep=stop.wait, stop=stop.is_set)
        try:
            store = stack.enter_context(working_store(loaded, data, waits=waits, serves=True))
        except Stopped:
            LOG.info("stopped")
            return
        daemon = Daemon(read=read, loaded=loaded, store=store, stop=stop, reload=reload)
        stack.callback(daemon.close)
        stack.enter_context(beside(lambda: daemon.loaded, data))
        feeds = sources_in_words(configured_feeds(loaded))
        LOG.info("serving %s from %s; data in %s", counted(len(loaded.digests), "digest"), feeds, data.absolute())
        for line in next_editions(loaded, store, now=datetime.now(UTC)):
            LOG.info("to come: %s", line)
        tick_forever(daemon.tick, stop=stop, wake=reload)
        if daemon.pulse.gone:
            raise DataFolderGone(daemon.pulse.gone)
    LOG.info("stopped")
