"""Addresses that do not exist any more are suppressed: after some editions in a row nothing is sent to them.

Mail providers judge a sender by how much mail goes to addresses that do not exist: it gets everybody else's mail
filtered as spam.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

from ..model import DeliveryState, Recipient
from ..ports import Outbox

# One refusal may be a mistake of the server's; three editions are three days of a daily digest.
MAX_FAILED_EDITIONS: Final = 3


def suppressed_recipients(outbox: Outbox, digest: str, days: Sequence[date]) -> Mapping[Recipient, str]:
    """Recipients of a digest that nothing is sent to any more, and why.

    There is no counter to keep true: the outbox says it. So a `resend` that arrives ends the suppression.

    Args:
        outbox: where the deliveries are.
        digest: its name.
        days: the dates of its editions that went out, newest first.
    """
    if len(days) < MAX_FAILED_EDITIONS:
        return {}
    gone = [
        {row.recipient: row for row in outbox.refused(digest=digest, day=day)} for day in days[:MAX_FAILED_EDITIONS]
    ]
    newest, *earlier = gone
    return {
        recipient: row.error
        # A suppressed delivery holds this sentence already: it is passed on, not wrapped once more each day.
        if row.state is DeliveryState.CANCELLED
        else f"suppressed after {MAX_FAILED_EDITIONS} failed editions: {row.error}; remove the address, "
        f"or try it again with: digestbot resend {digest} --to {recipient}"
        for recipient, row in newest.items()
        if all(recipient in refused for refused in earlier)
    }
