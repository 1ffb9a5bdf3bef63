"""One round over all feeds: who is due is asked, read and saved; whatever fails becomes a Failure."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

from ..model import Failure, Feed, FeedState
from ..ports import Items, Progress
from .options import FetchOptions
from .politeness import is_due, known
from .source_name import outlet

_OBJECTS = 20_000
_TOGETHER = 32  # readings at most that a kill loses, and that are asked for again then


@dataclass(frozen=True, slots=True, kw_only=True)
class PollResult:
    """What a round came to."""

    feeds: int = 0  # all that there are
    failed: int = 0  # not readable now, asked in this round or not; all of them: nothing could be collected
    new: int = 0  # items seen for the first time
    skipped: int = 0  # not due yet, or asked to wait
    failures: tuple[Failure, ...] = ()
    readable: frozenset[str] = field(default=frozenset(), compare=False)  # every name of the feeds that did not fail


def collect(
    feeds: Sequence[Feed],
    items: Items,
    *,
    now: datetime,
    options: FetchOptions | None = None,
    progress: Progress | None = None,
    force: bool = False,
    clock: datetime | None = None,
) -> PollResult:
    """Ask every feed that is due and save what it says, each feed whole or not at all.

    Args:
        feeds: their names are unique.
        items: the store.
        now: the first sight of what is new; the moment of an edition, which may be past.
        options: limits and manners.
        progress: told of every feed asked.
        force: ask also those that are not due (but never one that is gone for good).
        clock: wall time, which decides what is due and which dates are credible.

    Raises:
        StoreError: the store failed; what was saved before stays saved.
        ConfigError: `options.allow_private` holds no ranges.
    """
    wall = clock or max(now, datetime.now(UTC))
    with _patient_collector():
        return asyncio.run(
            _round(feeds, items, now=now, clock=wall, options=options or FetchOptions(), progress=progress, force=force)
        )


@contextmanager
def _patient_collector() -> Iterator[None]:
    # Items are in no cycles: looking for some after every 700 objects takes a tenth of a round, and a fifth without news.
    before = gc.get_threshold()
    gc.set_threshold(_OBJECTS, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)


async def _round(
    feeds: Sequence[Feed],
    items: Items,
    *,
    now: datetime,
    clock: datetime,
    options: FetchOptions,
    progress: Progress | None,
    force: bool,
) -> PollResult:
    from .feed_reader import Reader, Reading  # noqa: PLC0415 -- aiohttp takes half a second to import; workers do without

    remembered = items.states()
    states = {feed.name: known(feed, remembered.get(feed.name)) for feed in feeds}
    asked = [feed for feed in feeds if is_due(states[feed.name], clock) or (force and not states[feed.name].gone)]
    if progress:
        progress.stage("collect", total=len(asked))
    new = 0
    async with Reader(options, clock) as reader:
        # Through a queue, because a finished task would keep its items for as long as the round lasts.
        readings: asyncio.Queue[Reading] = asyncio.Queue()

        async def read(feed: Feed) -> None:
            await readings.put(await reader.read(feed, states[feed.name]))

        tasks = [asyncio.create_task(read(feed)) for feed in asked]
        try:
            left = len(tasks)
            while left:
                batch = [await readings.get()]
                while not readings.empty() and len(batch) < _TOGETHER:
                    batch.append(readings.get_nowait())
                left -= len(batch)
                new += items.save_all([(reading.state, reading.items) for reading in batch], now=now)
                for reading in batch:
                    states[reading.feed.name] = reading.state
                    if progress:
                        name = reading.feed.title or reading.state.title or reading.feed.name
                        progress.step(name, feed=reading.feed)
        finally:
            for unfinished in tasks:
                unfinished.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        waiting = reader.deferred
    failures = tuple(_failure(feed, states[feed.name]) for feed in feeds if states[feed.name].error)
    if progress:
        progress.done(feeds=len(feeds), failed=len(failures), new=new)
    return PollResult(
        feeds=len(feeds),
        failed=len(failures),
        new=new,
        skipped=len(feeds) - len(asked) + waiting,
        failures=failures,
        readable=frozenset(
            name for feed in feeds if not states[feed.name].error for name in _names(feed, states[feed.name])
        ),
    )


def _failure(feed: Feed, state: FeedState) -> Failure:
    return Failure(source=_names(feed, state)[0], reason=state.error)


def _names(feed: Feed, state: FeedState) -> tuple[str, ...]:
    """What readers may know a feed by, best first: before its first success it had no title of its own."""
    own = outlet(state.title, feed.url) if state.title else ""
    return tuple(filter(None, (feed.title, own, feed.name, feed.url)))
