"""Processes that deliver from a real database and are killed: at a named point, or at random over and over.

Workers come from a fork server, so that a life costs milliseconds and hundreds of them fit into a test.
"""

from __future__ import annotations

import os
import random
import resource
import signal
import threading
import time
from collections import Counter
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from multiprocessing.process import BaseProcess
from pathlib import Path

from delivering import message, recipients
from forking import start
from servers.slack import SlackServer
from servers.smtp import SmtpServer

from digestbot.app.wiring import SHARED_LEASE
from digestbot.channels.email import smtp
from digestbot.channels.email.channel import Email
from digestbot.channels.file import channel
from digestbot.channels.file.channel import File
from digestbot.channels.slack.channel import Slack
from digestbot.channels.slack.incoming_webhook import Webhook
from digestbot.deliver import deliver, freeze
from digestbot.errors import StoreError
from digestbot.model import Account, Delivery, DeliveryState, Edition
from digestbot.ports import Channel
from digestbot.store import Stores, open_store

FULL = 3  # a worker's end when the disk was
POINTS = ("before claim", "after claim", "before accept", "after accept", "before outcome", "after outcome")
# Where a message is handed over. Of a folder's four files the first is enough: half of it stands there then.
ACCEPTS: Mapping[str, tuple[object, str]] = {
    "slack": (Slack, "_post"),
    "slack-webhook": (Webhook, "_post"),
    "mailto": (smtp.Session, "data"),
    "file": (channel, "_write"),
}


@dataclass(frozen=True, slots=True)
class Place:
    """Everything a worker process needs to know."""

    data: Path
    slack_url: str = "http://127.0.0.1:9/api/"
    smtp_port: int = 9
    url: str = ""  # of a shared database; empty: SQLite in `data`
    lease: float = SHARED_LEASE  # on a shared database
    ahead: float = 0.0  # seconds by which its clock is

    def open(self) -> Stores:
        return open_store(self.data, self.url)

    def channels(self) -> dict[str, Channel]:
        slack = Slack(SlackServer.token, api_url=self.slack_url, timeout=10)
        mail = Email("127.0.0.1", self.smtp_port, sender="news@example.com", security="none")
        # A killed client's request is handled by a busy loopback server within this time.
        slack.visibility_delay, mail.visibility_delay = 1.5, 0.2
        hook = Webhook({"desk": self.slack_url.replace("api/", SlackServer.hook)}, timeout=10)
        return {"slack": slack, "slack-webhook": hook, "mailto": mail, "file": File(self.data / "out")}

    def publish(self, day: date, *addresses: str) -> None:
        """Freeze one message for these recipients in the outbox."""
        of, now = message(day=day), datetime.now(UTC)
        store = self.open()
        edition = store.editions.claim(Edition(digest="morning", date=day, since=now, until=now))
        rows = freeze(of, recipients(*addresses), self.channels(), now=now)
        store.editions.publish(edition, of.json, rows, used=())
        store.close()

    def rows(self) -> tuple[Delivery, ...]:
        store = self.open()
        rows = store.outbox.all()
        store.close()
        return rows

    def start(self, crash: str = "", channel: str = "") -> BaseProcess:
        """A process that works off the outbox, or dies by its own hand at a point of a channel's delivery."""
        return start(_work, self, crash, channel)


class MortalOutbox:
    """An outbox that kills its process before or after a commit for a channel."""

    def __init__(self, store: Stores, crash: str, channel: str) -> None:
        self.open, self.all, self.payload = store.outbox.open, store.outbox.all, store.outbox.payload
        self.abandoned, self.claim_clock = store.outbox.abandoned, store.outbox.claim_clock
        self.claims_ahead = store.outbox.claims_ahead
        self.set_aside, self.take_up = store.outbox.set_aside, store.outbox.take_up
        self._outbox, self._crash, self._channel = store.outbox, crash, channel

    def claim(
        self, delivery: Delivery, *, now: datetime, sent: Delivery | None = None, account: Account | None = None
    ) -> Delivery | None:
        self._die("before claim", delivery)
        self._die("before outcome", sent)
        claimed = self._outbox.claim(delivery, now=now, sent=sent, account=account)
        self._die("after claim", delivery)
        self._die("after outcome", sent)
        return claimed

    def record_outcome(self, delivery: Delivery, state: DeliveryState, **fields: object) -> Delivery:
        self._die("before outcome", delivery)
        settled = self._outbox.record_outcome(delivery, state, **fields)  # type: ignore[arg-type]
        self._die("after outcome", delivery)
        return settled

    def _die(self, point: str, delivery: Delivery | None) -> None:
        if delivery is not None and (point, delivery.recipient.channel) == (self._crash, self._channel):
            os.kill(os.getpid(), signal.SIGKILL)


