"""The outbox through an outage: what does not answer now is asked again, for as long as a call may wait."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, TypeVar

from ..errors import StoreError, StoreUnavailable
from ..model import Account, Delivery, DeliveryState
from ..ports import Outbox

# An outcome that was heard is worth more than a call's time: without it a mail goes out twice.
OUTCOME_SECONDS: Final = 30.0
# A slow account is no trouble that a call's time is for. After so long the other digests have their turn.
PACED_SECONDS: Final = 600.0
LONGEST_PACED_SECONDS: Final = 30.0  # of one wait: what takes longer is a rest
_PAUSE_SECONDS: Final = 1.0  # between two tries: a database that restarts needs a few seconds

_log = logging.getLogger(__name__)
T = TypeVar("T")


def steady_seconds() -> float:
    """Time that only goes forward, and also while the machine sleeps."""
    clock = getattr(time, "CLOCK_BOOTTIME", None)  # Linux alone has it
    return time.monotonic() if clock is None else time.clock_gettime(clock)


@dataclass(slots=True)
class Waits:
    """How long a call may still wait in all; after a stop not at all."""

    left: float
    sleep: Callable[[float], object]
    stop: Callable[[], bool]

    def wait(self, seconds: float) -> bool:
        """Sleep, and return whether that was allowed and was not ended by a stop."""
        if self.stop() or seconds > self.left:
            return False
        self.sleep(seconds)
        self.left -= seconds
        return not self.stop()

    def patiently(self, ask: Callable[[], T]) -> T:
        """What `ask` returns, once the database answers.

        Raises:
            StoreUnavailable: it did not in time.
        """
        told = False
        while True:
            began = time.monotonic()
            try:
                return ask()
            except StoreUnavailable as error:
                took = time.monotonic() - began
                if took > _PAUSE_SECONDS:
                    self.left -= took  # a server that hangs takes its time to say nothing
                if not told and not self.stop() and self.left >= _PAUSE_SECONDS:
                    _log.warning("%s Trying again.", error)  # once: a server may be away for hours
                    told = True
                if not self.wait(_PAUSE_SECONDS):
                    raise


class PatientOutbox:
    """The calls of `ports.Outbox` that delivering needs.

    Args:
        outbox: where the deliveries are.
        waits: how long this may wait in all; shared with other waits of the same call.
    """

    def __init__(self, outbox: Outbox, waits: Waits) -> None:
        self.abandoned, self.claims_ahead = outbox.abandoned, outbox.claims_ahead
        self._outbox, self._waits = outbox, waits
        self.patiently = waits.patiently
        self.paced = PACED_SECONDS
        self.waits_at_pace = False

    def open(self, **which: Any) -> tuple[Delivery, ...]:
        return self._waits.patiently(lambda: self._outbox.open(**which))

    def count_open(self, *, digest: str | None, day: date | None) -> int:
        counts = self._waits.patiently(lambda: self._outbox.count_open(digest=digest))
        return sum(count for name, count in counts.items() if day in (None, name))

    def parent(self, delivery: Delivery) -> Delivery | None:
        return self._waits.patiently(lambda: self._outbox.parent(delivery))

    def take_up(self) -> tuple[Delivery, ...]:
        return self._waits.patiently(self._outbox.take_up)

    def claim_clock(self, now: datetime) -> datetime:
        return self._waits.patiently(lambda: self._outbox.claim_clock(now))

    def payload(self, delivery: Delivery) -> bytes:
        return self._waits.patiently(lambda: self._outbox.payload(delivery))

    def wait_at_pace(self, seconds: float) -> bool:
        """Sleep until an account may send its next mail; False where that would be too long, or everything is to end."""
        if seconds > min(self.paced, LONGEST_PACED_SECONDS) or self._waits.stop():
            return False
        self.paced -= seconds
        self.waits_at_pace = True
        try:
            self._waits.sleep(seconds)
        finally:
            self.waits_at_pace = False
        return not self._waits.stop()

    def claim(
        self, delivery: Delivery, *, now: datetime, sent: Delivery | None = None, account: Account | None = None
    ) -> Delivery | None:
        """A claim whose answer got lost is found by the next round, as one of this thread's that nobody works on."""
        if sent is not None:
            try:
                return self._outbox.claim(delivery, now=now, sent=sent, account=account)
            except StoreUnavailable as error:
                _log.warning("%s Trying again.", error)
                self.record_outcome(sent, DeliveryState.SENT, remote_id=sent.remote_id)
        return self._waits.patiently(lambda: self._outbox.claim(delivery, now=now, account=account))

    def for_an_outcome(self, ask: Callable[[], T]) -> T:
        """What `ask` returns, once the database answers; for half a minute, whatever time the call has left."""
        return Waits(OUTCOME_SECONDS, self._waits.sleep, self._waits.stop).patiently(ask)

    def record_outcome(self, delivery: Delivery, state: DeliveryState, **outcome: Any) -> Delivery:
        """As `ports.Outbox` has it; an outcome that is not recorded in half a minute is set aside.

        Raises:
            StoreError: it is not recorded.
        """
        if self._waits.stop() and self._outbox.set_aside(delivery, state, **outcome):
            # Kept before anything is asked: a database that hangs would outlast the time that a signal leaves.
            for row in self._outbox.take_up():
                if row.key == delivery.key:
                    return row
        try:
            return self.for_an_outcome(lambda: self._outbox.record_outcome(delivery, state, **outcome))
        except StoreError:
            if self._outbox.set_aside(delivery, state, **outcome):
                _log.warning(
                    "%s, part %d is %s: kept in the data folder until the database takes it",
                    delivery.recipient,
                    delivery.part,
                    state,
                )
            raise
