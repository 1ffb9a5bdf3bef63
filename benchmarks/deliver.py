"""Mails through the ledger beside a bare smtplib loop over one connection, to the same loopback server.

    python benchmarks/deliver.py [RECIPIENTS]

The ledger claims and records every message durably (SQLite, synchronous=FULL); the loop remembers nothing. Both send
the same bytes; the loop reconnects as often. Memory is the growth of the peak while delivering.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import resource
import smtplib
import sys
import tempfile
import time
from datetime import UTC, date, datetime
from multiprocessing.connection import Connection
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
from delivering import message, recipients
from servers import SmtpServer

from digestbot.channels.email import Email
from digestbot.deliver import deliver, plan
from digestbot.model import Edition
from digestbot.store import open_store

ROUNDS = 3
PER_CONNECTION = 50
HTML = "<html><body>" + "<p>Harbour bridge reopens after the storm – ferries return to service.</p>" * 180


def serve(pipe: Connection) -> None:
    """A server in a process of its own, so that it does not compete for the interpreter."""
    with SmtpServer() as server:
        pipe.send(server.port)
        while pipe.recv() == "count":
            pipe.send(len(server.messages))
            server.messages.clear()


def through_ledger(folder: Path, port: int, count: int) -> tuple[float, float]:
    """Seconds, and MB by which the peak grew."""
    now = datetime.now(UTC)
    mail = Email("127.0.0.1", port, sender="news@example.com", security="none")
    store = open_store(folder)
    edition = store.editions.claim(Edition(digest="morning", date=date(2026, 5, 27), since=now, until=now))
    addresses = (f"mailto:r{number}@example.com" for number in range(count))
    rows = plan(message(html=HTML), recipients(*addresses), {"mailto": mail}, now=now)
    store.editions.publish(edition, "{}", rows, used=())
    del rows
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    started = time.perf_counter()
    report = deliver(store.outbox, {"mailto": mail}, now=lambda: datetime.now(UTC))
    taken = time.perf_counter() - started
    store.close()
    if len(report.sent) != count:
        raise SystemExit(f"only {len(report.sent)} of {count} were sent")
    return taken, (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024


def bare(port: int, count: int) -> float:
    """Seconds that smtplib alone takes for as many messages."""
    mail = Email("127.0.0.1", port, sender="news@example.com", security="none")
    [payload] = mail.compose(message(html=HTML), "r0@example.com", key="k" * 32, now=datetime.now(UTC))
    started = time.perf_counter()
    for first in range(0, count, PER_CONNECTION):
        with smtplib.SMTP("127.0.0.1", port) as session:
            for number in range(first, min(first + PER_CONNECTION, count)):
                session.sendmail("news@example.com", [f"r{number}@example.com"], payload)
    return time.perf_counter() - started


def main(count: int) -> None:
    ours, theirs = multiprocessing.Pipe()
    server = multiprocessing.get_context("spawn").Process(target=serve, args=(theirs,), daemon=True)
    server.start()
    port = ours.recv()
    print(f"{count} messages of {len(HTML) // 1024} kB HTML, best of {ROUNDS} rounds in turn")
    ledger, loop, grown = [], [], []
    for _ in range(ROUNDS):
        loop.append(bare(port, count))
        with tempfile.TemporaryDirectory() as folder:
            seconds, megabytes = through_ledger(Path(folder), port, count)
        ledger.append(seconds)
        grown.append(megabytes)
        ours.send("count")
        if ours.recv() != 2 * count:
            raise SystemExit("the server did not get every message once")
    print(f"bare smtplib   {count / min(loop):8.0f} messages a second")
    print(f"the ledger     {count / min(ledger):8.0f} messages a second, {min(ledger) / min(loop):.2f} x the time")
    print(f"peak memory grew by {grown[0]:.0f} MB in the first round")
    with contextlib.suppress(BrokenPipeError):
        ours.send("end")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5000)
