"""What tests of delivery share: a clock that sleeps in no time, a message, and its planned deliveries."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from memory_outbox import MemoryOutbox

from digestbot.deliver import DeliveryReport, deliver, freeze
from digestbot.model import Delivery, Digest, Message, Recipient
from digestbot.ports import Channel, Outbox

DAY = date(2026, 5, 27)


class Clock:
    """Time that passes only in `sleep`; starts at the real time, so that servers and clients agree."""

    def __init__(self) -> None:
        self.time = datetime.now(UTC)
        self.sleeps: list[float] = []

    def now(self) -> datetime:
        return self.time

    def seconds(self) -> float:
        return self.time.timestamp()

    def sleep(self, seconds: float) -> None:
        self.sleeps.append(seconds)
        self.time += timedelta(seconds=seconds)


def message(
    *,
    name: str = "morning",
    day: date = DAY,
    slack: tuple[Mapping[str, object], ...] | None = None,
    single: Mapping[str, object] | None = None,
    html: str = "",
) -> Message:
    """A small digest in all its forms."""
    digest = Digest(name=name, edition=day, since=datetime.now(UTC), until=datetime.now(UTC), title="Morning")
    section = {"type": "section", "text": {"type": "plain_text", "text": "Harbour bridge reopens"}}
    return Message(
        digest=digest,
        subject="Harbour bridge reopens – ferries return",
        html=html or "<h1>Morning</h1><p>Harbour bridge reopens after the storm – 日本語</p>",
        text="Morning\n\n.hidden dot\nHarbour bridge reopens after the storm – 日本語\n",
        slack=slack or ({"text": "Morning: Harbour bridge reopens", "blocks": [section]},),
        single=single or {},
        json=json.dumps({"digest": name, "edition": day.isoformat()}),
    )


def recipients(*addresses: str) -> tuple[Recipient, ...]:
    return tuple(Recipient(channel=text.partition(":")[0], address=text.partition(":")[2]) for text in addresses)


def planned(channel: Channel, *addresses: str, clock: Clock, of: Message | None = None) -> MemoryOutbox:
    """An outbox with the deliveries of one message to these recipients, such as `slack:#chips`."""
    return MemoryOutbox(freeze(of or message(), recipients(*addresses), {channel.name: channel}, now=clock.now()))


def finals(outbox: Outbox, channel: Channel) -> list[bytes]:
    """The final bytes of every open delivery."""
    return [channel.fill(outbox.payload(row), row) for row in outbox.open()]


def claimed(outbox: Outbox, channel: Channel, clock: Clock) -> Delivery:
    """The first open delivery, claimed, as a channel is given it."""
    delivery = outbox.claim(outbox.open()[0], now=clock.now())
    assert delivery is not None
    return replace(delivery, payload=channel.fill(delivery.payload, delivery))


def whole(outbox: Outbox, channel: Channel, **fields: Any) -> Delivery:
    """The only open delivery as a channel is given it, with its final bytes."""
    [row] = outbox.open()
    delivery = replace(row, **fields)
    return replace(delivery, payload=channel.fill(outbox.payload(row), delivery))


def work_off(outbox: Outbox, channel: Channel, clock: Clock, *, max_wait: float = 60.0) -> DeliveryReport:
    return deliver(outbox, {channel.name: channel}, now=clock.now, sleep=clock.sleep, max_wait=max_wait)


def states(outbox: MemoryOutbox) -> list[str]:
    return [str(row.state) for row in outbox.all()]
