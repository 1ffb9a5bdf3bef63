"""What an edition, `status` and `preview` read where a million items are stored, beside where only their window is.

    python benchmarks/stored.py [STORED] [WINDOW] [--postgresql]

WINDOW items are of the last day; the others lie evenly on the 89 days before. Each figure is the best of some, in seconds by the
clock, of `make` and `preview` in seconds of CPU as well; nothing is collected, and words are those of cluster_speed.py.

Items are put in at once, past the rounds of collecting that would have counted the words of each day once it was over. So they are
counted here by what those rounds call, and what it costs stands first: a month's days, as after an upgrade, and one of these calls,
which count two days of more than 5,000 items. The first edition after that stands apart from the later ones.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
from cluster_speed import make_items
from servers.postgres import running

from digestbot.app import wiring
from digestbot.app.storage import throwaway_store
from digestbot.collect import PollResult
from digestbot.edition.counted_days import count_days
from digestbot.edition.pipeline import make, prepare
from digestbot.edition.reading import read_history
from digestbot.model import Edition, Item
from digestbot.operations.logs import NoProgress
from digestbot.operations.status import status
from digestbot.settings import Loaded, load
from digestbot.store import Stores, open_store, read_snapshot
from digestbot.store.schema import feeds, items

FEEDS = 200
NOW = datetime.now(UTC).replace(microsecond=0)
DAY = NOW.date()
DIGESTS = ("morning", "first", "second", "third", "looked")
CONFIG = "".join(f"DIGESTBOT_FEEDS__F{n}=https://news{n}.example/feed\n" for n in range(FEEDS)) + (
    "DIGESTBOT_TOPICS__CITY=bano\n" + "".join(f"DIGESTBOT_DIGESTS__{name.upper()}__TO=file:./out\n" for name in DIGESTS)
)
OTHER_TEXTS = 50_000  # of the older items, none of them one of the window's; after so many the same come again


def fill(store: Stores, stored: int, window: int, texts: Sequence[Item]) -> None:
    """Items without keys: nothing here is read anew. PostgreSQL takes them by COPY, a fifth of the time of rows."""
    older = stored - window

    def row(number: int) -> dict[str, Any]:
        back = (
            timedelta(days=1 + 89 * number / max(older, 1))
            if number < older
            else timedelta(days=(number - older) / window)
        )
        said = texts[window + number % OTHER_TEXTS] if number < older else texts[number - older]
        times = ("published", "first_seen", "effective_time", "last_listed")
        return {
            "id": f"item{number}",
            "feed": f"f{number % FEEDS}",
            "title": said.title,
            "language": "en",
            "url": f"https://news{number % FEEDS}.example/{number}",
            "text": said.text,
            "keys": (f"item{number}",),
            "checksum": str(number),
        } | dict.fromkeys(times, NOW - back)

    with store.database.writing() as connection:
        states = [
            {"name": f"f{n}", "url": f"https://news{n}.example/feed", "checked": NOW, "succeeded": NOW}
            for n in range(FEEDS)
        ]
        connection.execute(feeds.insert(), states)
        if store.database.sqlite:
            for begin in range(0, stored, 5000):
                connection.execute(items.insert(), [row(number) for number in range(begin, min(begin + 5000, stored))])
            return
        connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
        cursor = connection.connection.cursor()
        with cursor.copy(f"COPY items ({', '.join(row(0))}) FROM STDIN") as rows:
            for number in range(stored):
                said = row(number)
                rows.write_row([json.dumps(value) if isinstance(value, tuple) else value for value in said.values()])


def best(call: Callable[[], object], times: int = 3) -> float:
    took = []
    for _ in range(times):
        began = time.perf_counter()
        call()
        took.append(time.perf_counter() - began)
    return min(took)


def on_cpu(call: Callable[[], object]) -> tuple[float, float]:
    """Seconds by the clock, and of the CPU."""
    began, used = time.perf_counter(), time.process_time()
    call()
    return time.perf_counter() - began, time.process_time() - used


def counted(store: Stores) -> tuple[bool, float, float]:
    """Whether there is more to count, and the seconds of this call."""
    more = []
    took, used = on_cpu(lambda: more.append(count_days(store, until=NOW, before=NOW)))
    return more[0], took, used


def make_one(loaded: Loaded, store: Stores, name: str) -> None:
    (spec,) = wiring.digest_specs(loaded, name)
    context = wiring.edition_context(loaded, store, NoProgress(), sending=True)
    make(spec, context, at=NOW, day=DAY, collected=PollResult(feeds=FEEDS))


def preview_one(loaded: Loaded, folder: Path) -> None:
    (spec,) = wiring.digest_specs(loaded, "looked")
    with throwaway_store(loaded, folder) as store:
        context = wiring.edition_context(loaded, store, NoProgress(), sending=False)
        prepare(spec, context, at=NOW, preview=True, collected=PollResult(feeds=FEEDS))


def measure(folder: Path, url: str, stored: int, window: int, texts: Sequence[Item]) -> dict[str, float]:
    folder.mkdir()
    (folder / "config.env").write_text(CONFIG + (f"DIGESTBOT_DATABASE_URL={url}\n" if url else ""))
    loaded = load(folder / "config.env", {}, folder=folder)
    store = open_store(folder, url)
    fill(store, stored, window, texts)
    if url:
        with store.database.writing() as connection:
            connection.exec_driver_sql("ANALYZE")
    calls = [counted(store)]
    while calls[-1][0]:
        calls.append(counted(store))
    took, used = ([one[at] for one in calls] for at in (1, 2))
    figures = {"a month's words": sum(took), "a month's words, CPU": sum(used)}
    figures |= {"of one round": max(took), "of one round, CPU": max(used), "none to count": counted(store)[1]}
    since = NOW - timedelta(days=1)
    found = store.items.window("morning", since=since, until=NOW, oldest=since, late=False)
    assert len(found) in (window, window - 1), len(found)
    figures["window"] = best(lambda: store.items.window("morning", since=since, until=NOW, oldest=since, late=False))
    edition = store.editions.claim(Edition(digest="morning", date=DAY, since=since, until=NOW))
    figures["looked back on"] = best(lambda: read_history(store, "morning", found, edition=edition), 2)
    figures["publish"] = best(lambda: store.editions.publish(edition, "{}", (), used=[one.id for one in found]), 1)
    for name in DIGESTS[1:4]:
        took, used = on_cpu(lambda name=name: make_one(loaded, store, name))
        figures[f"{name} make"], figures[f"{name} make, CPU"] = took, used
    store.close()
    figures["status"] = best(lambda: read_snapshot(folder, lambda seen: status(loaded, seen, now=NOW), url))
    looks = [on_cpu(lambda: preview_one(loaded, folder)) for _ in range(2)]
    figures["preview"], figures["preview, CPU"] = map(min, zip(*looks, strict=True))
    return figures


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("stored", nargs="?", type=int, default=1_000_000)
    parser.add_argument("window", nargs="?", type=int, default=20_000)
    parser.add_argument("--postgresql", action="store_true")
    given = parser.parse_args()
    with ExitStack() as stack:
        server = stack.enter_context(running()) if given.postgresql else None
        texts = make_items(given.window + OTHER_TEXTS)
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="digestbot-stored-")))
        few, many = (
            measure(folder / str(count), server.new_database() if server else "", count, given.window, texts)
            for count in (given.window, given.stored)
        )
    print(f"{'':22}{given.window:>12,}{given.stored:>12,}")
    for name, took in few.items():
        print(f"{name:22}{took:>12.3f}{many[name]:>12.3f}   {many[name] / took:8.2f} times")


if __name__ == "__main__":
    main()
