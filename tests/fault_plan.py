"""What goes wrong in a life of the delivering process, decided by a seed alone.

A life is one edition to a few recipients in every channel, and up to three blows while it is delivered. The same seed and
number give the same life, so what broke a promise can be repeated. fault_world.py carries it out.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Fault(StrEnum):
    """The rows."""

    KILL = "kill"
    STOP = "stop"
    FREEZE = "freeze"
    RESTART = "restart"
    CUT = "cut"
    AHEAD = "clock ahead"
    BACK = "clock back"
    DISK = "disk full"
    DESCRIPTORS = "no descriptors"


class Moment(StrEnum):
    """Where in the delivery of a recipient."""

    BEFORE_CLAIM = "before claim"
    AFTER_CLAIM = "after claim"
    BEFORE_ACCEPT = "before accept"  # the message is about to be handed over
    IN_MID_SEND = "in mid-send"  # the server has taken it, and has not answered
    AFTER_ACCEPT = "after accept"
    BEFORE_OUTCOME = "before outcome"
    AFTER_OUTCOME = "after outcome"
    AT_RANDOM = "at random"


CHANNELS: Final = ("slack", "mailto", "ntfy", "file")
NAMED: Final = tuple(moment for moment in Moment if moment not in (Moment.IN_MID_SEND, Moment.AT_RANDOM))
MINUTE, HOUR, DAY = 60.0, 3600.0, 86400.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Blow:
    """One fault, at one moment.

    how: kill, stop: `once`; stop also `twice` (two SIGINT) and `silent` (the server says nothing any more).
    freeze: `process` or `database`; restart: `channel` or `database`; cut: `answer`, `request`, `channel` or `database`.
    amount: seconds, for a clock and for how long something stays away; how many descriptors are left.
    """

    fault: Fault
    channel: str
    moment: Moment
    number: int = 1  # at which delivery of that channel
    how: str = "once"
    amount: float = 0.0

    def __str__(self) -> str:
        amount = f" {self.amount:g}" if self.amount else ""
        return f"{self.fault} ({self.how}{amount}) {self.moment} of {self.channel} {self.number}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Life:
    """An edition and what happens while it is delivered."""

    name: str  # seed and number
    postgresql: bool
    blows: tuple[Blow, ...]
    recipients: int = 3  # in each channel
    lifetime: float = DAY  # seconds until deliveries expire

    def __str__(self) -> str:
        return f"{self.name} on {'PostgreSQL' if self.postgresql else 'SQLite'}: {'; '.join(map(str, self.blows))}"


def lives(seed: int, *, first: int = 0, postgresql: bool = True) -> Iterator[Life]:
    """Endless, the databases by turns where there is a PostgreSQL."""
    number = first
    while True:
        yield life(seed, number, postgresql=postgresql and number % 2 == 1)
        number += 1


def life(seed: int, number: int, *, postgresql: bool) -> Life:
    """The life of that number."""
    dice = random.Random(f"{seed}/{number}")
    blows = tuple(random_blow(dice, postgresql=postgresql) for _ in range(dice.choice((1, 1, 2, 2, 3))))
    return Life(
        name=f"{seed}/{number}",
        postgresql=postgresql,
        blows=blows,
        recipients=dice.choice((2, 4, 10)),
        lifetime=2.0 if dice.random() < 0.05 else DAY,
    )


def random_blow(  # noqa: C901 -- a table reads best as one
    dice: random.Random, *, postgresql: bool, fault: Fault | None = None, channel: str = ""
) -> Blow:
    """A blow of any kind, or of this fault and on this channel."""
    fault = fault or dice.choice(tuple(Fault))
    if not channel:
        # Nobody serves a folder: without a PostgreSQL there is nothing to restart or to cut.
        away = fault in (Fault.RESTART, Fault.CUT) and not postgresql
        channel = dice.choice(CHANNELS[:-1] if away else CHANNELS)
    how, moments, amount = "once", NAMED, 0.0
    served = channel != "file"  # by a server that can go away
    both = ("database",) if postgresql else ()
    match fault:
        case Fault.KILL | Fault.STOP:
            moments = (*NAMED, Moment.AT_RANDOM, *((Moment.IN_MID_SEND,) if served else ()))
            if fault is Fault.STOP:
                how = dice.choices(("once", "twice", "silent" if served else "once"), (14, 4, 2))[0]
                amount = 0.05
        case Fault.FREEZE:
            how, amount = dice.choice(("process", *both)), 1.2
            if how == "process" and served:
                moments = (*NAMED, Moment.IN_MID_SEND)
        case Fault.RESTART:
            how, amount = dice.choice(("channel", *both) if served or not both else both), dice.uniform(0.05, 1.0)
            moments = (*NAMED, *((Moment.IN_MID_SEND,) if served else ()))
        case Fault.CUT:
            how = dice.choice(("answer", "request", "channel", *both) if served else both or ("channel",))
            moments = (Moment.AFTER_CLAIM,) if how in ("answer", "request") else moments
            if how in ("channel", "database") and served:
                moments = (*NAMED, Moment.IN_MID_SEND)
        case Fault.AHEAD | Fault.BACK:
            sign = 1 if fault is Fault.AHEAD else -1
            amount = sign * dice.choice((11 * MINUTE, 3 * HOUR, 14 * HOUR, 29 * DAY))
        case Fault.DESCRIPTORS:
            amount = dice.randrange(0, 7)
    return Blow(
        fault=fault, channel=channel, moment=dice.choice(moments), number=dice.randint(1, 2), how=how, amount=amount
    )
