"""The verdict on a life: what the services say they took, held against what the database says became of it."""

from __future__ import annotations

import re
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from delivering import DAY, message
from fault_plan import DAY as ONE_DAY
from fault_plan import Fault

from digestbot.model import FINAL, Delivery, DeliveryState

if TYPE_CHECKING:
    from fault_world import World

WAY_OUT = 15.0  # seconds that a process may take to end after a signal
_LATE = 5.0  # seconds that an attempt begun in time may take


@dataclass(slots=True)
class Tally:
    """What lives came to; two can be added."""

    lives: int = 0
    blows: Counter[str] = field(default_factory=Counter)
    combinations: Counter[str] = field(default_factory=Counter)  # fault, database and channel
    deliveries: Counter[str] = field(default_factory=Counter)  # by channel
    states: Counter[str] = field(default_factory=Counter)
    unknown: Counter[str] = field(default_factory=Counter)  # by reason
    expired: int = 0
    lost: Counter[str] = field(default_factory=Counter)  # by channel
    twice: Counter[str] = field(default_factory=Counter)
    late: Counter[str] = field(default_factory=Counter)
    copies: int = 0  # second mails
    unlike: int = 0  # of them not identical
    unexplained: int = 0  # of them without a blow while the mail was in flight
    longest_way_out: float = 0.0  # seconds
    ways_out: int = 0
    broken: list[str] = field(default_factory=list)  # promises, each with its life

    def add(self, other: Tally) -> None:
        for name in self.__slots__:
            mine, theirs = getattr(self, name), getattr(other, name)
            if isinstance(mine, Counter):
                mine.update(theirs)
            elif name == "longest_way_out":
                self.longest_way_out = max(mine, theirs)
            else:
                setattr(self, name, mine + theirs)

    def as_json(self) -> dict[str, Any]:
        return {
            name: dict(value) if isinstance(value := getattr(self, name), Counter) else value for name in self.__slots__
        }


def verdict(world: World) -> Tally:
    """What became of each delivery, by the services' own records."""
    rows = world.store.outbox.all()
    copies = _copies(world, rows)
    result = Tally(lives=1, broken=[f"{problem} (life {world.life})" for problem in world.problems])
    base = "PostgreSQL" if world.life.postgresql else "SQLite"
    result.blows.update(str(blow.fault) for blow in world.struck)
    result.combinations.update(f"{blow.fault}, {base}, {blow.channel}" for blow in world.struck)
    result.ways_out, result.longest_way_out = len(world.ways_out), max(world.ways_out, default=0.0)
    for row in rows:
        _judge(world, row, copies[row.key], result)
    _judge_mail(world, result)
    for name in ("lost", "twice", "late"):
        result.broken += [f"{name}: {n} of {where} (life {world.life})" for where, n in getattr(result, name).items()]
    if result.longest_way_out >= WAY_OUT:
        result.broken.append(f"a way out of {result.longest_way_out:.1f} s (life {world.life})")
    return result


def _copies(world: World, rows: tuple[Delivery, ...]) -> Counter[str]:
    copies = Counter(post["metadata"]["event_payload"]["key"] for post in world.slack.messages)
    copies.update(mail_key(mail.data) for mail in world.smtp.messages)
    copies.update(posted["sequence_id"] for posted in world.ntfy.messages)
    of = message(day=DAY)
    for row in rows:
        if row.recipient.channel == "file":
            folder = world.desk.out / row.recipient.address / "morning" / DAY.isoformat()
            with suppress(FileNotFoundError):
                whole = (folder / "digest.html").read_text() == of.html and (folder / "slack.json").read_text()
                copies[row.key] += bool(whole)
    return copies


def _judge(world: World, row: Delivery, copies: int, result: Tally) -> None:
    channel, state = row.recipient.channel, row.state
    result.deliveries[channel] += 1
    result.states[str(state)] += 1
    # What is held with a reason is not lost: somebody can see it, and send it again.
    held = state in FINAL and state is not DeliveryState.SENT and row.error
    result.lost[channel] += not copies and not held
    result.twice[channel] += channel != "mailto" and copies > 1
    clocks = [blow.amount for blow in world.struck if blow.fault in (Fault.AHEAD, Fault.BACK)]
    # What is sent to a silent service reaches it when it is back, after the process has found its way out.
    in_flight = WAY_OUT if any(blow.how == "silent" for blow in world.struck) else _LATE
    until = row.deadline.timestamp() + in_flight if row.deadline else float("inf")
    result.late[channel] += min(clocks, default=0.0) >= 0 and world.accepted.get(row.key, 0.0) > until
    if state is DeliveryState.UNKNOWN:
        result.unknown[f"{channel}: {re.sub(r'[0-9.:]+', '#', row.error)}"] += 1
    elif state is DeliveryState.EXPIRED:
        result.expired += 1
    early = state is DeliveryState.EXPIRED and world.life.lifetime >= ONE_DAY and sum(map(abs, clocks)) < ONE_DAY
    if early or state is DeliveryState.FAILED or "internal error" in row.error:
        result.broken.append(f"{row.recipient} is {state}: {row.error} (life {world.life})")
    for counter in (result.lost, result.twice, result.late):
        counter += Counter()  # without zeros


def _judge_mail(world: World, result: Tally) -> None:
    first: dict[str, bytes] = {}
    again: Counter[str] = Counter()
    for mail in world.smtp.messages:
        key = mail_key(mail.data)
        if key in first:
            again[key] += 1
            result.unlike += first[key] != mail.data
        first.setdefault(key, mail.data)
    result.copies = again.total()
    # An answer that is cut off is that of the next mail, which may be claimed after the blow.
    cut_off = sum(blow.how == "answer" and blow.channel == "mailto" for blow in world.struck)
    result.unexplained = max(0, sum(max(0, extra - world.in_flight[key]) for key, extra in again.items()) - cut_off)
    for what in ("unlike", "unexplained"):
        if number := getattr(result, what):
            result.broken.append(f"second mails {what}: {number} (life {world.life})")


def mail_key(data: bytes) -> str:
    """The key of the delivery that a mail is."""
    return data.partition(b"Message-ID: <")[2].partition(b"@")[0].decode()
