"""The delivering process that fault_world.py strikes: it stops at the moments it is told, says so, and obeys."""

from __future__ import annotations

import logging
import os
import resource
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path

from crashing import ACCEPTS, FULL, MortalOutbox, Place
from fault_plan import Blow
from forking import start
from servers.ntfy import NtfyServer
from servers.slack import SlackServer

from digestbot.channels.email.channel import Email
from digestbot.channels.file.channel import File
from digestbot.channels.ntfy.channel import Ntfy
from digestbot.channels.slack.channel import Slack
from digestbot.cli.signals import stop_on_signal
from digestbot.deliver import attempt, backoff, deliver, patience
from digestbot.errors import DataFolderLocked, StoreError
from digestbot.model import Delivery
from digestbot.ports import Channel
from digestbot.store import lock, postgresql

BUSY, STOPPED = 4, 5  # how a process ends, beside FULL
READY = "ready"  # what it says when it begins to deliver
TOKEN = "tk_not0a0real0token0000000000"
PLACES = {**ACCEPTS, "ntfy": (Ntfy, "send")}


@dataclass(frozen=True, slots=True)
class Desk(Place):
    """A place with all four channels; `lease` is of a shared database, `ahead` the clock when the process begins."""

    ntfy_url: str = "http://127.0.0.1:9"
    out: Path = Path("out")
    settle: float = 0.5  # seconds after which loopback servers certainly show what they took
    max_wait: float = 20.0

    def channels(self, clock: ShiftedClock | None = None) -> dict[str, Channel]:
        seconds = clock.seconds if clock else time.time
        slack = Slack(SlackServer.token, api_url=self.slack_url, timeout=30, clock=seconds)
        mail = Email("127.0.0.1", self.smtp_port, sender="news@example.com", security="none")
        ntfy = Ntfy(self.ntfy_url, token=TOKEN, timeout=30, clock=seconds)
        slack.visibility_delay = ntfy.visibility_delay = self.settle
        mail.visibility_delay = 0.1
        return {"slack": slack, "mailto": mail, "ntfy": ntfy, "file": File(self.out)}

    def work(self, blows: Sequence[Blow], control: Connection | None) -> BaseProcess:
        """A process that works off the outbox, and asks at each of these moments in turn what to do."""
        return start(_work, self, tuple(blows), control)


def ntfy_server() -> NtfyServer:
    return NtfyServer(token=TOKEN)


@dataclass(slots=True)
class ShiftedClock:
    """A clock that can be set wrong."""

    ahead: float = 0.0

    def now(self) -> datetime:
        return datetime.now(UTC) + timedelta(seconds=self.ahead)

    def seconds(self) -> float:
        return time.time() + self.ahead


@dataclass(slots=True)
class Watch:
    """Stops at the moments of the blows, one after the other, until an order has come."""

    blows: list[Blow]
    control: Connection | None
    clock: ShiftedClock
    stopped: threading.Event
    passed: int = field(default=0)
    files: tuple[int, int] | None = None  # the limit of descriptors, when it was lowered
    room: tuple[int, int] | None = None  # the same for the size of a file

    def at(self, moment: str, channel: str) -> None:
        if not self.blows or (self.blows[0].moment, self.blows[0].channel) != (moment, channel):
            return
        self.passed += 1
        if self.passed < self.blows[0].number or self.control is None:
            return
        self.blows.pop(0)
        self.passed = 0
        self.control.send(moment)
        order, amount = self.control.recv()
        if order == "stop":
            self.stopped.wait(5)  # until the signal has come through
        elif order == "clock":
            self.clock.ahead += amount
        elif order == "room":
            self.room = resource.getrlimit(resource.RLIMIT_FSIZE)
            resource.setrlimit(resource.RLIMIT_FSIZE, (0, self.room[1]))
        elif order == "descriptors":
            # Where they are used up already, the limit of before comes back first.
            self.files = self.files or resource.getrlimit(resource.RLIMIT_NOFILE)
            resource.setrlimit(resource.RLIMIT_NOFILE, self.files)
            free = os.dup(0)
            os.close(free)
            resource.setrlimit(resource.RLIMIT_NOFILE, (free + int(amount), self.files[1]))

    def around(self, channel: str) -> None:
        """Watch where a channel hands its messages over."""
        owner, name = PLACES[channel]
        original = getattr(owner, name)

        def watched(*args: object, **fields: object) -> object:
            self.at("before accept", channel)
            done = original(*args, **fields)
            self.at("after accept", channel)
            return done

        setattr(owner, name, watched)

    def end(self) -> None:
        """Give back what was taken away, so that the process can say how it ended."""
        if self.files:
            resource.setrlimit(resource.RLIMIT_NOFILE, self.files)
        if self.room:
            resource.setrlimit(resource.RLIMIT_FSIZE, self.room)


class WatchedOutbox(MortalOutbox):
    """An outbox that tells the watch before and after each commit."""

    watch: Watch

    def _die(self, point: str, delivery: Delivery | None) -> None:
        if delivery is not None:
            self.watch.at(point, delivery.recipient.channel)


def hurry() -> None:
    """What takes seconds in life takes fractions here."""
    attempt._FIRST_RETRY_SECONDS = 0.1
    attempt.MAX_RETRY_SECONDS = backoff.MAX_RETRY_SECONDS = 0.5
    patience._PAUSE_SECONDS = 0.1
    patience.OUTCOME_SECONDS = 5.0
    postgresql.SILENCE_SECONDS = 0.6
    postgresql.PING_SILENCE_SECONDS = 0.3


def _work(desk: Desk, blows: tuple[Blow, ...], control: Connection | None) -> None:
    logging.getLogger("digestbot").addHandler(logging.NullHandler())
    logging.getLogger("digestbot").propagate = False
    hurry()
    watch = Watch(list(blows), control, ShiftedClock(desk.ahead), threading.Event())
    for channel in PLACES:
        if channel in ("slack", "mailto", "ntfy", "file"):
            watch.around(channel)
    code = 0
    with stop_on_signal() as signals:
        watch.stopped = signals.stop
        try:
            with lock(desk.data):
                store = desk.open()
                outbox = WatchedOutbox(store, "", "")
                outbox.watch = watch
                if control is not None:
                    control.send(READY)
                try:
                    deliver(
                        outbox,
                        desk.channels(watch.clock),
                        now=watch.clock.now,
                        sleep=signals.stop.wait,
                        stop=signals.stop.is_set,
                        max_wait=desk.max_wait,
                        claim_timeout=desk.lease if desk.url else 0.0,
                    )
                finally:
                    store.close()
        except DataFolderLocked:
            code = BUSY
        except StoreError as error:
            code = FULL
            watch.end()
            with suppress(OSError):
                (desk.data / "told").write_text(str(error), encoding="utf-8")
        finally:
            watch.end()
        os._exit(code or (STOPPED if signals.stop.is_set() else 0))  # before a second SIGINT meets Python's own handler
