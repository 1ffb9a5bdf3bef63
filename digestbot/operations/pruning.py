"""What nothing will need again is deleted, once a day."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from ..ports import Store

LOG = logging.getLogger("digestbot")
KEEP_FOR = timedelta(days=90)  # items, three times as long as an edition looks back; and what came back
KEEP_COUNTED = timedelta(days=40)  # of days that are over: a month is looked back on, and a little later, too
KEEP_ASKED = timedelta(days=30)  # who never confirmed; a link is good for two days
KEEP_ROWS = timedelta(days=400)  # what was sent to whom: a year, and the month in which somebody asks for it


def prune(store: Store, *, now: datetime, keep_bodies: timedelta) -> None:
    """Delete old items, bodies, deliveries, and what is kept of readers and operators."""
    items = store.items.prune(before=now - KEEP_FOR)
    store.outbox.prune(before=(now - keep_bodies).date())
    store.outbox.forget(before=(now - KEEP_ROWS).date())
    store.leases.prune()
    store.workers.prune()
    store.counts.prune(before=(now - KEEP_COUNTED).date())
    store.vectors.prune(before=now - KEEP_FOR)
    store.returned.prune(before=now - KEEP_FOR)
    store.subscribers.forget_unconfirmed(before=now - KEEP_ASKED)
    store.choices.forget(before=now - KEEP_FOR)
    store.changes.forget(before=now - KEEP_ROWS)
    if items:
        LOG.info("pruned %d items older than %d days", items, KEEP_FOR.days)
