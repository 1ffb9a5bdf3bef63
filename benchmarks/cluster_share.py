"""What one worker does and what four do, of one edition's mails and of one round of feeds, on a real PostgreSQL.

    python benchmarks/cluster_share.py deliver [RECIPIENTS] | collect [FEEDS]

Sinks and feeds are served by a process of their own. Wall-clock seconds, mails or feeds a second, the processor time of the workers, the
database, and the feeds or sinks, and the peak memory of each worker. Every worker counts what it is given, so rates are of this machine and its other load:
read the ratio.
"""

from __future__ import annotations

import multiprocessing
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from multiprocessing.connection import Connection
from pathlib import Path
from urllib.request import urlopen

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
sys.path.insert(0, str(Path(__file__).parent))
import psycopg
from clustered import Cluster, document
from deliver import mailer
from delivering import message, recipients
from servers.postgres import Server, running
from servers.smtp import SmtpServer
from servers.web import Reply, WebServer

from digestbot.app.feeds import configured_feeds
from digestbot.deliver import freeze
from digestbot.jobs.queue_schema import prepare_queue
from digestbot.model import Batch, Edition, JobKind
from digestbot.operations.queue_work import batches
from digestbot.settings import load

PROCESSES = multiprocessing.get_context("spawn")
HERTZ = os.sysconf("SC_CLK_TCK")
ITEMS = 20
SECONDS = 900.0  # at most
HTML = "<html><body>" + "<p>Harbour bridge reopens after the storm – ferries return to service.</p>" * 180


def sink(pipe: Connection) -> None:
    """A mail server in a process of its own."""
    with SmtpServer() as server:
        server.extensions += ("PIPELINING",)
        pipe.send(server.port)
        pipe.recv()


def newsroom(pipe: Connection, feeds: int) -> None:
    """A web server in a process of its own."""
    with WebServer() as server:
        for number in range(feeds):
            server.serve(f"/feed{number}", document(number, ITEMS))
        server.serve("/asked", lambda _request: Reply(body=str(len(server.requests) - 1).encode()))
        pipe.send(server.port)
        pipe.recv()


@contextmanager
def beside(target: Callable[..., None], *args: object) -> Iterator[tuple[int, int]]:
    """The port of a server in another process, and that process."""
    ours, theirs = PROCESSES.Pipe()
    process = PROCESSES.Process(target=target, args=(theirs, *args), daemon=True)
    process.start()
    yield ours.recv(), process.pid or 0
    process.kill()
    process.join()


