"""How one connection claims what it sends, at its account's pace, and records what arrived with the next claim."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from ..model import Account, Delivery, DeliveryState
from .ahead import Ahead
from .patience import PatientOutbox, steady_seconds


class Claimer:
    """Claims of one connection.

    Args:
        outbox: where the deliveries are.
        now: the real time.
        account: through which they are sent, of a channel that has some.
        ahead: claims of several at a time, where outcomes can be kept beside the database.
    """

    def __init__(
        self, outbox: PatientOutbox, *, now: Callable[[], datetime], account: Account | None, ahead: Ahead | None
    ) -> None:
        self._outbox, self._now, self._account, self._ahead = outbox, now, account, ahead
        self._sent: Delivery | None = None  # to be recorded together with the next claim
        self.began = 0.0  # when the last claim began, by `steady_seconds`

    def claim(self, delivery: Delivery, following: Callable[[], Sequence[Delivery]]) -> Delivery | None:
        """As `ports.Outbox.claim`, once its account's bucket has filled up again; a rest, which takes longer, is not waited for.

        Args:
            delivery: whose turn it is.
            following: what may be claimed with it.
        """
        while True:
            moment = self._now()
            claimed = self._claim(delivery, following, moment)
            if claimed is None or claimed.state is not DeliveryState.PENDING or claimed.not_before is None:
                return claimed
            if not self._outbox.wait_at_pace((claimed.not_before - moment).total_seconds()):
                return claimed

    def _claim(
        self, delivery: Delivery, following: Callable[[], Sequence[Delivery]], moment: datetime
    ) -> Delivery | None:
        if self._ahead is not None:
            claimed = self._ahead.claim(delivery, following, now=moment, account=self._account)
            self.began = self._ahead.began
            return claimed
        self.began = steady_seconds()
        sent, self._sent = self._sent, None  # recorded, whatever becomes of the claim
        return self._outbox.claim(delivery, now=moment, sent=sent, account=self._account)

    def waiting(self, delivery: Delivery) -> Delivery | None:
        """The claim that was made of it before its turn; None where there is none by which it may be sent."""
        return self._ahead.waiting(delivery) if self._ahead is not None else None

    def begin(self, delivery: Delivery) -> None:
        """Its first byte is about to go out; raises a StoreError where that must be kept and cannot be."""
        if self._ahead is not None:
            self._ahead.begin(delivery)

    def sent(self, delivery: Delivery) -> None:
        """It arrived. Recorded with the next claim, which comes before anything else is sent: one sync of the disk for both."""
        if self._ahead is not None:
            self._ahead.sent(delivery)
        else:
            self._sent = delivery

    def record_sent(self) -> None:
        """Record the last delivery that was sent, where that still waits for the next claim, and nothing else keeps it."""
        sent, self._sent = self._sent, None
        if sent is not None:
            self._outbox.record_outcome(sent, DeliveryState.SENT, remote_id=sent.remote_id)

    def settle(self) -> None:
        """Record what was sent and give back what was claimed ahead: nothing more is sent for now."""
        self.record_sent()
        if self._ahead is not None:
            self._ahead.give_back()

    def end(self) -> None:
        """As `settle`, once nothing more is to come."""
        try:
            self.settle()
        finally:
            if self._ahead is not None:
                self._ahead.close()
