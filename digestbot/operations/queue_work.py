"""What each kind of job does: asks a batch of hosts, makes an edition, delivers a range of one.

Each looks in the store first whether it is still to be done, and claims it there: a job is only a hint.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import copy_context
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import urlsplit

from ..app import wiring
from ..collect.polled import polled, unread
from ..deliver import DeliveryReport
from ..edition.collecting import collect_between, collect_for
from ..edition.context import DigestSpec, EditionContext
from ..edition.delivering import deliver_open
from ..edition.failures import failure_in_words, log_failure
from ..edition.pipeline import claim, make
from ..edition.planning import name_for, settled, target_at
from ..edition.schedule import Schedule, due_slot
from ..errors import CollectError, Stopped
from ..model import Batch, ChoiceKind, Edition, EditionKey, EditionState, Feed, JobKind
from ..ports import Jobs, Store
from ..settings import Loaded
from .heartbeat import heartbeat
from .lateness import lateness
from .logs import LoggedProgress
from .planner import schedules
from .slots import NoSlotError, Slots, with_slots
from .workers_status import SEEN_WITHIN

LOG = logging.getLogger("digestbot")
_FEEDS_PER_BATCH: Final = 500
_LEASE_SECONDS: Final = 30.0  # of an edition that is made; renewed as long as its process lives
_LOOK_SECONDS: Final = 1.0  # between two looks whether its feeds are read
_READ_A_SECOND: Final = 500  # feeds, at most, by all workers: a look at ten thousand takes a third of a second
_RETRY_AFTER: Final = timedelta(minutes=5)  # an edition that could not be made
_HELD: Final = timedelta(seconds=10)  # before an edition that another process has is looked at again
_PATIENCE_SECONDS: Final = 20.0  # of a job, for services and the database: for what takes longer it comes again
_LONGEST_REST: Final = 60.0  # before a range with something open is looked at again


@dataclass(slots=True, kw_only=True)
class QueueWork:
    """The work of one process, by kinds: each has a context of its own, for each is done by a thread of its own."""

    loaded: Callable[[], Loaded]  # the configuration in use; the same object as long as it has not changed
    store: Store
    jobs: Jobs
    slots: Slots
    stop: threading.Event
    clock: Callable[[], datetime]  # of the database, for all machines alike
    problems: Mapping[JobKind, dict[str, str]]  # what an operator should know, by kind and subject
    _contexts: dict[JobKind, tuple[Loaded, EditionContext]] = field(default_factory=dict, init=False)

    def of(self, kind: JobKind) -> Callable[[str], None]:
        """What does a job of this kind."""
        return {JobKind.COLLECT: self.collect, JobKind.MAKE: self.make, JobKind.DELIVER: self.deliver}[kind]

    def close(self) -> None:
        """End the connections of its channels."""
        for _, context in self._contexts.values():
            for channel in context.channels.values():
                channel.close()

    def collect(self, key: str) -> None:
        """Ask those feeds of a batch that are due, for the edition that it names or for the next."""
        batch = Batch.parse(key)
        context = self._context(JobKind.COLLECT)
        feeds = [feed for feed in context.feeds if batch.holds(host_of(feed))]
        if batch.edition is None:
            collect_between(context, feeds=feeds, max_wait=_PATIENCE_SECONDS)
        elif edition := self._claimed(batch.edition):
            collect_for(context, at=edition.until, feeds=feeds)

    def make(self, key: str) -> None:
        """Make an edition once its feeds are read, or it is too late to wait for them."""
        wanted, loaded, now = EditionKey.parse(key), self.loaded(), self.clock()
        lease = f"edition {key}"
        if wanted.digest not in loaded.digests:
            return
        if not self.store.leases.take([lease], seconds=_LEASE_SECONDS):
            self._make_again(wanted, after=_HELD)  # whoever has it may be about to die
            return
        rest = timedelta()
        again: timedelta | None = None
        spec = wiring.digest_spec(wanted.digest, loaded.digests[wanted.digest], loaded)
        try:
            with self._kept(lease):
                again = self._make(spec, wanted, loaded, now=now)
            self.problems[JobKind.MAKE].pop(f"digest {wanted.digest}", None)
        except Stopped:
            again = timedelta()
        except Exception as error:  # noqa: BLE001 -- whatever it is, it is tried again later, by whoever comes then
            self.problems[JobKind.MAKE][f"digest {wanted.digest}"] = log_failure(
                f"{wanted.digest} edition={wanted.edition}", error
            )
            heartbeat(loaded).fail()
            rest = again = _RETRY_AFTER
        finally:
            self.store.leases.leave([lease], rest=rest.total_seconds())
        if again is not None:
            self._make_again(wanted, after=again)  # behind the lease, or who comes at once finds it taken

    def _make_again(self, wanted: EditionKey, *, after: timedelta) -> None:
        self.jobs.put(JobKind.MAKE, str(wanted), not_before=self.clock() + after)

    def _make(self, spec: DigestSpec, wanted: EditionKey, loaded: Loaded, *, now: datetime) -> timedelta | None:
        """Returns how long to wait for its feeds; None where there is nothing more to do."""
        context = self._context(JobKind.MAKE)
        schedule = schedules(loaded, self.store, now=now, names=[spec.name])[spec.name]
        due = self._due(wanted, schedule, now=now)
        if due is None:
            return None  # it is made, or another is due by now, or an operator holds it
        edition = claim(spec, context, at=now, day=wanted.edition)
        ends = edition.until + context.fetch.round
        items = self.store.items
        missing = unread(context.feeds, items, since=edition.until, interval=context.fetch.interval)
        if missing and now < ends:
            for batch in batches(missing, of=len(context.feeds)):
                self.jobs.put(JobKind.COLLECT, str(replace(batch, edition=wanted)))
            return min(timedelta(seconds=max(_LOOK_SECONDS, len(missing) / _READ_A_SECOND)), ends - now)
        # Long after its round nobody has asked them for it: whoever began it has died.
        abandoned = missing and now - ends > context.fetch.round
        collected = (
            collect_for(context, at=edition.until)
            if abandoned
            else polled(context.feeds, items, late={feed.name for feed in missing})
        )
        monitor = heartbeat(loaded)
        monitor.start()
        notices = lateness(now, due, spec)
        made = make(spec, context, at=edition.until, day=wanted.edition, notices=notices, collected=collected)
        if made.no_feed_readable:
            raise CollectError("no feed could be read; it is tried again in five minutes")
        monitor.success()
        self.store.choices.withdraw(spec.name)
        LOG.info("digest=%s edition=%s made", spec.name, wanted.edition)
        return None

    def _due(self, wanted: EditionKey, schedule: Schedule, *, now: datetime) -> datetime | None:
        """Since when this edition is due, also where an operator wants it at once; None where it is not to be made."""
        editions, order = self.store.editions, self.store.choices.orders().get(wanted.digest)
        if order is not None and order.kind is ChoiceKind.HOLD:
            return None
        slot = due_slot(now, schedule, settled(editions, wanted.digest, now=now))
        if slot is not None and name_for(editions, wanted.digest, slot, schedule) == wanted.edition:
            return slot.due
        target = target_at(editions, wanted.digest, schedule, at=now, force=True) if order is not None else None
        return now if target is not None and not target.made and target.name == wanted.edition else None

    def deliver(self, key: str) -> None:
        """Deliver what is open of a range; it comes again where something stays open."""
        wanted = EditionKey.parse(key)
        context = self._context(JobKind.DELIVER)
        outbox, digest, day = self.store.outbox, wanted.digest, wanted.edition
        try:
            with with_slots(context.channels, self.slots, stop=self.stop, among=self._delivering) as channels:
                within = {"digest": digest, "day": day, "numbers": wanted.numbers}
                report = deliver_open(context, channels, **within)
        except NoSlotError:
            # Others hold all connections to the accounts: who comes next finds one free.
            self.jobs.put(JobKind.DELIVER, key, not_before=self.clock() + timedelta(seconds=_LOOK_SECONDS))
            return
        LOG.info(
            "digest=%s edition=%s range=%s sent=%d open=%d",
            digest,
            day,
            wanted.part,
            report.sent_count,
            report.waiting_count,
        )
        self._note_accounts(report)
        if report.waiting_count:
            again = min((one.not_before for one in report.waiting if one.not_before), default=None)
            rest = (again - self.clock()).total_seconds() if again else _LOOK_SECONDS * 5
            rest = min(max(rest, _LOOK_SECONDS), _LONGEST_REST)
            self.jobs.put(JobKind.DELIVER, key, not_before=self.clock() + timedelta(seconds=rest))
        elif not outbox.open(digest=digest, day=day, limit=1):
            self._done(wanted)

    def _delivering(self) -> int:
        """How many processes deliver at this moment, this one among them."""
        seen = self.store.workers.seen(within=SEEN_WITHIN)
        return sum(one.kind == JobKind.DELIVER and bool(one.key) for one in seen) or 1

    def _note_accounts(self, report: DeliveryReport) -> None:
        known = self.problems[JobKind.DELIVER]
        works = {delivery.recipient.channel for delivery in report.sent}
        for subject in [subject for subject in known if subject.split()[1].partition("/")[0] in works]:
            del known[subject]
        known |= {f"account {name}": reason for name, reason in report.stopped.items()}

    def _done(self, wanted: EditionKey) -> None:
        edition = self.store.editions.get(wanted.digest, wanted.edition)
        if edition is not None and edition.state is EditionState.READY:
            self.store.editions.set_state(wanted.digest, wanted.edition, EditionState.DONE)
            LOG.info("digest=%s edition=%s done", wanted.digest, wanted.edition)

    def _claimed(self, wanted: EditionKey) -> Edition | None:
        edition = self.store.editions.get(wanted.digest, wanted.edition)
        return edition if edition is not None and edition.state is EditionState.CLAIMED else None

    def _context(self, kind: JobKind) -> EditionContext:
        """Made once for each configuration."""
        loaded = self.loaded()
        known = self._contexts.get(kind)
        if known is None or known[0] is not loaded:
            if known is not None:
                for channel in known[1].channels.values():
                    channel.close()
            context = wiring.edition_context(
                loaded,
                self.store,
                LoggedProgress(),
                # What freezes an edition asks the channels, too.
                sending=kind is not JobKind.COLLECT,
                resumes=False,
                clock=self.clock,
                stop=self.stop.is_set,
                sleep=self.stop.wait,
                max_wait=_PATIENCE_SECONDS,
            )
            known = self._contexts[kind] = (loaded, context)
        return known[1]

    @contextmanager
    def _kept(self, lease: str) -> Iterator[None]:
        """The lease is renewed as long as the block lasts: grouping takes a minute, and asks nobody meanwhile."""
        ended = threading.Event()

        def renew() -> None:
            while not ended.wait(_LEASE_SECONDS / 3):
                try:
                    self.store.leases.renew([lease], seconds=_LEASE_SECONDS)
                except Exception as error:  # noqa: BLE001 -- whoever takes it over publishes first, or second, which does nothing
                    LOG.warning("%s: %s", lease, failure_in_words(error))

        thread = threading.Thread(target=copy_context().run, args=(renew,), name="lease", daemon=True)
        thread.start()
        try:
            yield
        finally:
            ended.set()
            thread.join()


def host_of(feed: Feed) -> str:
    """What a feed is put into a batch by: those of one host go into one."""
    return urlsplit(feed.url).hostname or feed.url


def batches(feeds: Iterable[Feed], *, of: int) -> tuple[Batch, ...]:
    """The batches that hold at least one of these feeds, where there are `of` in all."""
    count = -(-of // _FEEDS_PER_BATCH) or 1
    every = (Batch(number=number, of=count) for number in range(count))
    hosts = {host_of(feed) for feed in feeds}
    return tuple(batch for batch in every if any(batch.holds(host) for host in hosts))
