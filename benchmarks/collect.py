"""What a round costs: 2,000 feeds on 1,000 loopback hosts, cold and all unchanged, beside a bare floor.

    python benchmarks/collect.py [--feeds 2000] [--runs 3] [--documents FOLDER] [--quick]

The floor asks with aiohttp and parses with lxml, keeping nothing; feedparser asks likewise and parses with its defaults
in a pool of threads. `digestbot` hands its items to a store that counts them, `with SQLite` stores them. CPU seconds of
the process and its workers, and their peak memory, each contender in a process of its own; the server runs in another.
They take turns, and of several runs the least of each figure counts: other load only adds. Read ratios: machines differ.
"""

from __future__ import annotations

import argparse
import asyncio
import io
import multiprocessing
import resource
import tempfile
import time
import zlib
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import aiohttp
import feedparser
from aiohttp import web
from lxml import etree

from digestbot.collect import FetchOptions, collect
from digestbot.model import Feed, FeedState, Item
from digestbot.store import open_store

NOW = datetime.now(UTC)
HOSTS = 1_000
CONCURRENCY = 64


class Sink:
    """As much of a store as a round needs: it keeps the states and counts the items."""

    def __init__(self) -> None:
        self.kept: dict[str, FeedState] = {}

    def states(self) -> Mapping[str, FeedState]:
        return self.kept

    def save_all(self, readings: Sequence[tuple[FeedState, Sequence[Item]]], *, now: datetime) -> int:  # noqa: ARG002
        self.kept.update((state.name, state) for state, _ in readings)
        return sum(len(items) for _, items in readings)


def invented(number: int) -> bytes:
    """A feed of 30 items with some paragraphs each, about 60 kB."""
    paragraph = "<p>The harbour was quiet on Monday, and the ferry to the islands sailed at nine as it always does.</p>"
    items = "".join(
        f"<item><title>Ferry {number}-{n} sails again</title><link>https://f{number}.example/{n}?utm_source=rss</link>"
        f"<guid>{number}-{n}</guid><pubDate>Tue, 26 May 2026 08:{n:02}:00 +0000</pubDate>"
        f"<description><![CDATA[{paragraph * 18}]]></description></item>"
        for n in range(30)
    )
    head = f"<title>Feed {number}</title><link>https://f{number}.example/</link><language>en</language>"
    return f'<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel>{head}{items}</channel></rss>'.encode()


def serve(documents: list[bytes], pipe: Connection) -> None:
    """The server's process: gzip, ETags, 304 for whoever has it."""
    packed = [zlib.compressobj(6, zlib.DEFLATED, 31) for _ in documents]
    bodies = [packer.compress(body) + packer.flush() for packer, body in zip(packed, documents, strict=True)]

    async def answer(request: web.Request) -> web.Response:
        number = int(request.match_info["number"])
        headers = {"ETag": f'"{number}"', "Content-Type": "application/xml"}
        if request.headers.get("If-None-Match") == headers["ETag"]:
            return web.Response(status=304, headers=headers)
        return web.Response(body=bodies[number % len(bodies)], headers=headers | {"Content-Encoding": "gzip"})

    async def run() -> None:
        app = web.Application()
        app.router.add_get("/{number}", answer)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        site = web.TCPSite(runner, "0.0.0.0", 0, backlog=1024)
        await site.start()
        pipe.send(runner.addresses[0][1])
        await asyncio.Event().wait()

    asyncio.run(run())


def feeds(count: int, port: int) -> list[Feed]:
    """So many feeds on a thousand addresses of the loopback network."""
    hosts = [f"127.1.{number // 250}.{number % 250 + 1}" for number in range(HOSTS)]
    return [Feed(url=f"http://{hosts[n % HOSTS]}:{port}/{n}", name=f"feed{n}") for n in range(count)]


async def bare(asked: list[Feed], parse: Callable[[bytes], object] | None, *, conditional: bool) -> None:
    """The floor: GET with aiohttp, and parse where there is something to parse with."""
    places = asyncio.Semaphore(CONCURRENCY)
    pool = ThreadPoolExecutor(4) if parse is read_by_feedparser else None

    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=CONCURRENCY)) as session:

        async def one(number: int, feed: Feed) -> None:
            headers = {"If-None-Match": f'"{number}"'} if conditional else {}
            async with places, session.get(feed.url, headers=headers) as response:
                body = await response.read()
            if body and parse and pool:
                await asyncio.get_running_loop().run_in_executor(pool, parse, body)
            elif body and parse:
                parse(body)

        await asyncio.gather(*(one(number, feed) for number, feed in enumerate(asked)))


