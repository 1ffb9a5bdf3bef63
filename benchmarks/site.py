"""The site under load: an edition's page against a plain "hello", searches while an edition goes out, and memory.

    python benchmarks/site.py [REQUESTS] [READERS]

REQUESTS (4,000) of each page over 8 connections, in turns with a Starlette application that says "hello" on the same server; prints
requests a second and the ratio. Then searches of 20,000 stories, alone and while an edition goes to READERS (10,000) mailboxes on
loopback: median and 99th percentile. Then the memory of `serve` with the site, before its first edition and after one.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import aiohttp
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
import publish
import search
from newsroom import MORNING_NEWS
from servers.ports import free_port

from digestbot.store import open_store
from digestbot.web.server import BackgroundServer, listening

CONNECTIONS = 8
ROUNDS = 4
STORIES = 20_000
PROCESSES = multiprocessing.get_context("spawn")


def hello(port: int) -> None:
    """The least that Starlette can do, on the server that the site has."""

    async def greet(_request: object) -> PlainTextResponse:
        return PlainTextResponse("hello")

    with BackgroundServer(Starlette(routes=[Route("/", greet)]), listening(f"127.0.0.1:{port}")):
        signal.pause()


async def asked(url: str, count: int) -> float:
    """Requests a second, over so many connections at once."""
    left = count
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=CONNECTIONS)) as session:

        async def client() -> None:
            nonlocal left
            while left > 0:
                left -= 1
                async with session.get(url) as answer:
                    assert answer.status == 200, (url, answer.status)
                    await answer.read()

        began = time.perf_counter()
        await asyncio.gather(*(client() for _ in range(CONNECTIONS)))
        return count / (time.perf_counter() - began)


async def up(url: str) -> None:
    async with aiohttp.ClientSession() as session:
        for _ in range(600):
            try:
                async with session.get(url):
                    return
            except aiohttp.ClientError:
                await asyncio.sleep(0.1)
    raise SystemExit(f"nothing answers at {url}")


async def searched(origin: str, seconds: float) -> list[float]:
    """How long each search took, in milliseconds, one after another."""
    took = []
    async with aiohttp.ClientSession() as session:
        end = time.perf_counter() + seconds
        number = 0
        while time.perf_counter() < end:
            number += 1
            began = time.perf_counter()
            async with session.get(f"{origin}/search", params={"q": search.word(number % 500)}) as answer:
                assert answer.status == 200
                await answer.read()
            took.append((time.perf_counter() - began) * 1000)
    return took


def told(took: list[float]) -> str:
    took = sorted(took)
    return f"median {statistics.median(took):.0f} ms, p99 {took[int(len(took) * 0.99)]:.0f} ms, {len(took)} searches"


def resident(pid: int) -> float:
    """Megabytes of a process and of those that it started."""
    total = 0
    for one in (pid, *map(int, _children(pid))):
        status = Path(f"/proc/{one}/status").read_text(encoding="utf-8")
        total += int(next(line.split()[1] for line in status.splitlines() if line.startswith("VmRSS")))
    return total / 1024


def _children(pid: int) -> list[str]:
    return Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="utf-8").split()


@contextmanager
def command(folder: Path, *words: str) -> Iterator[subprocess.Popen[bytes]]:
    with (folder / "log").open("wb") as log:
        running = subprocess.Popen((sys.executable, "-m", "digestbot", *words), cwd=folder, stdout=log, stderr=log)
        try:
            yield running
        finally:
            running.send_signal(signal.SIGTERM)
            running.wait(60)


def newsroom(folder: Path, smtp: int, readers: int) -> int:
    """With readers and stories; the port of its site."""
    folder.mkdir(parents=True, exist_ok=True)
    publish.prepared(folder, smtp, readers)
    port = free_port()
    with (folder / "config.env").open("a", encoding="utf-8") as config:
        config.write(
            f"DIGESTBOT_WEB__LISTEN=127.0.0.1:{port}\nDIGESTBOT_WEB__URL=http://127.0.0.1:{port}\n"
            "DIGESTBOT_DIGESTS__MORNING__PUBLIC=yes\nDIGESTBOT_DIGESTS__EVENING__TO=file:./out\nDIGESTBOT_DIGESTS__EVENING__PUBLIC=yes\n"
            "DIGESTBOT_DIGESTS__EVENING__AT=23:58\n"
        )
    return port


def before_an_edition(folder: Path, smtp: int) -> None:
    port = newsroom(folder, smtp, 1)
    with command(folder, "serve") as serve:
        asyncio.run(up(f"http://127.0.0.1:{port}/"))
        time.sleep(5)
        print(f"memory of `serve` with the site, before its first edition: {resident(serve.pid):.0f} MB", flush=True)


def after_an_edition(folder: Path, smtp: int) -> None:
    port = newsroom(folder, smtp, 1)
    with (folder / "config.env").open("a", encoding="utf-8") as config:
        config.write("DIGESTBOT_DIGESTS__MORNING__AT=00:00\nDIGESTBOT_DIGESTS__MORNING__MAX_DELAY=24h\n")
    today = time.strftime("%a, %d %b %Y", time.gmtime())
    (folder / "saved.xml").write_text(MORNING_NEWS.replace("Wed, 27 May 2026", today), encoding="utf-8")
    with command(folder, "serve") as serve:
        asyncio.run(up(f"http://127.0.0.1:{port}/"))
        for _ in range(120):
            time.sleep(1)
            if "morning edition=" in (folder / "log").read_text(errors="replace"):
                break
        time.sleep(5)
        print(f"memory of `serve` with the site, after an edition: {resident(serve.pid):.0f} MB")


def under_load(folder: Path, smtp: int, count: int, readers: int) -> None:
    port = newsroom(folder, smtp, readers)
    with closing(open_store(folder / "digestbot-data")) as store:
        search.fill(store, STORIES)
        edition = store.editions.history("evening", limit=1)[0].date.isoformat()
    origin = f"http://127.0.0.1:{port}"
    greeter = PROCESSES.Process(target=hello, args=(plain := free_port(),), daemon=True)
    greeter.start()
    with command(folder, "web") as web:
        pages = {"hello": f"http://127.0.0.1:{plain}/", "an edition": f"{origin}/d/evening/{edition}"}
        rates: dict[str, list[float]] = {name: [] for name in pages}
        for url in pages.values():
            asyncio.run(up(url))
        for _ in range(ROUNDS):
            for name, url in pages.items():
                rates[name].append(asyncio.run(asked(url, count // ROUNDS)))
        best = {name: max(found) for name, found in rates.items()}
        for name, rate in best.items():
            print(f"{name}: {rate:.0f} requests a second, {rate / best['hello']:.2f}x of hello")
        print(f"searches alone: {told(asyncio.run(searched(origin, 8)))}", flush=True)
        sender = publish.start(folder)
        time.sleep(6)  # until the first mails leave
        meanwhile = asyncio.run(searched(origin, 12))
        print(f"searches while an edition goes to {readers} mailboxes: {told(meanwhile)}", flush=True)
        sender.wait(600)
        print(f"memory of `web` after that: {resident(web.pid):.0f} MB")
    greeter.kill()


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 4_000
    readers = int(sys.argv[2]) if len(sys.argv) > 2 else 10_000
    with tempfile.TemporaryDirectory() as place:
        pipe, other = PROCESSES.Pipe()
        sink = PROCESSES.Process(target=publish.serve, args=(other,), daemon=True)
        sink.start()
        smtp = pipe.recv()
        folder = Path(place)
        before_an_edition(folder / "before", smtp)
        under_load(folder / "load", smtp, count, readers)
        after_an_edition(folder / "after", smtp)
        sink.kill()


if __name__ == "__main__":
    main()
