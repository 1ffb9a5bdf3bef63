"""How fast documents become items, beside feedparser and a bare lxml parse; and whether the items agree.

    python benchmarks/parse.py FOLDER_OR_TAR_XZ... [--passes N] [--differences]

CPU seconds in one run: read the ratios.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import tarfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

import feedparser
from lxml import etree

from digestbot.collect.feeds import normalise_feed, parse_feed
from digestbot.collect.parse_feedparser import read_thorough
from digestbot.model import Feed, Item

DEFAULTS = "feedparser, defaults"
NOW = datetime.now(UTC)
FEED = Feed(url="https://feed.example/feed.xml", name="feed")


def documents(paths: list[Path]) -> Iterator[tuple[str, bytes]]:
    """Every document under these folders or in these archives."""
    for path in paths:
        if path.is_dir():
            yield from ((str(file), file.read_bytes()) for file in sorted(path.rglob("*")) if file.is_file())
        else:
            with tarfile.open(path) as archive:
                for member in archive:
                    file = archive.extractfile(member) if member.isfile() else None
                    if file:
                        yield member.name, file.read()


def cpu(contenders: Mapping[str, Callable[[bytes], object]], bodies: list[bytes], passes: int) -> dict[str, float]:
    """The CPU seconds of each contender for all documents: the smaller of the passes for each document.

    They take turns at every document, so that whatever else the machine does falls on all of them alike.
    """
    times = {name: [float("inf")] * len(bodies) for name in contenders}
    for _ in range(passes):
        for place, body in enumerate(bodies):
            for name, work in contenders.items():
                start = time.process_time()
                with contextlib.suppress(etree.XMLSyntaxError):
                    work(body)
                times[name][place] = min(times[name][place], time.process_time() - start)
    return {name: sum(each) for name, each in times.items()}


def plainly(body: bytes) -> object:
    """feedparser as most programs use it."""
    return feedparser.parse(io.BytesIO(body))


def sparingly(body: bytes) -> object:
    """feedparser without its own sanitising and resolving."""
    return feedparser.parse(io.BytesIO(body), sanitize_html=False, resolve_relative_uris=False)


def facts(items: tuple[Item, ...]) -> list[tuple[object, ...]]:
    """What must agree: identity, title, link, date."""
    return [(item.keys, item.title, item.url, item.published) for item in items]


def main() -> None:
    """Print the table."""
    arguments = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    arguments.add_argument("paths", nargs="+", type=Path)
    arguments.add_argument("--passes", type=int, default=2)
    arguments.add_argument("--differences", action="store_true", help="print every item that differs")
    chosen = arguments.parse_args()
    named = list(documents(chosen.paths))
    bodies = [body for _, body in named]
    seconds = cpu(
        {
            "lxml parse alone": lambda body: etree.fromstring(body, etree.XMLParser(recover=True)),
            "digestbot, to items": lambda body: parse_feed(body, feed=FEED, now=NOW),
            "feedparser, cleaning off": sparingly,
            DEFAULTS: plainly,
        },
        bodies,
        chosen.passes,
    )
    print(f"{len(bodies)} documents, {sum(map(len, bodies)) / 1e6:.1f} MB")
    for name, taken in seconds.items():
        print(f"{name:26} {taken:8.3f} s CPU {seconds[DEFAULTS] / taken:8.1f} x feedparser's defaults")
    agreement(named, differences=chosen.differences)


def agreement(named: list[tuple[str, bytes]], *, differences: bool) -> None:
    """Compare with what feedparser makes of the same documents, through the same normaliser, and its entry counts."""
    counts: Counter[str] = Counter()
    for name, body in named:
        ours = parse_feed(body, feed=FEED, now=NOW).items
        raw = read_thorough(body, url=FEED.url)
        theirs = normalise_feed(raw, feed=FEED, now=NOW, url=FEED.url).items if raw else ()
        entries = len(feedparser.parse(io.BytesIO(body), sanitize_html=False, resolve_relative_uris=False)["entries"])
        counts["items"] += len(ours)
        counts["entries of feedparser"] += entries
        counts["documents with fewer items"] += len(ours) < entries
        if len(ours) < entries:
            print(f"{name}: {len(ours)} items, {entries} entries")
        if not theirs:
            continue
        wanted = Counter(facts(theirs))
        same = sum((wanted & Counter(facts(ours))).values())
        counts["compared"] += len(theirs)
        counts["agreeing"] += same
        for place, what in enumerate(("keys", "title", "link", "date")):
            column = Counter(fact[place] for fact in facts(theirs)) & Counter(fact[place] for fact in facts(ours))
            counts[f"agreeing {what}"] += sum(column.values())
        if differences and same < len(theirs):
            for mine, other in zip(facts(ours), facts(theirs), strict=False):
                if mine != other:
                    print(f"{name}\n   ours   {mine}\n   theirs {other}")
    for what, count in counts.items():
        share = f"{count / counts['compared']:9.2%}" if what.startswith("agreeing") else ""
        print(f"{what:28} {count:6} {share}")


if __name__ == "__main__":
    main()
