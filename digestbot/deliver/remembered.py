"""What one call that delivers remembers: what attempts have shown, and what has ended."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final

from ..model import Delivery, DeliveryState, Recipient

LISTED: Final = 1000  # deliveries that a report lists; the others it counts
MessageId = tuple[str, date, Recipient, int]  # of one message to one recipient, with all its parts


def message_id(delivery: Delivery) -> MessageId:
    return delivery.digest, delivery.edition, delivery.recipient, delivery.revision


@dataclass(slots=True)
class Known:
    """What the attempts of one call have shown, over whichever connection; keys are of deliveries."""

    stopped: dict[str, str] = field(default_factory=dict)  # accounts that failed, and why
    lost_answers: dict[str, str] = field(default_factory=dict)  # deliveries of this call without an answer: why
    next_checks: dict[str, datetime] = field(default_factory=dict)  # when to ask again whether a delivery arrived
    seen: dict[tuple[str, int], datetime] = field(
        default_factory=dict
    )  # claims without an outcome: when each was seen first
    blocked: set[MessageId] = field(default_factory=set)  # an earlier part is still open: the later ones wait, in order


@dataclass(slots=True)
class Ended:
    """What has come to a final state, for the report."""

    listed: list[Delivery] = field(default_factory=list)
    more_sent: int = 0  # besides those
    _sent: Counter[str] = field(default_factory=Counter)  # by channel

    def add(self, settled: Delivery) -> None:
        """Whatever did not arrive is listed; of what did, enough."""
        if settled.state is DeliveryState.SENT:
            channel = settled.recipient.channel
            self._sent[channel] += 1
            if self._sent[channel] > LISTED:
                self.more_sent += 1
                return
        self.listed.append(settled)
