"""How fast documents become items, beside feedparser and a bare lxml parse; and whether both parsers
say the same of every field.

    python benchmarks/parse.py FOLDER_OR_TAR_XZ... [--passes N] [--differences]

CPU seconds in one run: read the ratios. Exit 1 where a feed is lost or the parsers agree in too little.
"""

from __future__ import annotations

import argparse
import contextlib
import gc
import io
import sys
import tarfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

import feedparser
from lxml import etree

from digestbot.collect.feeds import normalise_feed, parse_feed
from digestbot.collect.parse_fast import read_fast
from digestbot.collect.parse_feedparser import read_thorough
from digestbot.model import Feed

DEFAULTS = "feedparser, defaults"
NOW = datetime.now(UTC)
# The fields of an item, and what they are called here.
FIELDS = {
    "title": "titles", "url": "links", "published": "dates", "text": "texts", "keys": "identities", "authors": "authors", "source": "outlets",
    "language": "languages", "categories": "categories", "image": "pictures",
}  # fmt: skip
LEAST = {"title": 0.9999, "url": 0.9999, "published": 0.9999, "text": 0.999}
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
    """The CPU seconds of each contender for all documents: the smallest of the passes for each document.

    In each pass every contender reads all of them, one after another, as a process that collects does: taking turns at every
    document would have the quick ones begin each time with what a slow one left in the processor's caches. What one
    leaves behind is collected before the next begins, so that none pays for another's garbage.
    """
    gc.collect()
    gc.freeze()
    times = {name: [float("inf")] * len(bodies) for name in contenders}
    for _ in range(passes):
        for name, work in contenders.items():
            gc.collect()
            for place, body in enumerate(bodies):
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


def main() -> None:
    """Print the table."""
    arguments = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    arguments.add_argument("paths", nargs="+", type=Path)
    arguments.add_argument("--passes", type=int, default=5)
    arguments.add_argument("--differences", action="store_true", help="print every field that differs")
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
    sys.exit(not agreement(named, differences=chosen.differences))


def agreement(named: list[tuple[str, bytes]], *, differences: bool) -> bool:
    """Compare the quick reader with feedparser, field by field through one normaliser; whether all is as it must be."""
    counts: Counter[str] = Counter()
    agreeing: Counter[str] = Counter()
    for name, body in named:
        read = parse_feed(body, feed=FEED, now=NOW).items
        entries = len(feedparser.parse(io.BytesIO(body), sanitize_html=False, resolve_relative_uris=False)["entries"])
        counts["documents"] += 1
        counts["items"] += len(read)
        if len(read) < entries:
            counts["documents with fewer items than feedparser"] += 1
            print(f"{name}: {len(read)} items, {entries} entries")
        counts["feeds lost"] += bool(entries) and not read
        quick, thorough = read_fast(body), read_thorough(body)
        if quick is None or thorough is None:
            counts["documents left to feedparser, or none for it"] += 1
            continue
        ours, theirs = (normalise_feed(raw, feed=FEED, now=NOW, url=FEED.url).items for raw in (quick, thorough))
        counts["items compared"] += max(len(ours), len(theirs))
        for one, other in zip(ours, theirs, strict=False):
            for field in FIELDS:
                same = getattr(one, field) == getattr(other, field)
                agreeing[field] += same
                if differences and not same:
                    print(
                        f"{name} {field}\n   quick      {getattr(one, field)!r}\n   feedparser {getattr(other, field)!r}"
                    )
    for what, count in counts.items():
        print(f"{what:46} {count:6}")
    shares = {field: agreeing[field] / max(counts["items compared"], 1) for field in FIELDS}
    for field, share in shares.items():
        least = LEAST.get(field, 0.0)
        print(f"agreeing: {FIELDS[field]:36} {share:10.4%}" + (f"   at least {least:.2%}" if least else ""))
    return not counts["feeds lost"] and all(shares[field] >= least for field, least in LEAST.items())


if __name__ == "__main__":
    main()
