"""How long a command takes that does little: most of it is what it loads.

    python benchmarks/start.py [ROUNDS] [PYTHON] [--against FOLDER]

Makes a folder, serves three feeds of 23 invented items to it and stores them. Then runs each command ROUNDS (7) times, in turn with the
unit, `python -c 'import sqlalchemy, aiohttp, scipy.sparse'`, and prints medians of wall time and of CPU time, both also in units, and the
most memory. PYTHON is that of an environment with the runtime lock alone: packages for development change what some libraries import. What digestbot
is measured is the one that PYTHON finds: an installed wheel, or a checkout named by PYTHONPATH.

With --against another digestbot is measured in the same rounds, the one in that folder: `pip install --no-deps --target FOLDER OLD.whl`, and
`python -m compileall -q FOLDER`. It has a folder and a database of its own.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

UNIT = ("-c", "import sqlalchemy, aiohttp, scipy.sparse")
# The most that each may take, in units, and in MB where that is limited.
COMMANDS: dict[str, tuple[tuple[str, ...], float, float]] = {
    "preview": (("preview", "morning"), 2.0, 130.0),
    "status": (("status",), 0.7, 0.0),
    "topics test": (("topics", "test", "harbour, copper*"), 0.7, 0.0),
    "--help": (("--help",), 0.25, 0.0),
}
EVENTS = (
    "The harbour authority closed its northern basin after a crane fell onto two barges",
    "Copper reached its highest price in nine years as two mines stayed shut by a strike",
    "Parliament put off its vote on the railway bill until the committee has heard the unions",
    "A court in Lisbon ordered the airline to pay back tickets of cancelled flights",
    "Engineers restored power to the island after a cable had been cut by an anchor",
    "The museum returned forty bronzes that had been taken from the palace in 1897",
    "Chip maker Lantern said its second foundry would open a year later than planned",
    "Floods washed away the only bridge between the two valleys on Monday night",
)
ITEMS = 23


def write_feeds(folder: Path) -> None:
    """The feeds, as files that are served."""
    now = datetime.now(UTC)
    for feed in range(3):
        items = "".join(
            f"<item><title>{EVENTS[number % 8]}</title><link>https://paper{feed}.example/{number}</link>"
            f"<guid>g{number}</guid><pubDate>{format_datetime(now - timedelta(minutes=20 * number + 5))}</pubDate>"
            f"<description>{EVENTS[number % 8]}. Officials said so on the day, in report {number} of the paper. "
            "Nobody was hurt, and an inquiry begins next week.</description></item>"
            for number in range(feed, ITEMS, 3)
        )
        text = f'<rss version="2.0"><channel><title>Paper {feed}</title>{items}</channel></rss>'
        (folder / f"paper{feed}.xml").write_text(text, encoding="utf-8")


def write_configuration(folder: Path, port: int) -> None:
    """It reads the feeds from a port of this machine."""
    lines = [f"DIGESTBOT_FEEDS__PAPER{feed}=http://127.0.0.1:{port}/paper{feed}.xml" for feed in range(3)]
    lines += ["DIGESTBOT_FETCH__ALLOW_PRIVATE=127.0.0.0/8"]
    lines += ["DIGESTBOT_TOPICS__TRADE=harbour, copper*, chip*", "DIGESTBOT_DIGESTS__MORNING__TO=file:out"]
    lines += ["DIGESTBOT_DIGESTS__OTHER__TO=file:out"]  # a run of it stores the items where there is no `collect` yet
    (folder / "config.env").write_text("\n".join(lines) + "\n", encoding="utf-8")


class Quiet(SimpleHTTPRequestHandler):
    """Serves files and writes no line for each."""

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@dataclass(frozen=True, slots=True)
class Used:
    """What one run of a command took."""

    wall: float  # seconds
    cpu: float  # seconds
    memory: float  # the most, in MB


@dataclass(frozen=True, slots=True, kw_only=True)
class Tree:
    """A digestbot, and the folder that it works in."""

    name: str
    python: str
    folder: Path
    packages: str = ""  # a folder of packages that come before those of PYTHON

    def run(self, *words: str) -> Used:
        """One run; ends the benchmark where the command fails."""
        begun = time.perf_counter()
        process = subprocess.Popen(
            (self.python, *words),
            cwd=self.folder,
            env=self._environment(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )
        assert process.stderr is not None
        said = process.stderr.read()
        _, status, used = os.wait4(process.pid, 0)
        took = time.perf_counter() - begun
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            raise SystemExit(f"{' '.join(words)}: {said.decode()}")
        return Used(took, used.ru_utime + used.ru_stime, used.ru_maxrss / 1000)

    def _environment(self) -> dict[str, str]:
        path = os.pathsep.join(filter(None, (self.packages, os.environ.get("PYTHONPATH", ""))))
        return {**os.environ, "XDG_DATA_HOME": str(self.folder / "data"), "PYTHONPATH": path}

    def stored(self) -> None:
        """Fill its store from feeds that are served for as long as it takes."""
        self.folder.mkdir()
        write_feeds(self.folder)
        with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(self.folder))) as server:
            threading.Thread(target=server.serve_forever, daemon=True).start()
            write_configuration(self.folder, server.server_port)
            try:
                self.run("-m", "digestbot", "collect")
            except SystemExit:
                self.run("-m", "digestbot", "run", "other")
            server.shutdown()


def main() -> None:
    """Print the table."""
    asked = argparse.ArgumentParser(description="How long commands take that do little.")
    asked.add_argument("rounds", nargs="?", type=int, default=7)
    asked.add_argument("python", nargs="?", default=sys.executable)
    asked.add_argument("--against", default="", help="a folder of packages with another digestbot")
    given = asked.parse_args()
    commands = {name: ("-m", "digestbot", *words) for name, (words, _, _) in COMMANDS.items()}
    with tempfile.TemporaryDirectory() as temporary:
        trees = [Tree(name="now", python=given.python, folder=Path(temporary) / "now")]
        if given.against:
            other = str(Path(given.against).resolve())
            trees.insert(0, Tree(name="before", python=given.python, folder=Path(temporary) / "before", packages=other))
        plain = Tree(name="", python=given.python, folder=Path(temporary))
        for tree in trees:
            tree.stored()
        cases = [("the unit", plain, UNIT)]
        cases += [(name, tree, words) for name, words in commands.items() for tree in trees]
        found: dict[tuple[str, str], list[Used]] = {(name, tree.name): [] for name, tree, _ in cases}
        for _, tree, words in cases:
            tree.run(*words)  # compiled and in the page cache
        for _ in range(given.rounds):
            for name, tree, words in cases:
                found[name, tree.name].append(tree.run(*words))
    _print(found)


def _print(found: dict[tuple[str, str], list[Used]]) -> None:
    wall = {case: statistics.median(one.wall for one in runs) for case, runs in found.items()}
    cpu = {case: statistics.median(one.cpu for one in runs) for case, runs in found.items()}
    unit = ("the unit", "")
    print(f"{'':12} {'':7} {'seconds':>8} {'units':>6} {'CPU':>7} {'units':>6} {'at most':>8} {'MB':>6} {'at most':>8}")
    for (name, tree), runs in found.items():
        _, units, most = COMMANDS.get(name, ((), 0.0, 0.0))
        case, memory = (name, tree), max(one.memory for one in runs)
        print(
            f"{name:12} {tree:7} {wall[case]:8.3f} {wall[case] / wall[unit]:6.2f} {cpu[case]:7.3f} {cpu[case] / cpu[unit]:6.2f} "
            f"{units or '':>8} {memory:6.0f} {most or '':>8}".rstrip()
        )


if __name__ == "__main__":
    main()
