"""The feeds of an edition, asked at its cutoff."""

from __future__ import annotations

from datetime import datetime

from ..collect import PollResult, collect
from .context import EditionContext


def collect_for(context: EditionContext, *, at: datetime, alone: bool = False) -> PollResult:
    """Poll the feeds that are due at an edition's cutoff; `alone` on a copy of the store, which nobody else works on."""
    return collect(
        context.feeds,
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
    )
