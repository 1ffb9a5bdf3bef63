"""The figures of a store in the text format of Prometheus: base units, no address and no name of a feed in a label."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric

from .. import __version__
from ..app.feeds import configured_feeds
from ..model import EditionState, JobKind
from ..operations.workers_status import SEEN_WITHIN
from ..ports import Store
from ..settings import Loaded

CONTENT_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"
_EDITIONS: Final = 400  # of a digest: what is counted


def figures(store: Store, loaded: Loaded, *, now: datetime) -> bytes:
    """All of them, as they are now."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Figures(store, loaded, now))
    return generate_latest(registry)


class _Figures:
    """What prometheus-client asks for the figures."""

    def __init__(self, store: Store, loaded: Loaded, now: datetime) -> None:
        self._store, self._loaded, self._now = store, loaded, now

    def collect(self) -> Iterator[Metric]:
        build = GaugeMetricFamily("digestbot_build_info", "The version that runs.", labels=["version"])
        build.add_metric([__version__], 1)
        yield build
        yield self._feeds()
        yield from self._editions()
        yield from self._deliveries()
        yield self._subscriptions()
        if self._loaded.settings.jobs == "cluster":
            yield self._workers()
            yield self._jobs_waiting()

    def _feeds(self) -> Metric:
        """By how they are: ok, failing, new (never asked)."""
        known, failing = self._store.items.sources(), self._store.items.failing()
        counts = {"ok": 0, "failing": 0, "new": 0}
        for feed in configured_feeds(self._loaded):
            counts["failing" if feed.name in failing else "ok" if feed.name in known else "new"] += 1
        found = GaugeMetricFamily("digestbot_feeds", "Feeds and pages by their last reading.", labels=["health"])
        for health, number in counts.items():
            found.add_metric([health], number)
        return found

    def _editions(self) -> Iterator[Metric]:
        made = GaugeMetricFamily(
            "digestbot_editions",
            f"The newest {_EDITIONS} editions of each digest by state.",
            labels=["digest", "state"],
        )
        last = GaugeMetricFamily(
            "digestbot_last_edition_timestamp_seconds",
            "Until when the newest edition that was made tells.",
            labels=["digest"],
        )
        for digest in self._loaded.digests:
            history = self._store.editions.history(digest, limit=_EDITIONS)
            for state in EditionState:
                made.add_metric([digest, state.value], sum(one.state is state for one in history))
            ready = next((one for one in history if one.state in (EditionState.READY, EditionState.DONE)), None)
            if ready is not None:
                last.add_metric([digest], ready.until.timestamp())
        yield made
        yield last

    def _deliveries(self) -> Iterator[Metric]:
        """Of the newest edition of each digest: what an alert asks is whether that has reached everybody."""
        found = GaugeMetricFamily(
            "digestbot_deliveries",
            "Deliveries of the newest edition of each digest, by state.",
            labels=["digest", "channel", "state"],
        )
        for digest in self._loaded.digests:
            newest = next(iter(self._store.editions.history(digest, limit=1)), None)
            if newest is None:
                continue
            counted: dict[tuple[str, str], int] = {}
            for one in self._store.ledger.counts(digest=digest, edition=newest.date, now=self._now):
                place = one.channel, one.state.value
                counted[place] = counted.get(place, 0) + one.deliveries
            for (channel, state), number in sorted(counted.items()):
                found.add_metric([digest, channel, state], number)
        yield found

    def _subscriptions(self) -> Metric:
        found = GaugeMetricFamily("digestbot_subscriptions", "Readers of lists by state.", labels=["list", "state"])
        for (name, state), number in sorted(self._store.subscribers.counts(now=self._now).items()):
            found.add_metric([name, state.value], number)
        return found

    def _workers(self) -> Metric:
        """Processes that do each kind of job, and how many of them have one: all of them for long means too few."""
        found = GaugeMetricFamily("digestbot_workers", "Processes that share the work.", labels=["kind", "state"])
        alive = self._store.workers.seen(within=SEEN_WITHIN)
        for kind in JobKind:
            of_kind = [one for one in alive if one.kind == kind]
            busy = sum(bool(one.key) for one in of_kind)
            found.add_metric([kind.value, "busy"], busy)
            found.add_metric([kind.value, "idle"], len(of_kind) - busy)
        return found

    def _jobs_waiting(self) -> Metric:
        found = GaugeMetricFamily(
            "digestbot_jobs_waiting", "Jobs that may be done now and that no process has begun.", labels=["kind"]
        )
        for kind, number in self._store.workers.waiting().items():
            found.add_metric([kind.value], number)
        return found
