"""The daemon: every half minute it asks what is due, and does that. Truth lives in the store, never in a timer."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from ..app import wiring
from ..app.feeds import configured_feeds
from ..app.storage import working_store
from ..app.zones import schedule_for
from ..collect import collect
from ..deliver import DeliveryReport
from ..edition.context import DigestSpec, EditionContext
from ..edition.pipeline import finish, log_failure, run
from ..edition.schedule import Schedule, due, due_at, missed
from ..errors import ConfigError, DigestbotError
from ..model import EditionState
from ..ports import Store
from ..render import sent_late
from ..settings import ConfigFingerprint, Loaded, config_fingerprint
from .alerts import AlertNotifier, alarm, troubles
from .heartbeat import ping
from .logs import LoggedProgress
from .ticker import tick_forever

LOG = logging.getLogger("digestbot")
LATE = timedelta(minutes=15)  # from here on an edition says that it is late
AGAIN = timedelta(minutes=5)  # until a digest that failed is tried again
KEPT = timedelta(days=90)  # how long items and the bytes of what was sent are kept


@dataclass(slots=True, kw_only=True)
class Service:
    """One daemon on one data folder."""

    read: Callable[[], Loaded]  # reads the configuration; raises ConfigError
    loaded: Loaded
    store: Store
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    stop: threading.Event = field(default_factory=threading.Event)  # once set, the delivery under way is the last one
    _broken: dict[str, tuple[str, datetime]] = field(default_factory=dict, init=False)  # why, and until when it rests
    _tidied: date | None = field(default=None, init=False)
    _fingerprint: ConfigFingerprint = field(default=(), init=False)
    _context: EditionContext | None = field(default=None, init=False)
    _alarm: AlertNotifier = field(init=False)

    def __post_init__(self) -> None:
        self._fingerprint = config_fingerprint(self.loaded)

    def tick(self) -> None:
        """One look at everything that may be due. Never raises: a broken round must not stop the next one."""
        try:
            self._reload()
            context = self._furnished()
            reports = [report for name in self.loaded.digests if (report := self._attend(name, context)) is not None]
            now = self.clock()
            collect(context.feeds, self.store.items, now=now, clock=now, options=context.fetch)
            names = {feed.name for feed in context.feeds}
            found = troubles(self.store, reports, feeds=names, digests=self.loaded.digests, now=now)
            broken = {f"digest {name}": reason for name, (reason, _) in self._broken.items()}
            self._alarm.notify(found | broken, now=now)
            self._tidy(now)
        except DigestbotError as error:
            LOG.error("%s", error)  # noqa: TRY400 -- it says what, which and why; a traceback would hide that
        except Exception:
            LOG.exception("a round failed; the next one begins in half a minute")

    def _attend(self, name: str, context: EditionContext) -> DeliveryReport | None:
        """One digest's part of a round: what breaks it harms no other, and is tried again after a while."""
        if name in self._broken and self.clock() < self._broken[name][1]:
            return None
        digest = self.loaded.digests[name]
        try:
            report = self._tend(wiring.digest_spec(name, digest, self.loaded), schedule_for(digest), context)
        except Exception as error:  # noqa: BLE001 -- whatever it is, the others go out
            self._broken[name] = log_failure(name, error), self.clock() + AGAIN
            return None
        self._broken.pop(name, None)
        return report

    def _tend(self, spec: DigestSpec, schedule: Schedule, context: EditionContext) -> DeliveryReport | None:
        editions = self.store.editions
        now = self.clock()
        done = editions.dates(spec.name)
        for gone in missed(now, schedule, done):
            editions.set_state(spec.name, gone, EditionState.MISSED)
            LOG.warning("digest=%s edition=%s missed: nothing was running at %s", spec.name, gone, schedule.at)
        day = due(now, schedule, done)
        if day is None:
            return finish(spec, context) if self.store.outbox.open(digest=spec.name) else None
        monitor = ping(self.loaded)
        monitor.start()
        try:
            outcome = run(spec, context, at=now, day=day, notices=_lateness(now, due_at(day, schedule), spec))
        except Exception:
            monitor.fail()
            raise
        if outcome.failed:
            monitor.fail()
        else:
            monitor.success()
        if outcome.no_feed_readable:
            LOG.error("digest=%s edition=%s no feed could be read; trying again", spec.name, day)
        else:
            LOG.info("digest=%s edition=%s %s", spec.name, day, outcome.edition.state)
        return outcome.report

    def _tidy(self, now: datetime) -> None:
        """Once a day, forget what nobody will ask for again."""
        if self._tidied != now.date():
            self._tidied = now.date()
            items = self.store.items.prune(before=now - KEPT)
            self.store.outbox.prune(before=(now - KEPT).date())
            if items:
                LOG.info("tidied: %d items older than %d days", items, KEPT.days)

    def _furnished(self) -> EditionContext:
        if self._context is None:
            self._context = wiring.edition_context(
                self.loaded,
                self.store,
                LoggedProgress(),
                sending=True,
                clock=self.clock,
                stop=self.stop.is_set,
                sleep=self.stop.wait,
            )
            self._alarm = alarm(self.loaded, self.store, self._context.channels)
        return self._context

    def _reload(self) -> None:
        """Apply a changed configuration whole, or not at all."""
        before = config_fingerprint(self.loaded)
        if before == self._fingerprint:
            return
        try:
            fresh = self.read()
            wiring.require_deliverable(fresh, wiring.digest_specs(fresh))
            configured_feeds(fresh)
        except ConfigError as error:
            self._fingerprint = before
            LOG.error("%s; the last good configuration stays", error)  # noqa: TRY400 -- as above
            return
        if config_fingerprint(self.loaded) != before:
            return  # it is being written; the next round reads it whole
        self.close()
        self.loaded, self._fingerprint, self._broken = fresh, config_fingerprint(fresh), {}
        digests, topics = ", ".join(fresh.digests), len(fresh.topics)
        LOG.info("configuration read again from %s; digests: %s; %d topics", fresh.path, digests, topics)

    def close(self) -> None:
        if self._context is not None:
            for channel in self._context.channels.values():
                channel.close()
        self._context = None


def _lateness(now: datetime, planned: datetime, spec: DigestSpec) -> tuple[str, ...]:
    if now - planned < LATE:
        return ()
    return (sent_late(now, planned, timezone=spec.timezone, language=spec.language),)


def serve(read: Callable[[], Loaded], data: Path, *, stop: threading.Event) -> None:
    """Run until `stop` is set.

    Raises:
        ConfigError: the configuration is wrong at the start.
        StoreError: another process works on this data folder.
    """
    loaded = read()
    wiring.require_deliverable(loaded, wiring.digest_specs(loaded))
    with ExitStack() as stack:
        store = stack.enter_context(working_store(loaded, data))
        service = Service(read=read, loaded=loaded, store=store, stop=stop)
        stack.callback(service.close)
        LOG.info(
            "serving %d digests from %d feeds; data in %s", len(loaded.digests), len(configured_feeds(loaded)), data
        )
        tick_forever(service.tick, stop=stop)
    LOG.info("stopped")
