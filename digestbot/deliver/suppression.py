"""Addresses that edition after edition found to be no more are not tried for ever.

Mail to addresses that do not exist is what senders of spam are known by: it harms what everybody else is sent.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

from ..model import DeliveryState, Recipient
from ..ports import Outbox

EDITIONS: Final = 3  # in a row, after which an address is given up


def suppressed(outbox: Outbox, digest: str, days: Sequence[date]) -> Mapping[Recipient, str]:
    """Recipients of a digest that are not to be tried any more, and why.

    A delivery that was sent again and arrived ends it: the ledger is all there is to remember.

    Args:
        outbox: the ledger.
        digest: its name.
        days: its editions that went out, newest first.
    """
    if len(days) < EDITIONS:
        return {}
    last, *before = ({row.recipient: row for row in outbox.refused(digest=digest, day=day)} for day in days[:EDITIONS])
    return {
        recipient: row.error
        if row.state is DeliveryState.CANCELLED
        else f"not tried, for {EDITIONS} editions in a row it was in vain: {row.error}; take the address out, "
        f"or try it again with: digestbot resend {digest} --to {recipient}"
        for recipient, row in last.items()
        if all(recipient in refused for refused in before)
    }
