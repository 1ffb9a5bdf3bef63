"""How long a command takes that does little: most of it is what it loads.

    python benchmarks/start.py [ROUNDS] [PYTHON]

Makes a folder, serves three feeds of 23 invented items to it and stores them. Then runs each command ROUNDS (7) times, in turn with the
unit, `python -c 'import sqlalchemy, aiohttp, scipy.sparse'`, and prints medians, ratios and the most memory. PYTHON is that of an
environment with the runtime lock alone: packages for development change what some libraries import. What digestbot is measured
is the one that PYTHON finds: an installed wheel, or a checkout named by PYTHONPATH.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

UNIT = ("-c", "import sqlalchemy, aiohttp, scipy.sparse")
# The most that each may take, in units, and in MB where that is limited.
COMMANDS: dict[str, tuple[tuple[str, ...], float, float]] = {
    "preview": (("preview",), 2.0, 130.0),
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
    (folder / "config.env").write_text("\n".join(lines) + "\n", encoding="utf-8")


class Quiet(SimpleHTTPRequestHandler):
    """Serves files and writes no line for each."""

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def run(command: tuple[str, ...], folder: Path) -> tuple[float, float]:
    """Wall time in seconds, and the most memory in MB."""
    begun = time.perf_counter()
    process = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    assert process.stderr is not None
    said = process.stderr.read()
    _, status, used = os.wait4(process.pid, 0)
    took = time.perf_counter() - begun
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{' '.join(command)}: {said.decode()}")
    return took, used.ru_maxrss / 1000


def main() -> None:
    """Print the table."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 7
    python = sys.argv[2] if len(sys.argv) > 2 else sys.executable
    commands = {"the unit": (python, *UNIT)}
    commands |= {name: (python, "-m", "digestbot", *words) for name, (words, _, _) in COMMANDS.items()}
    seconds: dict[str, list[float]] = {name: [] for name in commands}
    memory: dict[str, float] = dict.fromkeys(commands, 0.0)
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        os.environ["XDG_DATA_HOME"] = str(folder / "data")
        write_feeds(folder)
        with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder))) as server:
            threading.Thread(target=server.serve_forever, daemon=True).start()
            write_configuration(folder, server.server_port)
            run((python, "-m", "digestbot", "collect"), folder)
            server.shutdown()
        for command in commands.values():
            run(command, folder)  # compiled and in the page cache
        for _ in range(rounds):
            for name, command in commands.items():
                took, most = run(command, folder)
                seconds[name].append(took)
                memory[name] = max(memory[name], most)
    unit = statistics.median(seconds["the unit"])
    print(f"{'':12} {'seconds':>8} {'units':>6} {'at most':>8} {'MB':>6} {'at most':>8}")
    for name in commands:
        median = statistics.median(seconds[name])
        _, units, most = COMMANDS.get(name, ((), 0.0, 0.0))
        print(
            f"{name:12} {median:8.3f} {median / unit:6.2f} {units or '':>8} {memory[name]:6.0f} {most or '':>8}".rstrip()
        )


if __name__ == "__main__":
    main()
