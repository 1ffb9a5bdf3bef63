"""How many pages a second the site answers, beside a plain "hello" of the same server.

    python benchmarks/reading.py [SECONDS]

Over loopback, by one client with four connections in a process of its own, each kind for SECONDS (3) in turn, three turns. Prints
requests a second of the best turn, for others disturb, and their share of the hello's.
"""

from __future__ import annotations

import http.client
import multiprocessing
import sys
import tempfile
import threading
import time
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

CONNECTIONS = 4
TURNS = 3


def load(port: int, path: str, mark: str, seconds: float, answer: object) -> None:
    """Ask as fast as answers come; how many came in a second."""
    counts = [0] * CONNECTIONS
    end = time.perf_counter() + seconds

    def ask(at: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port)
        while time.perf_counter() < end:
            connection.request("GET", path, headers={"If-None-Match": mark} if mark else {})
            found = connection.getresponse()
            found.read()
            assert found.status == (304 if mark else 200), found.status
            counts[at] += 1

    threads = [threading.Thread(target=ask, args=(at,)) for at in range(CONNECTIONS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    answer.send(sum(counts) / seconds)  # type: ignore[attr-defined]


def measured(port: int, path: str, mark: str, seconds: float) -> float:
    """By a process of its own: the server shares its thread with nobody."""
    ours, theirs = multiprocessing.get_context("spawn").Pipe(duplex=False)
    client = multiprocessing.get_context("spawn").Process(target=load, args=(port, path, mark, seconds, theirs))
    client.start()
    found: float = ours.recv()
    client.join()
    return found


def main() -> None:
    # Here, because the client's process reads this file once more.
    sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
    from archived import publish  # noqa: PLC0415
    from reading_site import reading_site  # noqa: PLC0415
    from render_states import STATES  # noqa: PLC0415
    from starlette.applications import Starlette  # noqa: PLC0415
    from starlette.requests import Request  # noqa: PLC0415
    from starlette.responses import PlainTextResponse, Response  # noqa: PLC0415
    from starlette.routing import Route  # noqa: PLC0415

    from digestbot.web.server import BackgroundServer, listening  # noqa: PLC0415

    async def hello(_request: Request) -> Response:
        return PlainTextResponse("hello\n")

    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 3.0
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        site = stack.enter_context(reading_site(folder))
        publish(site.store, replace(STATES["placed"](), edition=STATES["placed"]().edition.replace(day=28)))
        listener = listening("127.0.0.1:0")
        plain = stack.enter_context(BackgroundServer(Starlette(routes=[Route("/", hello)]), listener))
        page = "/d/morning/2026-05-28"
        kinds = {
            "hello": (plain.port, "/", ""),
            "an edition": (site.port, page, ""),
            "an edition that the browser has": (site.port, page, site.get(page).headers["etag"]),
            "the archive": (site.port, "/d/morning/archive", ""),
            "a feed": (site.port, "/d/morning/feed.atom", ""),
            "a search": (site.port, "/search?q=exports", ""),
        }
        rates: dict[str, list[float]] = {kind: [] for kind in kinds}
        for _ in range(TURNS):
            for kind, (port, path, mark) in kinds.items():
                rates[kind].append(measured(port, path, mark, seconds))
        first = max(rates["hello"])
        for kind, found in rates.items():
            rate = max(found)
            print(f"{kind:34}{rate:8.0f}/s{rate / first:8.2f}x")


if __name__ == "__main__":
    main()
