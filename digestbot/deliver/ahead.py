"""Deliveries that one connection claims before their turn: one sync of the disk for many mails.

As many as are sent within moments, so that a lease is never half over. Whoever leaves a list meanwhile gets nothing all the same.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Sequence
from datetime import datetime, timedelta
from functools import partial
from itertools import islice
from typing import Final

from ..model import Account, Delivery, DeliveryState
from ..ports import ClaimsAhead
from .patience import PatientOutbox, steady_seconds
from .remembered import MessageId, message_id

MOST: Final = 256  # at a time
_FRESH_SECONDS: Final = 1.0  # what has waited longer is given back
_QUICK_SECONDS: Final = 0.25  # more are claimed as long as they are all sent within this
_SOON: Final = timedelta(minutes=1)


def may_follow(deliveries: Iterable[Delivery], *, now: datetime, unless: Container[MessageId]) -> list[Delivery]:
    """Those of the next ones that are sent soon, as far as one knows: due now, not at their deadline, no reply to a first part."""
    return [
        delivery
        for delivery in islice(tuple(deliveries), MOST)  # another thread may add to them
        if delivery.state is DeliveryState.PENDING
        and not delivery.part
        and (delivery.deadline is None or delivery.deadline > now + _SOON)
        and (delivery.not_before is None or delivery.not_before <= now)
        and message_id(delivery) not in unless
    ]


class Ahead:
    """Claims of one connection.

    Args:
        outbox: how patient it is with the database.
        claims: where they are made.
    """

    def __init__(self, outbox: PatientOutbox, claims: ClaimsAhead) -> None:
        self._outbox, self._claims = outbox, claims
        self._waiting: dict[str, Delivery | None] = {}  # what its claim came to, by key
        self._size = 8  # before the first ones show how quick the server is
        self.began = 0.0  # when the claims were made, by `steady_seconds`
        self.begin = claims.begin
        self.sent = claims.sent
        self.close = claims.close

    def claim(
        self, delivery: Delivery, following: Callable[[], Sequence[Delivery]], *, now: datetime, account: Account | None
    ) -> Delivery | None:
        """As `ports.Outbox.claim`, together with some of what follows, whose turn comes next."""
        age = steady_seconds() - self.began
        if delivery.key in self._waiting and age <= _FRESH_SECONDS:
            mine = self._waiting.pop(delivery.key)
            if mine is None or mine.state is not DeliveryState.SENDING:
                return mine
            return self._outbox.patiently(partial(self._claims.still, mine, now=now))
        if age <= _QUICK_SECONDS:
            self._size = min(self._size * 2, MOST)
        elif self.began and age > _FRESH_SECONDS:
            self._size = max(self._size // 2, 1)
        if self._waiting:
            self.give_back()
        asked = (delivery, *following()[: self._size - 1])
        self.began = steady_seconds()
        claimed = self._outbox.patiently(lambda: self._claims.claim(asked, now=now, account=account))
        first, *others = claimed
        if first is None or first.state is not DeliveryState.PENDING:
            self._waiting = {row.key: one for row, one in zip(asked[1:], others, strict=False)}
        return first

    def waiting(self, delivery: Delivery) -> Delivery | None:
        """The claim that waits for its turn, as `claim` will return it then unless it has become old or its reader has left."""
        mine = self._waiting.get(delivery.key)
        return mine if mine is not None and mine.state is DeliveryState.SENDING else None

    def give_back(self) -> None:
        """Let others have what is not sent, and record what is.

        Raises:
            StoreError: not now; what is noted is not lost.
        """
        self._waiting.clear()
        self._outbox.for_an_outcome(self._claims.give_back)
