"""What an edition, `status` and `preview` read where a million items are stored, beside where only their window is.

    python benchmarks/stored.py [STORED] [WINDOW] [--postgresql]

WINDOW items are of the last day; the others lie evenly on the 89 days before. Each figure is the best of three, in seconds.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
from servers.postgres import running

from digestbot.edition.reading import read_history
from digestbot.model import Edition
from digestbot.operations.status import status
from digestbot.settings import load
from digestbot.store import Stores, open_store, read_snapshot, scratch_copy
from digestbot.store.schema import feeds, items

FEEDS = 200
NOW = datetime.now(UTC).replace(microsecond=0)
DAY = date(2026, 5, 27)
CONFIG = "".join(f"DIGESTBOT_FEEDS__F{n}=https://news{n}.example/feed\n" for n in range(FEEDS)) + (
    "DIGESTBOT_TOPICS__CITY=ferry\nDIGESTBOT_DIGESTS__MORNING__TO=file:./out\n"
)


def fill(store: Stores, stored: int, window: int) -> None:
    """Items without keys: nothing here is read anew."""
    older = stored - window
    with store.database.writing() as connection:
        states = [
            {"name": f"f{n}", "url": f"https://news{n}.example/feed", "checked": NOW, "succeeded": NOW}
            for n in range(FEEDS)
        ]
        connection.execute(feeds.insert(), states)
        for begin in range(0, stored, 5000):
            rows = []
            for number in range(begin, min(begin + 5000, stored)):
                back = (
                    timedelta(days=1 + 89 * number / max(older, 1))
                    if number < older
                    else timedelta(days=(number - older) / window)
                )
                rows.append(
                    {
                        "id": f"item{number}",
                        "feed": f"f{number % FEEDS}",
                        "title": f"The ferry number {number} sails again from pier {number % 97}",
                        "url": f"https://news{number % FEEDS}.example/{number}",
                        "text": f"The council of quarter {number % 89} said so on day {number % 31}, and the {number % 1013} passengers agreed.",
                        "keys": (f"item{number}",),
                        "published": NOW - back,
                        "first_seen": NOW - back,
                        "effective_time": NOW - back,
                        "last_listed": NOW - back,
                        "checksum": str(number),
                    }
                )
            connection.execute(items.insert(), rows)


def best(call: Callable[[], object], times: int = 3) -> float:
    took = []
    for _ in range(times):
        began = time.perf_counter()
        call()
        took.append(time.perf_counter() - began)
    return min(took)


def measure(folder: Path, url: str, stored: int, window: int) -> dict[str, float]:
    folder.mkdir()
    (folder / "config.env").write_text(CONFIG)
    loaded = load(folder / "config.env", {}, folder=folder)
    store = open_store(folder, url)
    fill(store, stored, window)
    if url:
        with store.database.writing() as connection:
            connection.exec_driver_sql("ANALYZE")
    since = NOW - timedelta(days=1)
    found = store.items.window("morning", since=since, until=NOW, oldest=since, late=False)
    assert len(found) in (window, window - 1), len(found)
    figures = {
        "window": best(lambda: store.items.window("morning", since=since, until=NOW, oldest=since, late=False)),
    }
    edition = store.editions.claim(Edition(digest="morning", date=DAY, since=since, until=NOW))
    figures["looked back on"] = best(lambda: read_history(store, "morning", found, edition=edition), 2)
    figures["publish"] = best(lambda: store.editions.publish(edition, "{}", (), used=[one.id for one in found]), 1)
    store.close()
    figures["status"] = best(lambda: read_snapshot(folder, lambda seen: status(loaded, seen, now=NOW), url))

    def copy() -> None:
        with scratch_copy(folder, url):
            pass

    figures["copy for preview"] = best(copy, 1)
    return figures


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("stored", nargs="?", type=int, default=1_000_000)
    parser.add_argument("window", nargs="?", type=int, default=20_000)
    parser.add_argument("--postgresql", action="store_true")
    given = parser.parse_args()
    with ExitStack() as stack:
        server = stack.enter_context(running()) if given.postgresql else None
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="digestbot-stored-")))
        few, many = (
            measure(folder / str(count), server.new_database() if server else "", count, given.window)
            for count in (given.window, given.stored)
        )
    print(f"{'':20}{given.window:>12,}{given.stored:>12,}")
    for name, took in few.items():
        print(f"{name:20}{took:>12.3f}{many[name]:>12.3f}   {many[name] / took:6.2f} times")


if __name__ == "__main__":
    main()
