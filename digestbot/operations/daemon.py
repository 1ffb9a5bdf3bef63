"""`digestbot serve`: every half minute it looks what is due and does that. What was done is kept in the store alone.

No timer remembers anything, so a process that was stopped, killed or asleep goes on where the store says it was.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from ..app import wiring
from ..app.feeds import configured_feeds
from ..app.storage import database_url
from ..deliver import DeliveryReport
from ..deliver.patience import steady_seconds
from ..edition.collecting import collect_between
from ..edition.context import EditionContext
from ..edition.delivering import deliver_pending
from ..edition.failures import failure_in_words, log_failure
from ..edition.pipeline import run
from ..edition.planning import name_for, settled, target_at
from ..edition.schedule import Schedule, due_slot, missed_slots, next_slots
from ..errors import CollectError, ConfigError, DigestbotError, Stopped, StoreUnavailable
from ..jobs.inline import Inline
from ..model import Batch, Choice, ChoiceKind, EditionKey, EditionState, JobKind
from ..ports import Jobs, Store
from ..settings import ConfigFingerprint, Loaded, config_fingerprint
from .alerts import AlertNotifier, alert_notifier, open_problems
from .away import await_database
from .clock import ClockWatch, clear_future, jump_in_words
from .due_jobs import DueJobs
from .following import tell_refused
from .heartbeat import heartbeat
from .lateness import lateness
from .list_health import SUBJECT
from .logs import LoggedProgress
from .planner import schedules
from .pruning import prune
from .pulse import Pulse
from .rests import Failed, Rests
from .returned import ReturnedRounds, returned_rounds

LOG = logging.getLogger("digestbot")
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
    queue: DueJobs | None = None  # whose workers do what is due; None: this process does it
    pulse: Pulse = field(init=False)
    _jobs: Jobs = field(init=False)
    _reports: list[DeliveryReport] = field(default_factory=list, init=False)  # of this round
    _asked: bool = field(default=False, init=False)  # whether a feed was, in this round
    _ahead: datetime | None = field(default=None, init=False)  # when an edition is to be made soon
    _began: datetime | None = field(default=None, init=False)  # when this round did
    _due: dict[str, datetime] = field(default_factory=dict, init=False)  # when an edition was, by its key
    _rests: Rests = field(init=False)
    _failed: dict[str, Failed] = field(default_factory=dict, init=False)  # by digest
    _clock_watch: ClockWatch = field(default_factory=ClockWatch, init=False)
    _future: tuple[str, ...] | None = field(default=None, init=False)  # None until it was looked for
    _seen: datetime | None = field(default=None, init=False)  # when the configuration in use was last looked at
    _pruned_on: date | None = field(default=None, init=False)
    _fingerprint: ConfigFingerprint = field(default=(), init=False)
    _refused: dict[str, str] = field(default_factory=dict, init=False)  # why the file as it is now is not in use
    _context: EditionContext | None = field(default=None, init=False)
    _notifier: AlertNotifier = field(init=False)
    _returned: ReturnedRounds = field(init=False)

    def __post_init__(self) -> None:
        self._fingerprint = config_fingerprint(self.loaded)
        self.pulse = Pulse(store=self.store, stop=self.stop, elapsed=self.elapsed)
        self._rests = Rests(elapsed=self.elapsed)
        work = {JobKind.MAKE: self._make, JobKind.DELIVER: self._deliver, JobKind.COLLECT: self._collect}
        self._jobs = self.queue.jobs if self.queue else Inline(work, clock=self.clock)

    def tick(self) -> None:
        """One round: do everything that is due. Never raises: a round that fails must not stop the next one."""
        while (away := self._round()) is not None and database_url(self.loaded):
            await_database(self.pulse.beat, away, stop=self.stop)

    def _round(self) -> StoreUnavailable | None:
        """What a server says that is away."""
        try:
            self.pulse.beat()
            refused_before = self._refused
            self._reload()
            jump = self._clock_watch.jump(self.clock(), self.elapsed())
            if jump:
                self._rests.forget()
            plans = self._rests.plans(self.loaded, self._schedules)
            clock = self._told_of_clock(jump, plans)
            self._seen = self.clock()
            context = self._current_context()
            if not self._put_all_that_is_due(plans, context) or self.stop.is_set():
                return None
            now = self.clock()
            returned = self._returned.take(now=now, told=lambda: SUBJECT in self.store.alerts.open_alerts())
            problems = self._problems(self._reports, context, now=now, asked=self._asked)
            failed = {f"digest {name}": one.reason for name, one in self._failed.items()}
            found = {**problems, **failed, **clock, **returned, **(self._refused if refused_before else {})}
            self._notifier.notify(found, now=now, said=self._refused)
            self._prune(now)
        except Stopped:
            return None
        except StoreUnavailable as error:
            LOG.error("%s", error)  # noqa: TRY400 -- as below
            return error
        except DigestbotError as error:
            LOG.error("%s", error)  # noqa: TRY400 -- it says what, which and why; a traceback would hide that
        except Exception:
            LOG.exception("internal error in this round; the next round begins in half a minute")
        return None

    def _put_all_that_is_due(self, plans: Mapping[str, Schedule], context: EditionContext) -> bool:
        """Whether there was time for all of it, and it was this process's to do."""
        self._reports, self._asked = [], False
        self._began = self.clock()
        if self.queue is not None and not self.queue.leads():
            return False
        orders = self.store.choices.orders()
        for name, plan in plans.items():
            self._process(name, plan, orders.get(name))
        if self.pulse.stopping():
            return False
        # Between editions, too: many feeds hold their latest items only, and the others would be gone by tomorrow.
        now = self.clock()
        self._ahead = _soon(plans, now=now, lead=context.fetch.round)
        if self.queue is None:
            self._jobs.put(JobKind.COLLECT, str(Batch(number=0, of=1)))
        else:
            self.queue.put_due(context, now=now)
        return True

    def _schedules(self) -> dict[str, Schedule]:
        return schedules(self.loaded, self.store, now=self.clock(), seen=self._seen)

    def _problems(
        self, reports: Sequence[DeliveryReport], context: EditionContext, *, now: datetime, asked: bool
    ) -> Mapping[str, str]:
        """What an operator should know of feeds, editions and accounts; looked for again where something was done, or after some minutes."""
        if self._rests.problems is None or reports or asked:
            names = {feed.name for feed in context.feeds}
            self._rests.problems = open_problems(self.store, reports, feeds=names, digests=self.loaded.digests, now=now)
        return self.queue.problems(self._rests.problems) if self.queue else self._rests.problems

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

    def _process(self, name: str, plan: Schedule, order: Choice | None) -> None:
        """One digest's part of a round: a failure stops no other digest, and is retried after RETRY_AFTER, then longer."""
        before = self._failed.get(name)
        if before is not None and self.elapsed() < before.again_at:
            return
        try:
            self._put_what_is_due(name, plan, order)
        except Stopped:
            return
        except Exception as error:
            if self.queue is not None and isinstance(error, StoreUnavailable):
                raise  # it is no fault of the digest's
            times = before.times + 1 if before else 1
            # Logged when it changes: what was said five minutes ago is known.
            reason = failure_in_words(error)
            if before is None or before.reason != reason:
                log_failure(name, error)
            rest = min(RETRY_AFTER * 2 ** (times - 1), MAX_RETRY_AFTER)
            self._failed[name] = Failed(reason, self.elapsed() + rest.total_seconds(), times)
            return
        self._failed.pop(name, None)

    def _put_what_is_due(self, name: str, schedule: Schedule, order: Choice | None) -> None:
        editions = self.store.editions
        now = self.clock()
        held = order is not None and order.kind is ChoiceKind.HOLD
        if held or (order is None and self._rests.rests(name, now=now)):
            self._put_what_is_open(name)
            return
        done = settled(editions, name, now=now)
        slot = due_slot(now, schedule, done)
        # First of all: once the edition that is due is settled, those before it no longer show as missed.
        for past in missed_slots(now, schedule, done):
            missed = name_for(editions, name, past, schedule)
            editions.set_state(name, missed, EditionState.MISSED)
            LOG.warning(
                "digest=%s edition=%s missed: at %s digestbot was not running, or it was held", name, missed, past.at
            )
            self._rests.problems = None
        if slot is not None:
            self._put_edition(name, name_for(editions, name, slot, schedule), slot.due)
            return
        if order is not None:
            target = target_at(editions, name, schedule, at=now, force=True)
            if not target.made:
                self._put_edition(name, target.name, now)
                return
            self.store.choices.withdraw(name)
            LOG.warning("digest=%s edition=%s was to go at once, and was made before", name, target.name)
        self._rests.rest(name, schedule, now=now)
        self._put_what_is_open(name)

    def _put_edition(self, name: str, edition: date, due: datetime) -> None:
        self._rests.forget()
        key = str(EditionKey(digest=name, edition=edition))
        self._due[key] = due
        self._jobs.put(JobKind.MAKE, key)

    def _put_what_is_open(self, name: str) -> None:
        if self.queue is None and self.store.outbox.is_open(digest=name):
            self._jobs.put(JobKind.DELIVER, name)

    def _make(self, key: str) -> None:
        """Make an edition and deliver it, by this process."""
        wanted, now = EditionKey.parse(key), self.clock()
        spec = wiring.digest_spec(wanted.digest, self.loaded.digests[wanted.digest], self.loaded)
        monitor = heartbeat(self.loaded)
        monitor.start()
        try:
            due = self._due.pop(key, now)
            # One cutoff for all that a round makes: digests with the same items share their grouping.
            cutoff = max(self._began or now, due)
            notices = lateness(now, due, spec)
            outcome = run(spec, self._current_context(), at=cutoff, day=wanted.edition, notices=notices)
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
        LOG.info("digest=%s edition=%s %s", spec.name, wanted.edition, outcome.edition.state)
        self._reports += [outcome.report] if outcome.report else []

    def _deliver(self, digest: str) -> None:
        """Deliver what is open of a digest, by this process."""
        spec = wiring.digest_spec(digest, self.loaded.digests[digest], self.loaded)
        self._reports.append(deliver_pending(spec, self._current_context()))

    def _collect(self, _batch: str) -> None:
        """Ask every feed that is due, by this process."""
        read = collect_between(self._current_context(), ahead=self._ahead)
        self._asked = read.feeds > read.skipped

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
            self._refuse(str(error), before)
            return
        if wiring.place_of_data(fresh) != wiring.place_of_data(self.loaded):
            self._refuse("DIGESTBOT_DATA, DATABASE_URL or JOBS has changed: restart digestbot", before)
            return
        if config_fingerprint(self.loaded) != before:
            return  # an editor is still writing it: the next round reads it whole
        # Channels hold the old accounts and the pauses after their refusals: the new settings get new ones.
        self.close()
        self.loaded, self._fingerprint = fresh, config_fingerprint(fresh)
        self._failed, self._refused = {}, {}  # the new file may have fixed what failed: every digest is tried at once
        digests, topics = ", ".join(fresh.digests), len(fresh.topics)
        LOG.info("configuration reloaded from %s; digests: %s; %d topics", fresh.path, digests, topics)

    def _refuse(self, reason: str, fingerprint: ConfigFingerprint) -> None:
        """Say once, and to the operator, why a changed file is not taken up."""
        self._fingerprint = fingerprint
        self._refused = tell_refused(reason)

    def close(self) -> None:
        if self._context is not None:
            for channel in self._context.channels.values():
                channel.close()
        self._context = None


def _soon(plans: Mapping[str, Schedule], *, now: datetime, lead: timedelta) -> datetime | None:
    """When the next edition of any digest is due, where that is near enough to ask its feeds for it."""
    due = min((next(next_slots(now, plan)).due for plan in plans.values()), default=None)
    return due if due is not None and due - now <= lead else None
