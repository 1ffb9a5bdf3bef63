"""`digestbot check`: try everything a run will need, and say what is wrong and how to mend it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from . import app
from .collect import collect
from .errors import DeliveryError
from .ports import Progress
from .settings import Loaded, delivery_problems


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that was tried."""

    level: Literal["ok", "warning", "error"]
    subject: str  # a setting, feed or account
    message: str
    mend: str = ""

    def as_dict(self) -> dict[str, str]:
        return asdict(self)


def check(loaded: Loaded, data: Path, progress: Progress) -> Iterator[Finding]:
    """Everything that was found, in the order a run meets it. Sends nothing and keeps nothing.

    Raises:
        ConfigErrors: there is nothing to read.
    """
    recipes = app.recipes(loaded)
    where = str(loaded.path) if loaded.path else "the environment"
    names = ", ".join(recipe.name for recipe in recipes)
    yield Finding(level="ok", subject="configuration", message=f"read from {where}; digests: {names}")
    for error in delivery_problems(loaded.settings, loaded.digests):
        yield Finding(level="error", subject=error.key, message=error.reason, mend=error.mend)
    yield from _templates(loaded)
    yield from _feeds(loaded, data, progress)
    yield from _accounts(loaded)


def _templates(loaded: Loaded) -> Iterator[Finding]:
    problems = app.templates(loaded).check()
    for problem in problems:
        yield Finding(level="error", subject="templates", message=problem, mend="mend it, or remove it to use ours")
    if not problems:
        yield Finding(level="ok", subject="templates", message="complete")


def _feeds(loaded: Loaded, data: Path, progress: Progress) -> Iterator[Finding]:
    feeds = app.feeds_of(loaded)
    now = datetime.now(UTC)
    with app.throwaway_store(loaded, data) as store:
        options = app.fetch_options(loaded)
        collected = collect(feeds, store.items, now=now, clock=now, options=options, progress=progress, force=True)
    for failure in collected.failures:
        yield Finding(level="warning", subject=failure.source, message=failure.reason)
    good = collected.feeds - collected.failed
    level: Literal["ok", "error"] = "ok" if good or not feeds else "error"
    yield Finding(level=level, subject="feeds", message=f"{good} of {collected.feeds} can be read")


def _accounts(loaded: Loaded) -> Iterator[Finding]:
    for name, channel in app.channels(loaded).items():
        try:
            yield Finding(level="ok", subject=name, message=channel.probe())
        except DeliveryError as error:
            yield Finding(level="error", subject=name, message=str(error))
        finally:
            channel.close()
