"""What `serve` puts into the queue where workers do the work: the batches of hosts that are due, and what has lost its job."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from ..collect.politeness import is_due
from ..collect.turns import may_be_due
from ..edition.context import EditionContext
from ..model import JobKind
from ..ports import Store
from ..store.queue import JobQueue
from .queue_work import batches
from .shared_clock import DatabaseClock
from .workers_status import SEEN_WITHIN

_LEADER: Final = "scheduler"
_LEADS_SECONDS: Final = 70.0  # two rounds: then another machine's scheduler goes on


@dataclass(frozen=True, slots=True, kw_only=True)
class DueJobs:
    """Of one scheduler, of several at most one of which leads: to put twice does no harm, it is only in vain."""

    jobs: JobQueue
    store: Store
    clock: DatabaseClock

    def leads(self) -> bool:
        """Whether this scheduler is the one that puts what is due."""
        self.clock.ask()
        leases = self.store.leases
        mine = leases.renew([_LEADER], seconds=_LEADS_SECONDS) or leases.take([_LEADER], seconds=_LEADS_SECONDS)
        return bool(mine)

    def problems(self, found: Mapping[str, str]) -> dict[str, str]:
        """What an operator should know: of accounts and digests what the workers say that use and make them."""
        told = (line.partition(": ") for one in self.store.workers.seen(within=SEEN_WITHIN) for line in one.problems)
        others = {subject: reason for subject, reason in found.items() if not subject.startswith("account ")}
        return others | {subject: reason for subject, _, reason in told}

    def put_due(self, context: EditionContext, *, now: datetime) -> None:
        """A job for each batch with a feed that is due, and for whatever is open and has none."""
        interval = context.fetch.interval
        due = [
            feed
            for feed, state in may_be_due(context.feeds, self.store.items, at=now, interval=interval)
            if is_due(state, now, interval=feed.interval or interval, between=True)
        ]
        for batch in batches(due, of=len(context.feeds)):
            self.jobs.put(JobKind.COLLECT, str(batch))
        self.jobs.make_whole()