def kill_at(owner: object, name: str, when: str, number: signal.Signals = signal.SIGKILL) -> None:
    """The next call of this function kills its process, before or after it has done its work; or stops it, by SIGSTOP."""
    original = getattr(owner, name)

    def mortal(*args: object, **fields: object) -> object:
        done = original(*args, **fields) if when == "after" else None
        setattr(owner, name, original)
        os.kill(os.getpid(), number)
        return done if when == "after" else original(*args, **fields)  # only what was stopped comes so far

    setattr(owner, name, mortal)


def _work(place: Place, crash: str, channel: str) -> None:
    if crash.endswith("accept"):
        stops, when = crash.startswith("stop "), crash.removeprefix("stop ").partition(" ")[0]
        kill_at(*ACCEPTS[channel], when, signal.SIGSTOP if stops else signal.SIGKILL)
    store = place.open()
    if crash.startswith("room for "):
        resource.setrlimit(resource.RLIMIT_FSIZE, (int(crash.rpartition(" ")[2]), resource.RLIM_INFINITY))
    try:
        deliver(
            MortalOutbox(store, crash, channel),
            place.channels(),
            now=lambda: datetime.now(UTC) + timedelta(seconds=place.ahead),
            max_wait=30,
            claim_timeout=place.lease if place.url else 0.0,
        )
    except StoreError as error:
        resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        (place.data / "told").write_text(str(error), encoding="utf-8")
        os._exit(FULL)


@dataclass(slots=True)
class Soaked:
    """What a soak came to."""

    kills: int = 0
    deliveries: int = 0
    states: Counter[str] = field(default_factory=Counter)
    slack: Counter[str] = field(default_factory=Counter)  # copies by key
    mail: Counter[str] = field(default_factory=Counter)
    unlike: int = 0  # second mails that were not byte-identical to the first

    def verdict(self) -> list[str]:
        """What the promise says must not be: empty when it was kept."""
        doubled = sum(copies - 1 for copies in self.mail.values())
        checks = {
            "deliveries not sent": self.deliveries - self.states["sent"],
            "Slack messages lost or doubled": sum(copies != 1 for copies in self.slack.values()),
            "deliveries without a message": self.deliveries - len(self.slack) - len(self.mail),
            "second mails that differ": self.unlike,
            "second mails beyond one a kill": max(doubled - self.kills, 0),
        }
        return [f"{name}: {number}" for name, number in checks.items() if number]


def soak(data: Path, *, seconds: float, readers: int, seed: int) -> Soaked:
    """Kill the workers of edition after edition at random until the time is up; then let the last one finish."""
    dice, result = random.Random(seed), Soaked()
    lock = threading.Lock()
    worker: list[BaseProcess] = []

    def maybe_kill(_message: object) -> None:
        with lock:
            if worker and dice.random() < 0.15:
                with suppress(ProcessLookupError):
                    os.kill(worker[0].pid or 0, signal.SIGKILL)

    channels = {f"C0{number:06}X": f"room{number}" for number in range(readers)}
    with SlackServer(channels=channels, on_accept=maybe_kill) as slack, SmtpServer(on_accept=maybe_kill) as smtp:
        place = Place(data, slack.url, smtp.port)
        end, day = time.monotonic() + seconds, date(2026, 1, 1)
        while time.monotonic() < end:
            day += timedelta(days=1)
            mailboxes = (f"mailto:r{number}@example.com" for number in range(readers))
            place.publish(day, *(f"slack:{identity}" for identity in channels), *mailboxes)
            finished = False
            while not finished:
                life = place.start()
                with lock:
                    worker[:] = [life]
                last = time.monotonic() >= end
                with lock:
                    worker[:] = [] if last else [life]
                life.join(None if last else dice.uniform(0.02, 0.4))
                with suppress(ProcessLookupError):
                    life.kill()
                life.join()
                if (life.exitcode or 0) > 0:
                    raise RuntimeError("a worker failed by itself: its traceback stands above")
                finished = life.exitcode == 0
                result.kills += life.exitcode == -signal.SIGKILL
        rows = place.rows()
        result.deliveries = len(rows)
        result.states.update(str(row.state) for row in rows)
        result.slack.update(post["metadata"]["event_payload"]["key"] for post in slack.messages)
        first: dict[str, bytes] = {}
        for mail in smtp.messages:
            key = mail.data.partition(b"Message-ID: <")[2].partition(b"@")[0].decode()
            result.unlike += first.setdefault(key, mail.data) != mail.data
            result.mail[key] += 1
    return result
