"""A store beside the one that is used: what is sent from it is recorded nowhere else."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace

from sqlalchemy import insert

from ..model import Recipient
from ..ports import Store
from .opening import Stores
from .schema import accounts
from .scratch import empty_store


@contextmanager
def store_aside(known: Store, recipients: Collection[Recipient]) -> Iterator[Stores]:
    """An empty store to send to these recipients from; it is deleted at the end.

    It knows what is known of the accounts, so that a test keeps their pace, and which of the recipients nothing is sent to. No
    account rests: its settings may have been mended.

    Raises:
        StoreError: what is known cannot be read.
    """
    states = [asdict(replace(one, rests_until=None, why="")) for one in known.accounts.states().values()]
    suppressed = known.suppressions.suppressed({one.address for one in recipients})
    with empty_store() as own:
        if states:
            with own.database.writing() as connection:
                connection.execute(insert(accounts), states)
        for address, one in suppressed.items():
            own.suppressions.suppress(address, one.reason, now=one.since)
        yield own
