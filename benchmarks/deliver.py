"""Mails through the ledger beside a bare smtplib loop over one connection, to the same loopback server.

    python benchmarks/deliver.py [RECIPIENTS [CONNECTIONS]]

The ledger claims and records every message durably (SQLite, synchronous=FULL), in a data folder that it holds as every
command does; the loop remembers nothing. Both send the same bytes; the loop reconnects as often. CONNECTIONS (4) are those of
a second pair of rows: there the claims of several connections share one sync. Where a server offers PIPELINING, as most do, the
channel uses it; smtplib cannot. Each run of the ledger stands beside a run of the loop right before it, and the figure is the
median of their ratios: what else the machine does comes and goes within a minute. Memory is the growth of the peak while
delivering. What one sync costs is measured around every round: a disk that is busy with something else shows there first, and
is in the ledger's time but not in the loop's.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import resource
import smtplib
import statistics
import sys
import tempfile
import time
from datetime import UTC, date, datetime
from multiprocessing.connection import Connection
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
from delivering import message, recipients
from servers.smtp import SmtpServer

from digestbot.channels.email.accounts import MailAccounts
from digestbot.channels.email.channel import Email
from digestbot.channels.email.mime import fill, mailbox
from digestbot.deliver import deliver, freeze
from digestbot.model import DEFAULT_ACCOUNT, Account, Edition
from digestbot.ports import Lane
from digestbot.store import lock, open_store

PROCESSES = multiprocessing.get_context("spawn")
ROUNDS = 3
PER_CONNECTION = 50
SYNCS = 200
HTML = "<html><body>" + "<p>Harbour bridge reopens after the storm – ferries return to service.</p>" * 180


def serve(pipe: Connection, *, pipelining: bool) -> None:
    """A server in a process of its own, so that it does not compete for the interpreter."""
    with SmtpServer() as server:
        server.extensions += ("PIPELINING",) * pipelining
        pipe.send(server.port)
        while pipe.recv() == "count":
            pipe.send(len(server.messages))
            server.messages.clear()


class Server:
    """The near end of `serve`."""

    def __init__(self, *, pipelining: bool) -> None:
        self._pipe, theirs = PROCESSES.Pipe()
        PROCESSES.Process(target=serve, args=(theirs,), kwargs={"pipelining": pipelining}, daemon=True).start()
        self.port: int = self._pipe.recv()

    def check(self, count: int) -> None:
        """That it got so many messages since the last time."""
        self._pipe.send("count")
        if (got := self._pipe.recv()) != count:
            raise SystemExit(f"the server got {got} messages instead of {count}")

    def end(self) -> None:
        with contextlib.suppress(BrokenPipeError):
            self._pipe.send("end")


def publish(folder: Path, port: int, count: int) -> None:
    """Freeze a message for everybody."""
    now = datetime.now(UTC)
    store = open_store(folder)
    edition = store.editions.claim(Edition(digest="morning", date=date(2026, 5, 27), since=now, until=now))
    addresses = (f"mailto:r{number}@example.com" for number in range(count))
    rows = freeze(message(html=HTML), recipients(*addresses), {"mailto": mailer(port)}, now=now)
    store.editions.publish(edition, "{}", rows, used=())
    store.close()


def work_off(folder: Path, port: int, connections: int, pipe: Connection) -> None:
    """Deliver in a process of its own; tells its seconds, how many were sent, and MB by which its peak grew."""
    with lock(folder):
        store = open_store(folder)
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        started = time.perf_counter()
        account = Account(name=DEFAULT_ACCOUNT)
        lanes = [(Lane(account, email), email) for email in (mailer(port) for _ in range(connections))]
        channel = MailAccounts(lanes, mailer(port))
        report = deliver(store.outbox, {"mailto": channel}, now=lambda: datetime.now(UTC), accounts=store.accounts)
        taken = time.perf_counter() - started
        grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
        store.close()
    pipe.send((taken, report.sent_count, grown))


def through_ledger(port: int, count: int, connections: int) -> tuple[float, float]:
    """Seconds, and MB by which the peak grew."""
    ours, theirs = PROCESSES.Pipe()
    with tempfile.TemporaryDirectory() as folder:
        for step in (PROCESSES.Process(target=publish, args=(Path(folder), port, count)),
                     PROCESSES.Process(target=work_off, args=(Path(folder), port, connections, theirs))):  # fmt: skip
            step.start()
            step.join()
    taken, sent, grown = ours.recv()
    if sent != count:
        raise SystemExit(f"only {sent} of {count} were sent")
    return taken, grown


def mailer(port: int) -> Email:
    return Email("127.0.0.1", port, sender="news@example.com", security="none")


def bare(port: int, count: int) -> float:
    """Seconds that smtplib alone takes for as many messages."""
    [body] = mailer(port).encode(message(html=HTML), now=datetime.now(UTC))
    payload = fill(body, to=mailbox("r0@example.com"), key="k" * 32)
    started = time.perf_counter()
    for first in range(0, count, PER_CONNECTION):
        with smtplib.SMTP("127.0.0.1", port) as session:
            for number in range(first, min(first + PER_CONNECTION, count)):
                session.sendmail("news@example.com", [f"r{number}@example.com"], payload)
    return time.perf_counter() - started


def sync() -> float:
    """The median of milliseconds that this disk takes to write and sync 16 kB, as a claim does."""
    taken = []
    with tempfile.NamedTemporaryFile() as file:
        os.pwrite(file.fileno(), bytes(SYNCS * 16384), 0)
        os.fsync(file.fileno())
        for number in range(SYNCS):
            started = time.perf_counter()
            os.pwrite(file.fileno(), b"." * 16384, number * 16384)
            os.fdatasync(file.fileno())
            taken.append(time.perf_counter() - started)
    return 1000 * statistics.median(taken)


def main(count: int, connections: int) -> None:
    servers = {"in turn": Server(pipelining=False), "pipelining": Server(pipelining=True)}
    print(f"{count} messages of {len(HTML) // 1024} kB HTML, {ROUNDS} rounds in turn")
    ways = [(how, at_once) for at_once in (1, connections) for how in servers]
    ledger: dict[tuple[str, int], list[tuple[float, float, float]]] = {way: [] for way in ways}
    syncs = [sync()]
    for _ in range(ROUNDS):
        for how, at_once in ways:
            beside = bare(servers["in turn"].port, count)
            servers["in turn"].check(count)
            ledger[how, at_once].append((beside, *through_ledger(servers[how].port, count, at_once)))
            servers[how].check(count)
        syncs.append(sync())
    print(f"the disk                {', '.join(f'{taken:.2f}' for taken in syncs)} ms for one sync")
    loop = [beside for runs in ledger.values() for beside, _, _ in runs]
    print(f"bare smtplib            {count / min(loop):7.0f} messages a second")
    for (how, at_once), runs in ledger.items():
        ratios = [seconds / beside for beside, seconds, _ in runs]
        fastest, grown = min(seconds for _, seconds, _ in runs), max(grown for *_, grown in runs)
        print(
            f"the ledger, {how:10} x {at_once}  {count / fastest:7.0f} messages a second, {statistics.median(ratios):.2f} x the time"
            f" (rounds: {', '.join(f'{ratio:.2f}' for ratio in ratios)}), peak memory +{grown:.0f} MB"
        )
    for server in servers.values():
        server.end()


if __name__ == "__main__":
    main(int((*sys.argv[1:], "5000")[0]), int((*sys.argv[2:], "4")[0]))
