"""How long it takes to tell who got what, on a database of a million deliveries, and how much memory.

    python benchmarks/ledger.py [DELIVERIES] [EDITION]

Makes a folder with DELIVERIES (1,000,000) in finished editions of EDITION (100,000) each, of which a tenth failed, every one with an
address and a number of its own in the server's words. Prints the median wall time and the most memory of each command, of three; and of
the same commands on a folder with one edition of 100 deliveries.
"""

from __future__ import annotations

import sqlite3
import statistics
import sys
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

from start import Tree
from status import insert

from digestbot.store import FILE, open_store

ROUNDS = 3
CONFIG = (
    "DIGESTBOT_FEEDS__PAPER=https://paper.example/feed\nDIGESTBOT_TOPICS__TRADE=harbour\n"
    "DIGESTBOT_DIGESTS__MORNING__TO=file:out\n"
)


def fill(folder: Path, deliveries: int, edition: int) -> str:
    """The rows, as `benchmarks/status.py` makes them; the name of the newest edition."""
    open_store(folder).close()
    now = datetime.now(UTC)
    stamp = now.strftime("%Y-%m-%d %H:%M:%S.%f")
    with sqlite3.connect(folder / FILE) as rows:
        for back in range(deliveries // edition):
            day = (now - timedelta(days=back)).date().isoformat()
            insert(
                rows, "editions", [{"digest": "morning", "date": day, "since": stamp, "until": stamp, "state": "done"}]
            )
            # Few at a time: a command's memory is counted from that of the process that starts it.
            for first in range(0, edition, 1000):
                numbers = range(first, min(first + 1000, edition))
                insert(rows, "deliveries", [delivery(day, number, stamp) for number in numbers])
    rows.close()
    return now.date().isoformat()


def delivery(day: str, number: int, stamp: str) -> dict[str, str]:
    """Every tenth one failed."""
    address = f"reader{number}@example.com"
    failed = number % 10 == 0
    said = f"550 5.1.1 <{address}>: no such user, session {number:04x}c0ffee42"
    return {
        "digest": "morning",
        "edition": day,
        "recipient": f"mailto:{address}",
        "key": f"{day}-{number}",
        "state": "failed" if failed else "sent",
        "claimed": stamp,
        "error": f"{address} was refused at RCPT ({said})" if failed else "",
    }


def main() -> None:
    """Print the table."""
    deliveries, edition = (int(word) for word in (*sys.argv[1:], "1000000", "100000")[:2])
    with tempfile.TemporaryDirectory() as temporary:
        folders = {name: Path(temporary) / name for name in ("small", "full")}
        for name, folder in folders.items():
            folder.mkdir()
            (folder / "config.env").write_text(CONFIG, encoding="utf-8")
            sizes = (deliveries, edition) if name == "full" else (100, 100)
            newest = fill(folder / "digestbot-data", *sizes)
        print(f"database: {(folders['full'] / 'digestbot-data' / FILE).stat().st_size / 1e6:.0f} MB")
        commands = {
            "status morning --edition": ("status", "morning", "--edition", newest),
            "status --to": ("status", "--to", "READER77@example.com"),
            "export": ("export", "--out", "ledger.csv"),
        }
        for words, command in commands.items():
            for name, folder in folders.items():
                tree = Tree(name=name, python=sys.executable, folder=folder)
                done = [tree.run("-m", "digestbot", *command) for _ in range(ROUNDS)]
                seconds = statistics.median(one.wall for one in done)
                print(f"{words:25} {name:6} {seconds:6.2f} s {max(one.memory for one in done):5.0f} MB")


if __name__ == "__main__":
    main()
