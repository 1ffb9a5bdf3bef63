"""How long an import of readers takes, and how large they make the database.

    python benchmarks/import_subscribers.py [ROWS] [DATABASE_URL]

Writes a file of ROWS (100,000) as listmonk exports it, one in fifty unsubscribed and one in a hundred blocklisted, and imports it twice into an
empty folder, or into the database at DATABASE_URL: with every reader new, then with every reader there. Prints seconds, peak memory and bytes a
reader.
"""

from __future__ import annotations

import logging
import resource
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import text

from digestbot.operations.import_subscribers import import_readers, look_at
from digestbot.operations.logs import LoggedProgress
from digestbot.store import Stores, open_store

HEAD = "uuid,email,name,attributes,status,created_at,updated_at\n"
TABLES = ("subscribers", "subscriptions", "suppressions")


def write(path: Path, rows: int) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.write(HEAD)
        for at in range(rows):
            status = "disabled" if at % 50 == 0 else "blocklisted" if at % 100 == 1 else "enabled"
            file.write(
                f'7f3a{at:08x},reader.number.{at}@mail{at % 997}.example.com,"Reader, {at}","{{""city"": ""Odde""}}",'
                f"{status},2024-01-31T12:00:00.123456Z,2025-01-31T12:00:00.123456Z\n"
            )


def size(store: Stores) -> int:
    with store.database.reading() as connection:
        if store.database.sqlite:
            return int(
                connection.scalar(text("SELECT page_count * page_size FROM pragma_page_count, pragma_page_size"))
            )
        return sum(int(connection.scalar(text(f"SELECT pg_total_relation_size('{one}')"))) for one in TABLES)


def main(rows: int, url: str) -> None:
    logging.basicConfig(level=logging.WARNING)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "subscribers.csv"
        write(path, rows)
        store = open_store(Path(folder) / "data", url)
        before = size(store)
        print(f"{'import of':<12} {'seconds':>8} {'peak MB':>8}  became")
        for name in ("new", "known"):
            began = time.perf_counter()
            done = import_readers(
                store, look_at(path), "briefing", confirmed=True, now=datetime.now(UTC), progress=LoggedProgress()
            )
            took = time.perf_counter() - began
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
            became = {str(state): number for state, number in done.kept.items()} | {"known": done.left.total()}
            print(f"{name:<12} {took:>8.1f} {peak:>8.0f}  {became}")
        began = time.perf_counter()
        store.subscribers.counts(now=datetime.now(UTC))
        print(
            f"counts: {1000 * (time.perf_counter() - began):.0f} ms; {(size(store) - before) / rows:.0f} bytes a reader"
        )
        store.close()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000, sys.argv[2] if len(sys.argv) > 2 else "")
