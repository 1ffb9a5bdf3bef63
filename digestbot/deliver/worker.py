"""One call over the outbox: rounds of attention, with waits between them that are worth it."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, MutableMapping
from dataclasses import dataclass, field
from datetime import date, datetime

from ..model import FINAL, Delivery, DeliveryState
from ..ports import Channel, Outbox, Progress
from .attempt import DeliveryAttempts


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What became of the deliveries that were open. Payloads are left out."""

    settled: tuple[Delivery, ...] = ()  # in a final state now
    waiting: tuple[Delivery, ...] = ()  # still open, to be tried again
    stopped: Mapping[str, str] = field(default_factory=dict)  # channels whose account failed, and why

    @property
    def sent(self) -> tuple[Delivery, ...]:
        return tuple(delivery for delivery in self.settled if delivery.state is DeliveryState.SENT)

    @property
    def ok(self) -> bool:
        """Everything has arrived, but for what is not tried any more."""
        arrived = all(delivery.state in (DeliveryState.SENT, DeliveryState.CANCELLED) for delivery in self.settled)
        return arrived and not self.waiting and not self.stopped


def deliver(
    outbox: Outbox,
    channels: Mapping[str, Channel],
    *,
    now: Callable[[], datetime],
    digest: str | None = None,
    day: date | None = None,
    sleep: Callable[[float], object] = time.sleep,
    stop: Callable[[], bool] = lambda: False,
    max_wait: float = 60.0,
    claim_timeout: float = 0.0,
    channel_backoff: MutableMapping[str, datetime] | None = None,
    progress: Progress | None = None,
) -> Report:
    """Work off every open delivery, of all digests or of one.

    Args:
        outbox: the ledger.
        channels: by the recipients' scheme; closed before this returns.
        now: the real time: claims and deadlines are compared with it, also while an old edition is made again.
        digest: only this digest's deliveries.
        day: only this edition's.
        sleep: waits that many seconds.
        stop: asked between deliveries; once true, the current one is finished and the rest stays pending.
        max_wait: seconds this call may spend asleep in all; what would take longer is left for the next call.
        claim_timeout: seconds for which another process may be working on what it has claimed; 0 when this one is alone.
        channel_backoff: channels that are not to be tried before a time. Keep it between calls that share channels, and begin
            a new one with new channels, so that a mended token is used at once.
        progress: told about every delivery.

    Raises:
        StoreError: the ledger failed. A delivery that was on its way stays claimed and is looked for next time.
    """
    courier = DeliveryAttempts(
        outbox,
        channels,
        now=now,
        claim_timeout=claim_timeout,
        channel_backoff={} if channel_backoff is None else channel_backoff,
    )
    slept = 0.0
    try:
        while True:
            for delivery in outbox.open(digest=digest, day=day):
                if stop():
                    break
                outcome = courier.attend(delivery)
                if progress is not None and outcome.state in FINAL:
                    progress.step(f"{outcome.recipient}: {outcome.state}")
            wait = courier.next_wait()
            if wait is None or stop() or slept + wait > max_wait:
                break
            sleep(wait)
            slept += wait
    finally:
        courier.record()
        for channel in channels.values():
            channel.close()
    waiting = outbox.open(digest=digest, day=day)
    return Report(settled=tuple(courier.settled), waiting=waiting, stopped=dict(courier.stopped))
