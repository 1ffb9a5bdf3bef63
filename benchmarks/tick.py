"""How long a round of `serve` takes where nothing is due, beside a million finished deliveries.

    python benchmarks/tick.py [DELIVERIES]

SQLite and PostgreSQL, each with a month of one edition a day and DELIVERIES (1,000,000) between them, all sent, and with none. Prints the
median of twenty rounds in milliseconds, after the first.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import insert

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
from servers.postgres import running

from digestbot.model import DeliveryState, EditionState, Recipient
from digestbot.operations.daemon import Daemon
from digestbot.settings import load
from digestbot.store import open_store
from digestbot.store.opening import Stores
from digestbot.store.schema import deliveries, editions

DAYS = 30
ROUNDS = 20
CONFIG = """\
DIGESTBOT_FEEDS__PAPER=./paper.xml
DIGESTBOT_TOPICS__TRADE=harbour
DIGESTBOT_DIGESTS__MORNING__AT=23:59
DIGESTBOT_DIGESTS__MORNING__TIMEZONE=UTC
DIGESTBOT_DIGESTS__MORNING__TO=file:./out
"""


def fill(store: Stores, count: int) -> None:
    """As rows: a million of them would take an hour to send."""
    yesterday = datetime.now(UTC) - timedelta(days=1)
    for back in range(DAYS):
        day = yesterday - timedelta(days=back)
        with store.database.writing() as connection:
            connection.execute(
                insert(editions).values(
                    digest="morning", date=day.date(), since=day - timedelta(days=1), until=day, state=EditionState.DONE
                )
            )
            rows = [
                {
                    "digest": "morning",
                    "edition": day.date(),
                    "recipient": Recipient(channel="mailto", address=f"reader{number}@example.com"),
                    "key": f"{day:%Y%m%d}-{number}-0",
                    "state": DeliveryState.SENT,
                    "remote_id": f"<{day:%Y%m%d}-{number}@example.com>",
                }
                for number in range(count // DAYS)
            ]
            if rows:
                connection.execute(insert(deliveries), rows)


@contextmanager
def daemon(folder: Path, url: str, count: int) -> Iterator[Daemon]:
    """One whose digest is due in a minute of the day's end."""
    folder.mkdir()
    (folder / "paper.xml").write_text("<rss><channel><title>Paper</title></channel></rss>", encoding="utf-8")
    (folder / "config.env").write_text(CONFIG, encoding="utf-8")
    store = open_store(folder / "digestbot-data", database_url=url)
    fill(store, count)
    if not store.database.sqlite:
        with store.database.writing() as connection:
            connection.exec_driver_sql("ANALYZE")
    store.close()  # SQLite then folds what was written into the database, which a night of `serve` does, too
    store = open_store(folder / "digestbot-data", database_url=url)
    loaded = load(folder / "config.env", {}, folder=folder)
    made = Daemon(read=lambda: loaded, loaded=loaded, store=store)
    yield made
    made.close()
    store.close()


def rounds(made: Daemon) -> float:
    """The median of their milliseconds."""
    made.tick()
    took = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        made.tick()
        took.append((time.perf_counter() - began) * 1000)
    return statistics.median(took)


def main() -> None:
    """Print the table."""
    many = int((*sys.argv[1:], "1000000")[0])
    with tempfile.TemporaryDirectory() as temporary, running() as server:
        for name, url in (("SQLite", ""), ("PostgreSQL", server.new_database())):
            for count in (0, many):
                place = server.new_database() if url and count else url
                with daemon(Path(temporary) / f"{name}{count}", place, count) as made:
                    print(f"{name:10} {count:9,} finished deliveries: {rounds(made):6.1f} ms")


if __name__ == "__main__":
    main()
