"""The feeds of an edition, asked at its cutoff; and those that are due between editions. Whoever asks counts the words of days that are over."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from ..collect import PollResult, collect
from ..model import Feed
from .context import EditionContext
from .counted_days import count_days

_COUNTING: Final = "words of days"  # the lease of who counts them
_COUNTS_FOR: Final = 60.0  # seconds at most; usually two
# Seconds, once all is counted: of a million items a look whether one was not takes a third of a second.
_RESTS: Final = 600.0


def collect_for(
    context: EditionContext,
    *,
    at: datetime,
    since: datetime | None = None,
    feeds: Sequence[Feed] | None = None,
    alone: bool = False,
) -> PollResult:
    """Poll the feeds that are due at an edition's cutoff, for as long as its round may take.

    Args:
        context: what the edition is made with.
        at: its cutoff.
        since: the beginning of its window, where it is made next: what it looks back on is counted at once.
        feeds: those of a part, where others ask the rest; all by default.
        alone: it is a copy of the store, which nobody else works on.
    """
    result = collect(
        context.feeds if feeds is None else feeds,
        context.store.items,
        now=at,
        # The real time, for politeness and for dates that cannot be true; a cutoff in the future counts as reached.
        clock=max(at, context.clock()),
        options=context.fetch,
        progress=context.progress,
        stop=context.stop,
        max_seconds=context.fetch.round.total_seconds(),
        max_wait=context.max_wait,
        leases=None if alone else context.store.leases,
        configured=context.feeds if feeds is not None else None,
    )
    if alone:
        return result
    if since is None:
        _count_now_and_then(context, result)
    else:
        count_days(context.store, until=at, before=since, stop=context.stop)
    return result


def collect_between(
    context: EditionContext,
    *,
    feeds: Sequence[Feed] | None = None,
    ahead: datetime | None = None,
    max_wait: float = 0.0,
) -> PollResult:
    """Poll the feeds that are due now, for whichever edition comes next.

    Many feeds hold their latest items only, and the others would be gone by the next edition.

    Args:
        context: whose feeds.
        feeds: those of a part, where others ask the rest; all by default.
        ahead: when an edition is to be made soon; see `collect`.
        max_wait: for so many seconds a store that is unavailable is asked again.
    """
    now = context.clock()
    result = collect(
        context.feeds if feeds is None else feeds,
        context.store.items,
        now=now,
        clock=now,
        options=context.fetch,
        ahead=ahead,
        stop=context.stop,
        max_wait=max_wait,
        between=True,
        leases=context.store.leases,
        configured=context.feeds if feeds is not None else None,
    )
    _count_now_and_then(context, result)
    return result


def _count_now_and_then(context: EditionContext, result: PollResult) -> None:
    """By one process at a time, where a feed was asked: so a day is counted soon after it is over, long before an edition needs it."""
    leases, now = context.store.leases, context.clock()
    if result.feeds == result.skipped or context.stop() or not leases.take([_COUNTING], seconds=_COUNTS_FOR):
        return
    more = count_days(context.store, until=now, before=now, stop=context.stop)
    leases.leave([_COUNTING], rest=0 if more else _RESTS)