def stat(pid: int) -> list[str]:
    """What the kernel says of a process, from its state on (proc(5)); nothing of one that has ended."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []


def cpu(pids: Iterable[int]) -> float:
    """Seconds of processor time of these processes, and of those of their children that have ended."""
    return sum(sum(map(int, words[11:15])) for words in map(stat, pids) if words) / HERTZ


def with_children(pid: int) -> set[int]:
    """A process and its running children."""
    every = (int(folder.name) for folder in Path("/proc").glob("[0-9]*"))
    return {pid, *(one for one in every if (words := stat(one)) and int(words[1]) == pid)}


def postmaster(cluster: Cluster) -> int:
    with psycopg.connect(cluster.url.replace("+psycopg", "")) as connection:
        return int(stat(connection.info.backend_pid)[1])


def memory(cluster: Cluster) -> list[int]:
    """Peak MB of each worker."""
    found = []
    for process, _, _ in cluster.workers:
        status = Path(f"/proc/{process.pid}/status").read_text()
        found.append(int(status.partition("VmHWM:")[2].split()[0]) // 1024)
    return found


def measured(cluster: Cluster, workers: int, *, left: str, what: str, count: int, served_by: int) -> float:
    """Print and return how many a second so many workers do; until the statement `left` finds nothing.

    `served_by` is the process of the feeds or the sinks.
    """
    parts = {"database": with_children(postmaster(cluster)), "feeds or sinks": {served_by}}
    before, began = {name: cpu(pids) for name, pids in parts.items()}, time.monotonic()
    for _ in range(workers):
        cluster.start()
    # On one connection, and not too often: what looks on takes its part of the cores, too.
    with psycopg.connect(cluster.url.replace("+psycopg", ""), autocommit=True) as connection:
        while connection.execute(left).fetchone():  # type: ignore[call-overload]
            if time.monotonic() - began > SECONDS:
                print(cluster.logs()[-2000:])
                raise SystemExit("not done")
            time.sleep(0.25)
    took = time.monotonic() - began
    parts["database"] = with_children(postmaster(cluster))
    used = {name: cpu(pids) - before[name] for name, pids in parts.items()}
    used["workers"] = cpu(pid for process, _, _ in cluster.workers for pid in with_children(process.pid or 0))
    total = sum(used.values())
    shares = ", ".join(f"{name} {seconds:.0f} s ({seconds / total:.0%})" for name, seconds in used.items())
    print(
        f"{workers} workers: {count} {what} in {took:.1f} s, {count / took:.0f} a second; processor time {total / took:.2f} cores: "
        f"{shares}; {1000 * total / count:.2f} ms each; peak MB of each {memory(cluster)}",
        flush=True,
    )
    return count / took


def deliver(server: Server, count: int, workers: int) -> float:
    with beside(sink) as (port, server_pid), tempfile.TemporaryDirectory(prefix="digestbot-share-") as folder:
        settings = {"SMTP__PORT": str(port), "SMTP__CONNECTIONS": "8"}
        with Cluster(
            Path(folder), server.new_database(), feeds=1, mailboxes=1, channels=(), settings=settings
        ) as cluster:
            store = cluster.open()
            prepare_queue(store.database)
            day, now = date(2026, 5, 27), datetime.now(UTC)
            edition = store.editions.claim(
                Edition(digest="morning", date=day, since=now - timedelta(days=1), until=now)
            )
            mail = mailer(port)
            to = recipients(*(f"mailto:reader{number}@example.com" for number in range(count)))
            rows = freeze(message(html=HTML), to, {"mailto": mail}, now=now, lifetime=timedelta(days=1))
            store.editions.publish(edition, "{}", rows, used=())
            store.close()
            left = "SELECT 1 FROM deliveries WHERE state IN ('pending', 'sending') LIMIT 1"
            rate = measured(cluster, workers, left=left, what="mails", count=count, served_by=server_pid)
            states = dict(cluster.ask("SELECT state, count(*) FROM deliveries GROUP BY state"))  # type: ignore[arg-type]
            print(f"   {states}", flush=True)
            return rate


def collect(server: Server, count: int, workers: int) -> float:
    with (
        beside(newsroom, count) as (port, server_pid),
        tempfile.TemporaryDirectory(prefix="digestbot-share-") as folder,
    ):
        own = {
            f"FEEDS__F{number}": f"http://127.{1 + number // 62500}.{number // 250 % 250}.{number % 250 + 1}:{port}/feed{number}"
            for number in range(count)
        }
        with Cluster(Path(folder), server.new_database(), feeds=0, mailboxes=1, channels=(), settings=own) as cluster:
            store = cluster.open()
            prepare_queue(store.database)
            loaded = load(cluster.folder / "config.env", {}, folder=cluster.folder)
            assert store.queue is not None
            every: tuple[Batch, ...] = batches(configured_feeds(loaded), of=count)
            for batch in every:
                store.queue.put(JobKind.COLLECT, str(batch))
            store.close()
            left = f"SELECT 1 FROM feeds WHERE checked IS NOT NULL HAVING count(*) < {count}"
            rate = measured(cluster, workers, left=left, what="feeds", count=count, served_by=server_pid)
            [(items, errors)] = cluster.ask(
                "SELECT (SELECT count(*) FROM items), (SELECT count(*) FROM feeds WHERE error <> '')"
            )
            with urlopen(f"http://127.0.0.1:{port}/asked") as reply:
                asked = int(reply.read())
            print(f"   {len(every)} batches, {asked} requests, {items} items, {errors} feeds failed", flush=True)
            for error, times in cluster.ask("SELECT error, count(*) FROM feeds WHERE error <> '' GROUP BY error"):
                print(f"   {times} x {error}", flush=True)
            return rate


def main() -> None:
    what = sys.argv[1] if len(sys.argv) > 1 else "deliver"
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 5000
    rows = [int(word) for word in sys.argv[3:]] or [1, 4]
    with running() as server:
        rates = [{"deliver": deliver, "collect": collect}[what](server, count, workers) for workers in rows]
    print(f"{rows[-1]} workers beside {rows[0]}: {rates[-1] / rates[0]:.2f} times as many a second")


if __name__ == "__main__":
    main()
