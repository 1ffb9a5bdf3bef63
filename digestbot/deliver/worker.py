"""One call that works off the outbox: rounds over the open deliveries, with short waits between them."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, MutableMapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from ..model import FINAL, Delivery, DeliveryState, ReaderWords
from ..ports import Accounts, Channel, Outbox, PacedChannel, Progress
from .attempt import DeliveryAttempts
from .lanes import Lanes
from .patience import PatientOutbox, Waits
from .remembered import LISTED

_PAGE = 500  # rows


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveryReport:
    """What became of the deliveries that were open. Payloads are left out, since thousands of them fill the memory."""

    settled: tuple[Delivery, ...] = ()  # in a final state now; of each channel's that were sent the first thousand
    more_sent: int = 0  # besides those
    waiting: tuple[Delivery, ...] = ()  # still open, to be tried again: the first thousand
    more_waiting: int = 0  # besides those
    held: frozenset[str] = frozenset()  # keys of those that another live process is sending
    stopped: Mapping[str, str] = field(default_factory=dict)  # channels whose account failed, and why

    @property
    def sent(self) -> tuple[Delivery, ...]:
        return tuple(delivery for delivery in self.settled if delivery.state is DeliveryState.SENT)

    @property
    def sent_count(self) -> int:
        return len(self.sent) + self.more_sent

    @property
    def waiting_count(self) -> int:
        return len(self.waiting) + self.more_waiting

    @property
    def ok(self) -> bool:
        """Whether everything has arrived, apart from what was cancelled or is in another process's hands."""
        arrived = all(delivery.state in (DeliveryState.SENT, DeliveryState.CANCELLED) for delivery in self.settled)
        held = all(delivery.key in self.held for delivery in self.waiting) and not self.more_waiting
        return arrived and held and not self.stopped


def _pages(outbox: PatientOutbox, paused: Callable[[], frozenset[str]], which: Mapping[str, Any]) -> Iterator[Delivery]:
    """The open deliveries, in pages: a hundred thousand would fill the memory before the first is sent.

    Behind the first page nothing is read that its channel's pause would leave alone.
    """
    last, without = None, frozenset[str]()
    while page := outbox.open(**which, after=last, limit=_PAGE, without=without):
        yield from page
        if len(page) < _PAGE:
            return
        last, without = page[-1], paused()


def deliver(
    outbox: Outbox,
    channels: Mapping[str, Channel],
    *,
    now: Callable[[], datetime],
    digest: str | None = None,
    day: date | None = None,
    numbers: range | None = None,
    sleep: Callable[[float], object] = time.sleep,
    stop: Callable[[], bool] = lambda: False,
    max_wait: float = 60.0,
    claim_timeout: float = 0.0,
    channel_backoff: MutableMapping[str, datetime] | None = None,
    progress: Progress | None = None,
    words: Callable[[Delivery], ReaderWords | None] = lambda _delivery: None,
    accounts: Accounts | None = None,
) -> DeliveryReport:
    """Work off every open delivery, of all digests or of one.

    Args:
        outbox: where the deliveries are.
        channels: by the recipients' scheme; closed before this returns.
        now: the real time, also for an edition of an earlier day: claims and deadlines are compared with it.
        digest: only this digest's deliveries.
        day: only this edition's.
        numbers: only those of these numbers, where others deliver the rest.
        sleep: waits that many seconds.
        stop: asked before each delivery; once it is true the rest stays pending.
        max_wait: seconds this call may wait in all, for services and for the database; what would take longer is left for
            the next call.
        claim_timeout: seconds for which a claim of another process is left alone; 0 when there is no other process.
        channel_backoff: channels that are not to be tried before a time. Keep it between calls with the same channels, and
            pass an empty one with new channels, so that a corrected token is used at once.
        progress: gets a step for every delivery that ends.
        words: what stands in one mail alone, by its delivery.
        accounts: where it is kept how far the accounts have come; without it none has a pace.

    Raises:
        StoreError: the outbox could not be read or written. A delivery that was being sent stays claimed, and the next
            call finds out whether it arrived.
    """
    which: dict[str, Any] = {"digest": digest, "day": day} | ({} if numbers is None else {"numbers": numbers})
    waits = Waits(max_wait, sleep, stop)
    patient = PatientOutbox(outbox, waits)
    backoff = {} if channel_backoff is None else channel_backoff
    attempts = DeliveryAttempts(
        patient,
        channels,
        now=now,
        claim_timeout=claim_timeout,
        channel_backoff=backoff,
        words=words,
        accounts=accounts,
    )
    paced = {
        name: Lanes(
            name,
            [
                (lane.account, attempts.through(lane, PatientOutbox(outbox, Waits(max_wait, sleep, stop))))
                for lane in channel.lanes
            ],
            rests=backoff.get,
            now=now,
            stop=stop,
            progress=progress,
        )
        for name, channel in channels.items()
        if accounts is not None and isinstance(channel, PacedChannel)
    }

    def paused() -> frozenset[str]:
        return attempts.paused() | {name for name, lanes in paced.items() if lanes.rest()}

    try:
        attempts.take_up()
        while True:
            sender: DeliveryAttempts | Lanes = attempts
            for delivery in _pages(patient, paused, which):
                if stop():
                    break
                before, sender = sender, paced.get(delivery.recipient.channel, attempts)
                if sender is not before:
                    before.record_sent()  # else it would wait for the next claim of its own channel
                if isinstance(sender, Lanes):
                    sender.process(delivery)
                    continue
                outcome = sender.process(delivery)
                if progress is not None and outcome.state in FINAL:
                    progress.step(f"{outcome.recipient}: {outcome.state}")
            for lanes in paced.values():
                lanes.settle()
            found = [attempts.next_wait(), *(lanes.next_wait() for lanes in paced.values())]
            wait = min((one for one in found if one is not None), default=None)
            if wait is None or not waits.wait(wait):
                break
    finally:
        _end(attempts, paced.values(), channels.values())
    waiting = patient.open(**which, limit=LISTED)
    more = patient.count_open(digest=digest, day=day) - len(waiting) if len(waiting) == LISTED else 0
    all_attempts = [attempts, *(one for lanes in paced.values() for one in lanes.attempts)]
    return DeliveryReport(
        settled=tuple(delivery for one in all_attempts for delivery in one.ended.listed),
        more_sent=sum(one.ended.more_sent for one in all_attempts),
        waiting=waiting,
        more_waiting=max(more, 0),
        held=attempts.held_elsewhere(waiting),
        stopped=dict(attempts.stopped),
    )


def _end(attempts: DeliveryAttempts, paced: Iterable[Lanes], channels: Iterable[Channel]) -> None:
    """Record what was sent last, and close every connection, whatever fails of it."""
    with ExitStack() as stack:
        for channel in channels:
            stack.callback(channel.close)
        for lanes in paced:
            stack.callback(lanes.end)
        stack.callback(attempts.record_sent)
