"""One poll of all feeds: those that are due are asked, read and saved; whatever fails becomes a Failure."""

from __future__ import annotations

import asyncio
import gc
import logging
import math
import time
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import aclosing, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from typing import TypeVar

from ..errors import Stopped, StoreUnavailable
from ..model import Failure, Feed, FeedState
from ..ports import Items, Leases, Progress
from ..text.web_addresses import masked
from .feed_decisions import Save
from .host_claims import HostClaims
from .options import FetchOptions
from .politeness import is_due, remembered_state
from .reader_reasons import for_readers
from .renamed import all_known, renamed_feeds
from .source_name import source_name

LATE = "had not answered yet when this digest was made"
_LOG = logging.getLogger(__name__)
T = TypeVar("T")
_LOOK_SECONDS = 0.2  # between two looks at whether to stop
_ASK_AGAIN_SECONDS = 1.0  # a database that restarts needs a few seconds
_NEVER = datetime.min.replace(tzinfo=UTC)
_GC_THRESHOLD_OBJECTS = 20_000
_MAX_FEEDS_PER_TRANSACTION = 32  # so many are lost at most when the process is killed; they are asked again then


@dataclass(frozen=True, slots=True, kw_only=True)
class PollResult:
    """The outcome of a poll."""

    feeds: int = 0  # all that are configured
    failed: int = 0  # their last attempt failed, in this poll or before; all of them: nothing could be collected
    new: int = 0  # items seen for the first time
    skipped: int = 0  # not asked: not due yet, or their host has asked to wait
    failures: tuple[Failure, ...] = ()
    readable: frozenset[str] = field(default=frozenset(), compare=False)  # every name of each feed that did not fail


def collect(
    feeds: Sequence[Feed],
    items: Items,
    *,
    now: datetime,
    options: FetchOptions | None = None,
    progress: Progress | None = None,
    force: bool = False,
    clock: datetime | None = None,
    ahead: datetime | None = None,
    stop: Callable[[], bool] = lambda: False,
    max_seconds: float = math.inf,
    max_wait: float = 0.0,
    between: bool = False,
    leases: Leases | None = None,
    configured: Sequence[Feed] | None = None,
) -> PollResult:
    """Ask every feed that is due and save its items, each feed whole or not at all.

    Args:
        feeds: their names are unique.
        items: the store.
        now: when new items were first seen, aware; the moment of an edition, which may be past.
        options: limits and politeness.
        progress: called for every feed asked.
        force: ask also those that are not due (but never one that is gone for good).
        clock: wall time, aware, which decides what is due and which dates are credible; by default now, or `now` if later.
        ahead: when an edition is to be made soon: a feed whose next turn falls after it is asked before it, where half of its
            interval has passed and it has not asked to be left alone.
        stop: asked several times a second; once it is true the rest is given up.
        max_seconds: after so many the rest is given up: these feeds are late and stay due. Those not asked at all come first next time.
        max_wait: for so many seconds a store that is unavailable is asked again.
        between: no edition is being made: a file, which is read in every other poll, is read as often as a feed of the web.
        leases: by which processes that share a database agree who asks a host; without them nobody else asks.
        configured: all feeds, where these are a part of them: what others are called is known by all of them alone.

    Raises:
        StoreError: the store failed; what was saved before stays saved.
        Stopped: it was unavailable when `stop` became true.
        ConfigError: `options.allow_private` holds something that is not a CIDR range.
    """
    wall = clock or max(now, datetime.now(UTC))
    with _rare_garbage_collection():
        return asyncio.run(
            _poll(
                feeds,
                items,
                now=now,
                clock=wall,
                options=options or FetchOptions(),
                progress=progress,
                force=force,
                ahead=ahead,
                stop=stop,
                max_seconds=max_seconds,
                patience=_Patience(max_wait, stop),
                between=between,
                leases=leases,
                configured=configured,
            )
        )


