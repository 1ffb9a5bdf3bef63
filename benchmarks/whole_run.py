"""One `digestbot run` over many feeds: seconds, CPU and peak memory, and how much of it grouping takes.

    python benchmarks/whole_run.py [FEEDS] [ITEMS A FEED]

1,000 feeds of 20 made items, unless told otherwise: files, so that no network is measured, each of an outlet of its own. The
items are those of cluster_speed.py, all of one day. The bot runs as a command, with a fresh data folder.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

from cluster_speed import make_items

UNTIL = datetime(2026, 5, 27, 5, 30, tzinfo=UTC)
# In a process of the bot: as the command does, with a watch on grouping.
BOT = """
import sys, time
from digestbot.app import wiring
from digestbot.cli import main
inner = wiring.cluster
def watched(items, **given):
    began = time.perf_counter()
    found = inner(items, **given)
    print(f"grouping {len(items)} items: {time.perf_counter() - began:.1f} s", file=sys.stderr)
    return found
wiring.cluster = watched
main()
"""


def write_feeds(folder: Path, feeds: int, each: int) -> None:
    items = make_items(feeds * each)
    lines = ["DIGESTBOT_TOPICS__NEWS=gold, oil", "DIGESTBOT_DIGESTS__DAILY__TO=file:./out"]
    for feed in range(feeds):
        entries = "".join(
            f"<item><title>{item.title.capitalize()}</title><link>https://paper{feed}.example/{item.id}</link>"
            f"<description>{item.text.capitalize()}.</description>"
            f"<pubDate>{format_datetime(UNTIL - timedelta(minutes=number % 1300 + 1))}</pubDate></item>"
            for number, item in enumerate(items[feed::feeds])
        )
        path = folder / "feeds" / f"{feed}.xml"
        path.write_text(
            f'<rss version="2.0"><channel><title>Paper {feed}</title><language>en</language>{entries}</channel></rss>',
            encoding="utf-8",
        )
        lines.append(f"DIGESTBOT_FEEDS__F{feed}={path}")
    (folder / "config.env").write_text("\n".join([*lines, ""]), encoding="utf-8")


def main(feeds: int, each: int) -> int:
    with tempfile.TemporaryDirectory(prefix="digestbot-bench-") as place:
        folder = Path(place)
        (folder / "feeds").mkdir()
        write_feeds(folder, feeds, each)
        command = [sys.executable, "-c", BOT, "run", "-c", "config.env", "-d", "data", "--at", UNTIL.isoformat()]
        began = time.perf_counter()
        done = subprocess.run(command, cwd=folder, env=dict(os.environ), capture_output=True, text=True, check=False)
        took = time.perf_counter() - began
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        told = [line for line in done.stderr.splitlines() if line.startswith("grouping")] or done.stderr.splitlines()[
            -5:
        ]
        print("\n".join(told))
        print(
            f"{feeds} feeds of {each} items: exit {done.returncode}, {took:.1f} s, CPU {used.ru_utime + used.ru_stime:.1f} s, "
            f"peak {used.ru_maxrss / 1024:.0f} MB"
        )
        return done.returncode


if __name__ == "__main__":
    given = [int(word) for word in sys.argv[1:]]
    sys.exit(main(*(given + [1000, 20][len(given) :])))
