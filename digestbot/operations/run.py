"""Every digest asked for, once: what breaks one harms no other, a monitor is called, alerts are sounded."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime

from ..app import wiring
from ..app.zones import parse_time
from ..edition.context import DigestSpec, EditionContext
from ..edition.pipeline import Outcome, log_failure, run
from ..errors import ConfigError
from ..ports import Progress, Store
from ..settings import Loaded
from .alerts import alarm, troubles
from .heartbeat import ping


def run_once(
    specs: Iterable[DigestSpec], loaded: Loaded, store: Store, progress: Progress, *, at: str | None, max_wait: float
) -> tuple[list[Outcome], dict[str, str]]:
    """Collect, make and deliver: how each ended, and by the digest's name what broke it.

    Args:
        specs: what to make.
        loaded: where it goes, who is told when it fails.
        store: the real one.
        progress: told how it goes.
        at: the editions' moment as an ISO time; now where it is left out.
        max_wait: seconds a run may wait for a far side that is not ready.
    """
    context = replace(wiring.edition_context(loaded, store, progress, sending=True), max_wait=max_wait)
    monitor = ping(loaded)
    monitor.start()
    outcomes, broken = _each(specs, context, at)
    if broken or any(outcome.failed for outcome in outcomes):
        monitor.fail()
    else:
        monitor.success()
    now, reports = datetime.now(UTC), [outcome.report for outcome in outcomes if outcome.report]
    names = {feed.name for feed in context.feeds}
    found = troubles(store, reports, feeds=names, digests=loaded.digests, now=now)
    found |= {f"digest {name}": reason for name, reason in broken.items()}
    alarm(loaded, store, context.channels).notify(found, now=now)
    return outcomes, broken


def _each(specs: Iterable[DigestSpec], context: EditionContext, at: str | None) -> tuple[list[Outcome], dict[str, str]]:
    outcomes, broken = [], {}
    for spec in specs:
        try:
            outcomes.append(run(spec, context, at=parse_time(at, spec.timezone)))
        except ConfigError:
            raise
        except Exception as error:  # noqa: BLE001 -- whatever it is, the others go out
            broken[spec.name] = log_failure(spec.name, error)
    return outcomes, broken
