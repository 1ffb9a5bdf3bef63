"""What other processes do to a store while a test looks on; each is started by `forking.start`."""

from __future__ import annotations

import os
import signal
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Barrier
from pathlib import Path
from typing import Any

from alembic import command, config, script  # noqa: F401 -- before the fork, so that no child imports them again
from forking import PROCESSES, start

from digestbot.channels.email.maildir import MaildirMailbox
from digestbot.model import Delivery, FeedState, Item
from digestbot.store import lock, open_store
from digestbot.subscribers.returned import follow_up, read_returned


def claim_everything(data: Path, url: str, together: Barrier, won: Connection) -> None:
    """Read the open deliveries, wait for the others, claim all; answer with the keys of those that were won."""
    store = open_store(data, url)
    waiting = store.outbox.open()
    together.wait(300)
    claimed = [store.outbox.claim(delivery, now=datetime.now(UTC)) for delivery in waiting]
    store.close()
    won.send([delivery.key for delivery in claimed if delivery is not None])


def claim_one(data: Path, url: str, delivery: Delivery, claimed: Connection) -> None:
    """Claim a delivery, answer, and live on until killed."""
    store = open_store(data, url)
    store.outbox.claim(delivery, now=datetime.now(UTC))
    claimed.send(None)
    time.sleep(300)


def open_at_once(data: Path, url: str, together: Barrier, answer: Connection) -> None:
    """Wait for the others, then open the store; answer with the number of feeds in it. A warning is an error."""
    warnings.simplefilter("error")
    together.wait(300)
    store = open_store(data, url)
    answer.send(len(store.items.states()))
    store.close()


def save_without_pause(data: Path, life: int, saved: Connection) -> None:
    """Save feeds of twenty items until killed; answer with each name once it is saved."""
    store = open_store(data)
    for feed in range(10_000):
        name = f"{life}-{feed}"
        items = [Item(id=f"{name}-{n}", title=f"{name} {n}", keys=(f"{name}-{n}", f"u{name}-{n}")) for n in range(20)]
        store.items.save(FeedState(name=name), items, now=datetime.now(UTC))
        saved.send(name)


def keep_writing(data: Path, going: Connection) -> None:
    """Save feeds until killed; answer once there are some.

    A small -wal is folded into the database all the time: the worst case for whoever copies both. Now and then the writer
    rests, as between answers from the network: on a fast disk nobody can copy what never does.
    """
    store = open_store(data)
    with store.database.reading() as connection:
        connection.exec_driver_sql("PRAGMA wal_autocheckpoint=20")
    for feed in range(100_000):
        items = [Item(id=f"{feed}-{n}", title="x" * 500, keys=(f"{feed}-{n}",)) for n in range(10)]
        store.items.save(FeedState(name=str(feed)), items, now=datetime.now(UTC))
        if feed % 25 == 0:
            time.sleep(0.06)
        if feed == 20:
            going.send(None)


def take_lease(data: Path, url: str, name: str, taken: Connection) -> None:
    """Take a name for a minute, answer, and live on until killed."""
    store = open_store(data, url)
    taken.send(sorted(store.leases.take([name], seconds=60)))
    time.sleep(300)


@contextmanager
def kept_written(data: Path) -> Iterator[None]:
    """Another process does `keep_writing` meanwhile."""
    going, theirs = PROCESSES.Pipe(duplex=False)
    writer = start(keep_writing, data, theirs)
    try:
        assert going.poll(300)
        yield
    finally:
        writer.kill()
        writer.join()


def hold(data: Path, pipe: Connection) -> None:
    """Hold the data folder; answer when it is held, and release it when asked to."""
    with lock(data):
        pipe.send("held")
        pipe.recv()


def read_returned_until(data: Path, box: Path, suppressed: Path, last: int) -> None:
    """Read a Maildir and follow up, killed for good at the step of this number: before or after each write to disk."""
    steps = iter(range(1, 1_000_000))

    def die_at(number: int) -> None:
        if number == last:
            os.kill(os.getpid(), signal.SIGKILL)

    def step(call: Callable[..., Any]) -> Callable[..., Any]:
        def counted(*values: Any, **options: Any) -> Any:
            die_at(next(steps))
            made = call(*values, **options)
            die_at(next(steps))
            return made

        return counted

    class Suppressor:
        def suppress(self, address: str, reason: str, *, now: datetime) -> bool:
            known = suppressed.read_text(encoding="utf-8").split("\n") if suppressed.exists() else []
            if address not in known:
                with suppressed.open("a", encoding="utf-8") as file:
                    file.write(f"{address}\n")
            return address not in known

    store, mailbox, suppressor = open_store(data), MaildirMailbox(box), Suppressor()
    now = datetime(2026, 5, 27, 12, tzinfo=UTC)
    for thing, name in ((mailbox, "mark_read"), (store.returned, "settle"), (suppressor, "suppress")):
        setattr(thing, name, step(getattr(thing, name)))
    keep = step(lambda said: store.returned.keep(said, now=now))
    read_returned(mailbox, keep=keep, secrets=(b"0123456789abcdef",), now=now)
    follow_up(store.returned, suppressor, unsubscribe=print, now=now)
    store.close()
