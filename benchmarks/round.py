"""A round on loopback: 1,000 feeds on 1,000 hosts, of which 50 hang, 50 drip, 20 reset and 20 redirect in circles.

    python benchmarks/round.py [FEEDS] [SECONDS]

The bad ones are asked first. SECONDS is the deadline of the round (FETCH__ROUND, 90). Twice: the second round is one of
304s. Exits 1 when a round takes longer than its deadline and a second, when a good feed was not read, or when the second
round needs a tenth more memory than the first.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import resource
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))
from digestbot.collect import FetchOptions, collect
from digestbot.model import Feed
from digestbot.store import open_store

BAD = {"hang": 50, "drip": 50, "reset": 20, "circle": 20}
ITEM = (
    "<item><title>Harbour report {n}: the lock opened at {n} in the morning</title><link>https://h{f}.example/{n}</link>"
    "<description>{words}</description><pubDate>Wed, 27 May 2026 0{h}:00:00 GMT</pubDate></item>"
)


def feed_body(number: int) -> bytes:
    items = "".join(
        ITEM.format(n=n, f=number, h=n % 8, words=f"Word {number} of the harbour. " * 30) for n in range(20)
    )
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>H{number}</title>{items}</channel></rss>'.encode()


async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while True:
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
            path = head.split(" ", 2)[1]
            kind, number = path.strip("/").split("/")
            if kind == "hang":
                await asyncio.sleep(600)
            elif kind == "drip":
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Length: 100000\r\n\r\n")
                while True:
                    writer.write(b"<")
                    await writer.drain()
                    await asyncio.sleep(0.5)
            elif kind == "reset":
                writer.transport.abort()
                return
            elif kind == "circle":
                writer.write(f"HTTP/1.1 302 Found\r\nLocation: {path}\r\nContent-Length: 0\r\n\r\n".encode())
            elif "if-none-match" in head.lower():
                writer.write(b"HTTP/1.1 304 Not Modified\r\nContent-Length: 0\r\n\r\n")
            else:
                body = feed_body(int(number))
                writer.write(f'HTTP/1.1 200 OK\r\nETag: "1"\r\nContent-Length: {len(body)}\r\n\r\n'.encode() + body)
            await writer.drain()
    except (asyncio.IncompleteReadError, OSError):
        writer.close()


def serve(port: multiprocessing.Queue[int]) -> None:
    async def run() -> None:
        server = await asyncio.start_server(answer, "0.0.0.0", 0, backlog=1024)
        port.put(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    asyncio.run(run())


def main(count: int, seconds: int) -> int:
    found: multiprocessing.Queue[int] = multiprocessing.Queue()
    server = multiprocessing.Process(target=serve, args=(found,), daemon=True)
    server.start()
    port = found.get(timeout=30)
    kinds = [kind for kind, number in BAD.items() for _ in range(number)]
    kinds += ["good"] * (count - len(kinds))
    feeds = [
        Feed(name=f"f{n}", url=f"http://127.1.{n // 250}.{n % 250 + 1}:{port}/{kind}/{n}")
        for n, kind in enumerate(kinds)
    ]
    options = FetchOptions(allow_private=("127.0.0.0/8",), round=timedelta(seconds=seconds))
    wrong, before = False, 0.0
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(Path(folder))
        for number in range(2):
            began, cpu, now = time.perf_counter(), time.process_time(), datetime.now(UTC)
            made = collect(feeds, store.items, now=now, options=options, force=True, max_seconds=float(seconds))
            took, used = time.perf_counter() - began, time.process_time() - cpu
            memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
            lost = {failure.source for failure in made.failures} - {
                f"f{n}" for n, kind in enumerate(kinds) if kind != "good"
            }
            late = sum("had not answered yet" in failure.detail for failure in made.failures)
            print(
                f"round {number + 1}: {took:5.1f} s of {seconds}, CPU {used:4.1f} s, {made.new} items, {made.failed} of"
                f" {made.feeds} failed, {late} of them late; good feeds not read: {len(lost)}; peak {memory:.0f} MB"
            )
            wrong |= took > seconds + 1 or bool(lost) or (number > 0 and memory > before * 1.1)
            before = memory
        store.close()
    server.terminate()
    return int(wrong)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000, int(sys.argv[2]) if len(sys.argv) > 2 else 90))
