"""How long `status` takes on a full database, against an empty one.

    python benchmarks/status.py [ITEMS] [DELIVERIES]

Makes two folders: one with ITEMS (100,000) items of 1,000 feeds in a month and a finished edition a day for 30 days, with DELIVERIES (1,000,000)
between them; one with nothing. Prints the database's size and, for each folder in turn, the median wall time and the most memory of
`digestbot status`, in seven rounds.
"""

from __future__ import annotations

import sqlite3
import statistics
import sys
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

from start import Tree

from digestbot.model import FeedState, Item
from digestbot.store import FILE, open_store

FEEDS = 1000
DAYS = 30
TEXT = "The harbour authority closed its northern basin after a crane fell onto two barges. " * 12


def fill(folder: Path, items: int, deliveries: int) -> None:
    """The items by the store's own means, the deliveries as rows: a million of them would take an hour to send."""
    now = datetime.now(UTC)
    store = open_store(folder)
    for feed in range(FEEDS):
        found = [
            Item(
                id=f"{feed}-{number}",
                title=f"Report {number} of paper {feed}",
                text=TEXT,
                published=now - timedelta(days=DAYS) * number * FEEDS / items,
                keys=(f"{feed}-{number}",),
            )
            for number in range(items // FEEDS)
        ]
        url = f"https://paper{feed}.example/feed"
        store.items.save(FeedState(name=f"paper{feed}", url=url, succeeded=now, checked=now), found, now=now)
    store.close()
    with sqlite3.connect(folder / FILE) as rows:
        stamp = now.strftime("%Y-%m-%d %H:%M:%S.%f")
        for back in range(DAYS):
            day = (now - timedelta(days=back)).date().isoformat()
            columns = {"digest": "morning", "date": day, "since": stamp, "until": stamp, "state": "done"}
            insert(rows, "editions", [columns])
            insert(
                rows,
                "deliveries",
                [
                    {
                        "digest": "morning",
                        "edition": day,
                        "recipient": f"mailto:reader{number}@example.com",
                        "key": f"{day}-{number}",
                        "state": "sent",
                    }
                    for number in range(deliveries // DAYS)
                ],
            )
    rows.close()


def insert(rows: sqlite3.Connection, table: str, values: list[dict[str, str]]) -> None:
    """With a value for every column that must have one."""
    needed = {
        name: "" if "CHAR" in kind or "TEXT" in kind else 0
        for _, name, kind, required, default, primary in rows.execute(f"PRAGMA table_info({table})")
        if required and default is None and not (primary and kind == "INTEGER")
    }
    names = list(needed | values[0])
    rows.executemany(
        f"INSERT INTO {table} ({', '.join(names)}) VALUES ({', '.join(':' + name for name in names)})",
        [needed | one for one in values],
    )


def main() -> None:
    """Print the table."""
    items, deliveries = (int(word) for word in (*sys.argv[1:], "100000", "1000000")[:2])
    with tempfile.TemporaryDirectory() as temporary:
        folders = {name: Path(temporary) / name for name in ("empty", "full")}
        feeds = "".join(f"DIGESTBOT_FEEDS__PAPER{feed}=https://paper{feed}.example/feed\n" for feed in range(FEEDS))
        for folder in folders.values():
            folder.mkdir()
            (folder / "config.env").write_text(
                feeds + "DIGESTBOT_TOPICS__TRADE=harbour\nDIGESTBOT_DIGESTS__MORNING__TO=file:out\n", encoding="utf-8"
            )
        fill(folders["full"] / "digestbot-data", items, deliveries)
        print(f"database: {(folders['full'] / 'digestbot-data' / FILE).stat().st_size / 1e6:.0f} MB")
        took: dict[str, list[float]] = {name: [] for name in folders}
        memory = dict.fromkeys(folders, 0.0)
        for _ in range(7):
            for name, folder in folders.items():
                done = Tree(name=name, python=sys.executable, folder=folder).run("-m", "digestbot", "status")
                took[name].append(done.wall)
                memory[name] = max(memory[name], done.memory)
    empty = statistics.median(took["empty"])
    for name, seconds_of in took.items():
        median = statistics.median(seconds_of)
        print(f"{name:6} {median:.2f} s, {median / empty:.2f} times the empty one, {memory[name]:.0f} MB")


if __name__ == "__main__":
    main()
