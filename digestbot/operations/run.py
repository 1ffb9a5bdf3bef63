"""Every digest asked for, once: what breaks one harms no other, a monitor is called, alerts are sounded."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime

from ..app import wiring
from ..app.zones import moment
from ..edition.context import Desk, Recipe
from ..edition.pipeline import Outcome, mishap, run
from ..errors import ConfigError
from ..ports import Progress, Store
from ..settings import Loaded
from .alerts import alarm, troubles
from .heartbeat import ping


def run_once(
    recipes: Iterable[Recipe], loaded: Loaded, store: Store, progress: Progress, *, at: str | None, patience: float
) -> tuple[list[Outcome], dict[str, str]]:
    """Collect, make and deliver: how each ended, and by the digest's name what broke it.

    Args:
        recipes: what to make.
        loaded: where it goes, who is told when it fails.
        store: the real one.
        progress: told how it goes.
        at: the editions' moment as an ISO time; now where it is left out.
        patience: seconds a run may wait for a far side that is not ready.
    """
    desk = replace(wiring.desk(loaded, store, progress, sending=True), patience=patience)
    monitor = ping(loaded)
    monitor.start()
    outcomes, broken = _each(recipes, desk, at)
    if broken or any(outcome.failed for outcome in outcomes):
        monitor.fail()
    else:
        monitor.success()
    now, reports = datetime.now(UTC), [outcome.report for outcome in outcomes if outcome.report]
    names = {feed.name for feed in desk.feeds}
    found = troubles(store, reports, feeds=names, digests=loaded.digests, now=now)
    found |= {f"digest {name}": reason for name, reason in broken.items()}
    alarm(loaded, store, desk.channels).sound(found, now=now)
    return outcomes, broken


def _each(recipes: Iterable[Recipe], desk: Desk, at: str | None) -> tuple[list[Outcome], dict[str, str]]:
    outcomes, broken = [], {}
    for recipe in recipes:
        try:
            outcomes.append(run(recipe, desk, at=moment(at, recipe.timezone)))
        except ConfigError:
            raise
        except Exception as error:  # noqa: BLE001 -- whatever it is, the others go out
            broken[recipe.name] = mishap(recipe.name, error)
    return outcomes, broken
