"""One edition that several workers share, while they are killed, suspended, cut off, and robbed of their queue.

    python benchmarks/cluster_soak.py [ROW ...] [--seconds 300] [--mailboxes 2000] [--feeds 500] [--pooler]

Rows: kill, stop, truncate, cut, away3, away12, away60. Each prints what was promised and not kept, copies of mails, how workers ended,
and how long after the last blow the first mail came and the edition was done. Exits 1 where something was promised and not kept.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import nullcontext, suppress
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
import psycopg
from clustered import Cluster
from servers.pgbouncer import pooled
from servers.postgres import Server, running

from digestbot.jobs.queue_schema import prepare_queue

# So that a suspended worker loses what it had claimed within seconds.
SHORT_LEASE = "from digestbot.app import wiring; wiring.SHARED_LEASE = 4.0"
# As a machine whose clock is eleven minutes ahead.
AHEAD = """
import datetime as real, sys
class Ahead(real.datetime):
    @classmethod
    def now(cls, tz=None):
        return real.datetime.now(tz) + real.timedelta(minutes=11)
for name, module in list(sys.modules.items()):
    if name.startswith("digestbot") and getattr(module, "datetime", None) is real.datetime:
        module.datetime = Ahead
"""
WORKERS = 4


class Blows:
    """What strikes while an edition is delivered, each `every` seconds, for `seconds`; `mails` says how many have arrived."""

    def __init__(
        self,
        strike: Callable[[], object],
        *,
        every: float,
        seconds: float,
        mails: Callable[[], int],
        most: int = 10**9,
    ) -> None:
        self._strike, self._every, self._most, self._mails = strike, every, most, mails
        self._ends = time.monotonic() + seconds
        self._next = time.monotonic() + every
        self.struck = 0
        self.last = time.monotonic()
        self._before = 0
        self.first_mail: float | None = None  # seconds from the end of the last blow to the next mail

    def __call__(self) -> None:
        now = time.monotonic()
        if self.struck and self.first_mail is None and self._mails() > self._before:
            self.first_mail = now - self.last
        if self._next <= now < self._ends and self.struck < self._most:
            with suppress(psycopg.Error):
                self._strike()
                self.struck += 1
            self.last = time.monotonic()
            self._before, self.first_mail = self._mails(), None
            self._next = self.last + self._every

    @property
    def over(self) -> bool:
        return time.monotonic() >= self._ends or self.struck >= self._most


def strikes(
    row: str, cluster: Cluster, server: Server, chance: random.Random, *, seconds: float, every: float
) -> Blows:
    """The blows of a row."""

    def suspend() -> None:
        process = chance.choice(cluster.workers)[0]
        with suppress(ProcessLookupError):
            os.kill(process.pid or 0, signal.SIGSTOP)
            time.sleep(6.0)  # past every lease
            os.kill(process.pid or 0, signal.SIGCONT)

    def mails() -> int:
        return len(cluster.smtp.messages)

    def away(for_so_long: float) -> Callable[[], None]:
        return lambda: server.away(for_so_long)

    def blows(strike: Callable[[], object], most: int, *, every: float = every) -> Blows:
        return Blows(strike, every=every, seconds=10**6, most=most, mails=mails)

    return {
        "kill": lambda: Blows(lambda: cluster.kill_one(chance), every=1.0, seconds=seconds, mails=mails),
        "stop": lambda: blows(suspend, 20 if seconds > 60 else 2, every=1.0),
        "truncate": lambda: blows(cluster.truncate_queue, 3),
        "cut": lambda: blows(cluster.cut_connections, 3),
        "away3": lambda: blows(away(3), 1),
        "away12": lambda: blows(away(12), 1),
        "away60": lambda: blows(away(60), 1),
    }[row]()


ROWS = ("kill", "stop", "truncate", "cut", "away3", "away12", "away60")


def live(
    row: str,
    server: Server,
    folder: Path,
    *,
    seconds: float,
    mailboxes: int,
    feeds: int,
    seed: int = 1,
    pooler: bool = False,
) -> tuple[list[str], str]:
    """One edition under the blows of a row; what was promised and not kept, and a line of figures."""
    chance = random.Random(seed)
    # Long enough to be struck for as long as is wanted.
    short = seconds < 60
    lasting = seconds if row == "kill" else 5.0 if short else 180.0 if row == "stop" else 20.0
    every = 1.0 if short else 5.0
    rate = max(round(mailboxes / lasting), 1)
    url = server.new_database()
    with (
        pooled(url) if pooler else nullcontext(url) as between,
        Cluster(
            folder,
            f"{between}?pooler=transaction" if pooler else url,
            feeds=feeds,
            mailboxes=mailboxes,
            channels=("chips", "markets", "city"),
            settings={"SMTP__RATE": f"{rate}/s"},
        ) as cluster,
    ):
        store = cluster.open()
        prepare_queue(store.database)
        for number in range(WORKERS):
            lease = SHORT_LEASE if row == "stop" else ""
            cluster.start("worker", before=lease + (AHEAD if number == 0 and row == "stop" else ""))
        cluster.make(store)
        store.close()
        if not cluster.until(lambda: len(cluster.smtp.messages) > 0, seconds=120):
            return ["no mail went out"], cluster.logs()[-3000:]
        blows = strikes(row, cluster, server, chance, seconds=seconds, every=every)
        began = time.monotonic()
        done = cluster.until(
            lambda: blows.over and cluster.all_sent(), seconds=seconds + lasting + 240, meanwhile=blows
        )
        took = time.monotonic() - began
        broken = cluster.verdict() + ([] if done else [f"not done: {dict(cluster.states())}"])
        ends = dict(sorted(cluster.ended.items(), key=str))
        return broken, (
            f"{row}: {blows.struck} blows in {took:.0f} s; after the last the first mail came {blows.first_mail or 0:.1f} s later, "
            f"and it was done after {time.monotonic() - blows.last:.1f} s; "
            f"Slack {len(cluster.slack.messages)}, mails {len(cluster.smtp.messages)} with {cluster.copies} copies; "
            f"ended and begun again: {ends}"
        )


def rows_of(given: argparse.Namespace) -> Iterator[str]:
    yield from given.rows or ROWS


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("rows", nargs="*", metavar="ROW")
    parser.add_argument("--seconds", type=float, default=300.0, help="for how long workers are killed")
    parser.add_argument("--mailboxes", type=int, default=2000)
    parser.add_argument("--feeds", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--pooler", action="store_true", help="through pgbouncer in transaction mode")
    given = parser.parse_args()
    bad = False
    with running() as server:
        for row in rows_of(given):
            with tempfile.TemporaryDirectory(prefix="digestbot-cluster-") as folder:
                broken, figures = live(
                    row,
                    server,
                    Path(folder),
                    seconds=given.seconds,
                    mailboxes=given.mailboxes,
                    feeds=given.feeds,
                    seed=given.seed,
                    pooler=given.pooler,
                )
            print(figures, flush=True)
            for line in broken:
                print(f"BROKEN {line}", flush=True)
            bad = bad or bool(broken)
    return int(bad)


if __name__ == "__main__":
    sys.exit(main())
