"""How soon a change of one word is on the page of `preview --watch`.

    python benchmarks/watch.py [ITEMS] [ROUNDS]

Makes a store of ITEMS (5,000) invented items in fifty feeds, serves the preview, and changes a topic ROUNDS (5) times. Prints
the seconds until the pages were made the first time, the median from the write to the version that a browser would see, and
how much of the first making that is.
"""

from __future__ import annotations

import random
import statistics
import sys
import tempfile
import threading
import time
import urllib.request
from datetime import UTC, datetime, timedelta
from pathlib import Path

from digestbot.model import FeedState, Item
from digestbot.operations.logs import LoggedProgress
from digestbot.settings import load
from digestbot.store import Stores, open_store
from digestbot.web import PreviewServer, PreviewSession, watch

UNTIL = datetime(2026, 5, 27, 5, 30, tzinfo=UTC)
FEEDS = 50
WORDS = ("harbour", "copper", "orchard", "lantern", "railway", "glacier", "parcel")


def fill(store: Stores, count: int) -> None:
    """Invented items: some 1,800 events, each with words of its own among common ones."""
    draw = random.Random(4)
    words = [
        "".join(draw.choice("bcdfglmnprst") + draw.choice("aeiou") for _ in range(draw.randint(1, 4)))
        for _ in range(9000)
    ]

    def text(length: int, event: list[str]) -> str:
        return " ".join(
            draw.choice(event) if draw.random() < 0.4 else words[int(9000 * draw.random() ** 3)] for _ in range(length)
        )

    for feed in range(FEEDS):
        items = []
        for number in range(count // FEEDS):
            event = random.Random(draw.randint(0, 1800)).sample(words, 12)
            items.append(
                Item(
                    id=f"{feed}-{number}",
                    title=f"{text(9, event)} {draw.choice(WORDS)}".capitalize(),
                    source=f"Paper {feed}",
                    feed=f"f{feed}",
                    url=f"https://paper{feed}.example/{number}",
                    text=f"{text(110, event)}. {text(20, event)}.",
                    published=UNTIL - timedelta(minutes=draw.randint(1, 1400)),
                    keys=(f"guid:{feed}-{number}",),
                    language="en",
                )
            )
        store.items.save(FeedState(name=f"f{feed}", title=f"Paper {feed}"), items, now=UNTIL)


def configuration(folder: Path, word: str) -> Path:
    """One topic with that word; the feeds are a file, so that nothing is asked over a network."""
    path = folder / "config.env"
    empty = folder / "empty.xml"
    if not empty.exists():
        empty.write_text("<rss version='2.0'><channel><title>Empty</title></channel></rss>", encoding="utf-8")
    path.write_text(f"DIGESTBOT_FEEDS__EMPTY={empty}\nDIGESTBOT_TOPICS__NEWS={word}, gold, oil\n", encoding="utf-8")
    return path


def version(address: str) -> str:
    with urllib.request.urlopen(f"{address}version", timeout=30) as answer:
        return answer.read().decode()


def main(count: int, rounds: int) -> None:
    with tempfile.TemporaryDirectory(prefix="digestbot-bench-") as place, PreviewServer() as live:
        folder = Path(place)
        store = open_store(folder / "data")
        fill(store, count)
        path = configuration(folder, WORDS[0])
        rehearsal = PreviewSession(
            lambda: load(path, {}, folder=folder), store, LoggedProgress(), at=UNTIL.isoformat(timespec="seconds")
        )
        stop, first = threading.Event(), threading.Event()
        changes: list[float] = []

        def edit() -> None:
            first.wait()
            for number in range(1, rounds + 1):
                time.sleep(1)
                before, began = version(live.address), time.monotonic()
                configuration(folder, WORDS[number % len(WORDS)])
                while version(live.address) == before:
                    time.sleep(0.02)
                changes.append(time.monotonic() - began)
            stop.set()

        editor = threading.Thread(target=edit)
        editor.start()
        began = time.monotonic()
        for number in watch(rehearsal, live, stop=stop):
            if number == 1:
                whole = time.monotonic() - began
                first.set()
        editor.join()
        store.close()
    change = statistics.median(changes)
    print(f"{count} items: made first in {whole:.1f} s, a changed word shows in {change:.2f} s ({change / whole:.0%})")


if __name__ == "__main__":
    given = [int(word) for word in sys.argv[1:]]
    main(*(given + [5000, 5][len(given) :]))