@contextmanager
def _rare_garbage_collection() -> Iterator[None]:
    # Items are in no reference cycles. Looking for cycles after every 700 objects, Python's default, takes a tenth of a
    # poll, and a fifth of one without news.
    before = gc.get_threshold()
    gc.set_threshold(_GC_THRESHOLD_OBJECTS, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)


async def _poll(
    feeds: Sequence[Feed],
    items: Items,
    *,
    now: datetime,
    clock: datetime,
    options: FetchOptions,
    progress: Progress | None,
    force: bool,
    ahead: datetime | None,
    stop: Callable[[], bool],
    max_seconds: float,
    patience: _Patience,
    between: bool,
    leases: Leases | None,
    configured: Sequence[Feed] | None,
) -> PollResult:
    # Of a part its own alone: there may be a hundred thousand.
    own = items.states if configured is None else partial(items.states, [feed.name for feed in feeds])
    remembered = await _remembered(feeds, feeds if configured is None else configured, own, items, patience)
    states = {feed.name: remembered_state(feed, remembered.get(feed.name)) for feed in feeds}
    asked = [
        feed
        for feed in feeds
        if is_due(states[feed.name], clock, interval=feed.interval or options.interval, ahead=ahead, between=between)
        or (force and not states[feed.name].gone)
    ]
    # Those that were read longest ago first: a feed that was passed over once is not passed over again.
    asked.sort(key=lambda feed: states[feed.name].checked or _NEVER)
    if progress:
        progress.stage("collect", total=len(asked))
    new = deferred = 0
    unread = {feed.name: feed for feed in asked}
    no_time = set[str]()  # of their host's was left for them
    begun = set[str]()
    late_at = time.monotonic() + max_seconds
    claims = HostClaims(asked, states, leases, own, options, waits=not between)
    reading = _read(
        asked, states, options, clock, stop=stop, late_at=late_at, begun=begun, claims=claims, patience=patience
    )
    async with aclosing(reading) as batches:
        async for batch in batches:
            known_now = [save for save in batch if not save.late]
            no_time.update(save.feed.name for save in batch if save.late)
            readings = [(save.state, save.items) for save in known_now if not save.elsewhere]
            new += await patience.ask(partial(items.save_all, readings, now=now)) if readings else 0
            for save in batch:
                claims.done(save.feed)
            for save in known_now:
                del unread[save.feed.name]
                states[save.feed.name] = save.state
                deferred += save.deferred or save.elsewhere
                if progress:
                    progress.step(save.feed.title or save.state.title or save.feed.name, feed=save.feed)
    if unread and not stop():
        _LOG.warning("late: %s; they stay due, and those not asked yet come first next time", ", ".join(unread))
        # Who was asked and has not answered comes after all others then: else a host that hangs would be first in every poll.
        hanging = [replace(states[name], checked=clock) for name in unread if name in begun - no_time]
        await patience.ask(partial(items.save_all, [(state, ()) for state in hanging], now=now))
    late = {name: replace(states[name], error=states[name].error or LATE) for name in unread}
    states |= late
    result = poll_result(feeds, states, new=new, skipped=len(feeds) - len(asked) + deferred)
    if progress:
        progress.done(feeds=result.feeds, failed=result.failed, new=new)
    return result


def poll_result(
    feeds: Sequence[Feed], states: Mapping[str, FeedState], *, new: int = 0, skipped: int = 0
) -> PollResult:
    """What a poll comes to, by the states of its feeds at its end."""
    failures = tuple(_failure(feed, states[feed.name]) for feed in feeds if states[feed.name].error)
    return PollResult(
        feeds=len(feeds),
        failed=len(failures),
        new=new,
        skipped=skipped,
        failures=failures,
        readable=frozenset(
            name for feed in feeds if not states[feed.name].error for name in _names(feed, states[feed.name])
        ),
    )


