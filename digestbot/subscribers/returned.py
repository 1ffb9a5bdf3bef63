"""What comes back, from the mailbox to a suppression, in two steps that may be cut off anywhere and done again.

First mails are read, kept and marked; then what is kept is judged and settled. Calls of providers are kept as they come.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import datetime
from itertools import islice
from typing import Final, NamedTuple

from ..model import ReturnedMail, ReturnKind
from ..ports import ReturnedMailbox, ReturnedMails, Suppressor, UnreadMail
from .bounce_mail import read_returned_mail
from .judge import reason_to_suppress

_AT_ONCE: Final = 20  # mails that are kept and marked together: what a kill has read again
_MOST_MAILS: Final = 500  # of one round, so that others have their turn
_MOST_EVENTS: Final = 500


class Read(NamedTuple):
    """What one round found in the mailbox."""

    mails: int
    kept: int  # events that were not known


class Suppressed(NamedTuple):
    """An address that nothing is sent to from now on."""

    address: str
    reason: str


def read_returned(
    mailbox: ReturnedMailbox,
    *,
    keep: Callable[[Sequence[ReturnedMail]], int],
    secrets: Iterable[bytes],
    now: datetime,
    stop: Callable[[], bool] = lambda: False,
    limit: int = _MOST_MAILS,
) -> Read:
    """Read mails that nobody has read, and mark them when what they say was kept.

    Args:
        mailbox: where they lie. It is left open.
        keep: keeps events durably; how many were new.
        secrets: the keys of the MACs in our return paths.
        now: the time.
        stop: whether to end after the mails at hand.
        limit: mails of one round.

    Raises:
        TemporaryFailure, PermanentFailure: the mailbox cannot be read now, or until somebody mends it.
        StoreError: they could not be kept; they are read again.
    """
    known, mails, kept = tuple(secrets), 0, 0
    for some in _batches(mailbox.unread(limit=limit), _AT_ONCE):
        kept += keep([event for mail in some for event in read_returned_mail(mail.data, secrets=known, now=now)])
        mailbox.mark_read([mail.name for mail in some])
        mails += len(some)
        if stop():
            break
    return Read(mails, kept)


def follow_up(
    returned: ReturnedMails,
    suppressor: Suppressor,
    *,
    unsubscribe: Callable[[ReturnedMail], object],
    now: datetime,
) -> tuple[Suppressed, ...]:
    """Do what follows from what came back and nothing was made of yet.

    Args:
        returned: where it is kept.
        suppressor: keeps mail from an address.
        unsubscribe: is given each wish to unsubscribe. Where that is not `proven`, its `token` may be, by whoever makes those.
        now: the time.

    Returns:
        Those addresses that were not suppressed before.
    """
    made: list[Suppressed] = []
    while events := returned.open(limit=_MOST_EVENTS):
        for one in events:
            if one.kind is ReturnKind.UNSUBSCRIBE:
                unsubscribe(one)
        for address in dict.fromkeys(one.recipient or one.address for one in events if one.proven):
            reason = reason_to_suppress(returned.of_address(address))
            with suppress(ValueError):  # a provider's word for an address that is none: nobody is written to there
                if reason and suppressor.suppress(address, reason, now=now):
                    made.append(Suppressed(address, reason))
        returned.settle([one.id for one in events])
    return tuple(made)


def _batches(mails: Iterator[UnreadMail], size: int) -> Iterator[list[UnreadMail]]:
    while some := list(islice(mails, size)):
        yield some