def read_by_lxml(body: bytes) -> object:
    """The least a parser can do."""
    return etree.fromstring(body)


def read_by_feedparser(body: bytes) -> object:
    """feedparser with its defaults."""
    return feedparser.parse(io.BytesIO(body))


def contend(name: str, asked: list[Feed], pipe: Connection) -> None:
    """One contender in a process of its own: cold, then unchanged; sends CPU and wall seconds of each, and megabytes."""
    options = FetchOptions(allow_private=("127.0.0.0/8",), gap=0, concurrency=CONCURRENCY)
    parse = {"floor": read_by_lxml, "feedparser in threads": read_by_feedparser}.get(name)
    figures = []
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(Path(folder)) if name == "digestbot with SQLite" else None
        sink: Any = store.items if store else Sink()
        for conditional in (False, True):
            start, wall = cpu(), time.monotonic()
            if name.startswith("digestbot"):
                at = NOW + timedelta(days=conditional)
                made = collect(asked, sink, now=at, clock=at, options=options)
                if made.failed:
                    print(made.failures[:3])
            else:
                asyncio.run(bare(asked, parse, conditional=conditional))
            figures += [cpu() - start, time.monotonic() - wall]
        if store:
            store.close()
    peak = sum(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    pipe.send((*figures, peak / 1024))


def cpu() -> float:
    """CPU seconds so far, children that ended included."""
    spent = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in spent)


def measured(name: str, asked: list[Feed]) -> tuple[float, ...]:
    """CPU and wall seconds cold, CPU and wall seconds unchanged, megabytes."""
    spawn = multiprocessing.get_context("spawn")
    mine, theirs = spawn.Pipe()
    process = spawn.Process(target=contend, args=(name, asked, theirs))
    process.start()
    figures: tuple[float, ...] = mine.recv()
    process.join()
    return figures


def main() -> None:
    """Print the table."""
    arguments = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    arguments.add_argument("--feeds", type=int, default=2_000)
    arguments.add_argument("--runs", type=int, default=3)
    arguments.add_argument("--documents", type=Path, help="a folder of feeds to serve instead of invented ones")
    arguments.add_argument("--quick", action="store_true", help="without feedparser, which takes minutes")
    chosen = arguments.parse_args()
    folder = sorted(file for file in chosen.documents.rglob("*") if file.is_file()) if chosen.documents else []
    documents = [file.read_bytes() for file in folder] or [invented(number) for number in range(50)]
    spawn = multiprocessing.get_context("spawn")
    here, there = spawn.Pipe()
    server = spawn.Process(target=serve, args=(documents, there), daemon=True)
    server.start()
    asked = feeds(chosen.feeds, here.recv())
    runs: dict[str, list[tuple[float, ...]]] = {"floor": [], "digestbot": [], "digestbot with SQLite": []}
    for _ in range(chosen.runs):
        for name, figures in runs.items():
            figures.append(measured(name, asked))
    if not chosen.quick:
        runs["feedparser in threads"] = [measured("feedparser in threads", asked)]
    server.terminate()
    least = {name: [min(column) for column in zip(*figures, strict=True)] for name, figures in runs.items()}
    print(f"{len(asked)} feeds on {HOSTS} hosts, {sum(map(len, documents)) / len(documents) / 1e3:.0f} kB each")
    heads = ("cold: CPU s", "x floor", "wall s", "304: CPU s", "x floor", "wall s", "MB")
    print(f"{'':24}" + "".join(f"{head:>12}" for head in heads))
    for name, (cold, wall, same, wait, peak) in least.items():
        ratios = cold / least["floor"][0], same / least["floor"][2]
        print(
            f"{name:24}{cold:12.2f}{ratios[0]:12.2f}{wall:12.1f}{same:12.2f}{ratios[1]:12.2f}{wait:12.1f}{peak:12.0f}"
        )
        print(f"{'':24}{'; '.join(f'{figures[0]:.2f} and {figures[2]:.2f}' for figures in runs[name])}")


if __name__ == "__main__":
    main()