async def _read(
    asked: Sequence[Feed],
    states: Mapping[str, FeedState],
    options: FetchOptions,
    clock: datetime,
    *,
    stop: Callable[[], bool],
    late_at: float,
    begun: set[str],
    claims: HostClaims,
    patience: _Patience,
) -> AsyncGenerator[list[Save], None]:
    """What the feeds brought, in batches; what is unfinished at the end is given up.

    `begun` takes the names of those that were asked at all.
    """
    if not asked:
        return
    from .feed_reader import FeedReader  # noqa: PLC0415 -- aiohttp takes half a second to import; nobody is asked in most previews

    async with FeedReader(options, clock, may_ask=claims.may_ask) as reader:
        # Through a queue, because a finished task would keep its items until the poll ends.
        done: asyncio.Queue[Save] = asyncio.Queue()

        async def read(feed: Feed) -> None:
            known = await claims.wait_for(feed)
            save = Save(feed=feed, state=known, elsewhere=True) if known else await reader.read(feed, states[feed.name])
            await done.put(save)

        tasks = [asyncio.create_task(read(feed)) for feed in asked]
        try:
            meanwhile = partial(claims.look, patience.ask)
            async for batch in _batches(done, len(tasks), stop=stop, late_at=late_at, meanwhile=meanwhile):
                yield batch
        finally:
            begun |= reader.asked
            for unfinished in tasks:
                unfinished.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await claims.close(patience.ask)


async def _remembered(
    feeds: Sequence[Feed],
    configured: Sequence[Feed],
    own: Callable[[], Mapping[str, FeedState]],
    items: Items,
    patience: _Patience,
) -> Mapping[str, FeedState]:
    """What is stored of every feed, under the names that they have today."""
    remembered = await patience.ask(own)
    if all_known(feeds, remembered):
        return remembered
    renamed = renamed_feeds(configured, remembered if configured is feeds else await patience.ask(items.states))
    if not renamed:
        return remembered
    await patience.ask(partial(items.rename_feeds, renamed))
    for old, name in renamed.items():
        _LOG.info("feed %s is called %s now; its items go with it", old, name)
    return await patience.ask(own)


async def _batches(
    done: asyncio.Queue[Save],
    left: int,
    *,
    stop: Callable[[], bool],
    late_at: float,
    meanwhile: Callable[[], Awaitable[None]],
) -> AsyncIterator[list[Save]]:
    """What was read, as it comes, until all of it is there, `stop` says so, or it is too late.

    What has been read already is not late, however long it took to save what came before.
    """
    while left and not stop() and (time.monotonic() < late_at or not done.empty()):
        await meanwhile()
        try:
            batch = [await asyncio.wait_for(done.get(), _LOOK_SECONDS)]
        except TimeoutError:
            continue
        while not done.empty() and len(batch) < _MAX_FEEDS_PER_TRANSACTION:
            batch.append(done.get_nowait())
        left -= len(batch)
        yield batch


@dataclass(slots=True)
class _Patience:
    """Asks the store again while it is unavailable. The feeds' answers come in meanwhile."""

    left: float  # seconds in all
    stop: Callable[[], bool]

    async def ask(self, store: Callable[[], T]) -> T:
        told = False
        while True:
            began = time.monotonic()
            try:
                return store()
            except StoreUnavailable as error:
                if self.stop():
                    raise Stopped("stopped by a signal; the next run goes on from here") from None
                if self.left < _ASK_AGAIN_SECONDS:
                    raise
                if not told:
                    _LOG.warning("%s Trying again.", error)
                    told = True
            for _ in range(round(_ASK_AGAIN_SECONDS / _LOOK_SECONDS)):
                if not self.stop():
                    await asyncio.sleep(_LOOK_SECONDS)
            self.left -= time.monotonic() - began  # a server that hangs takes its time to say nothing


def _failure(feed: Feed, state: FeedState) -> Failure:
    return Failure(source=_names(feed, state)[0], reason=for_readers(state.error), detail=state.error)


def _names(feed: Feed, state: FeedState) -> tuple[str, ...]:
    """Every name that readers may have seen this feed under, the current one first.

    Before its first success a feed has no title, so an earlier digest may have named it by its key.
    """
    own = source_name(state.title, feed.url) if state.title else ""
    return tuple(filter(None, (feed.title, own, feed.name, masked(feed.url))))
