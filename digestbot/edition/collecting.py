"""The feeds of an edition, asked at its cutoff; and those that are due between editions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from ..collect import PollResult, collect
from ..model import Feed
from .context import EditionContext


def collect_for(
    context: EditionContext, *, at: datetime, feeds: Sequence[Feed] | None = None, alone: bool = False
) -> PollResult:
    """Poll the feeds that are due at an edition's cutoff, for as long as its round may take.

    Args:
        context: what the edition is made with.
        at: its cutoff.
        feeds: those of a part, where others ask the rest; all by default.
        alone: it is a copy of the store, which nobody else works on.
    """
    return collect(
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
    return collect(
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
