"""A process killed in the middle of a poll loses and doubles nothing."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime
from pathlib import Path

from samples_collect import numbered
from servers.web import ALLOWED, Reply, Request, WebServer

from digestbot.collect import FetchOptions, collect
from digestbot.model import Feed
from digestbot.store import open_store

NOW = datetime(2026, 5, 27, 12, tzinfo=UTC)
POLL = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from digestbot.collect import FetchOptions, collect
from digestbot.model import Feed
from digestbot.store import open_store
now = datetime(2026, 5, 27, 12, tzinfo=UTC)
feeds = [Feed(url=url, name=f"f{n}") for n, url in enumerate(sys.argv[2:])]
collect(feeds, open_store(Path(sys.argv[1])).items, now=now, clock=now,
        options=FetchOptions(allow_private=("127.0.0.0/8",), gap=0.0))
"""


def test_a_killed_poll_is_continued_by_the_next(tmp_path: Path) -> None:
    """After kill -9 the feeds that were saved are not asked again, the others are, and every item is there once."""
    killed = threading.Event()

    def stuck(_request: Request) -> Reply:
        killed.wait(60)
        return Reply(status=500)

    with WebServer() as server:
        urls = [server.serve(f"/{n}", numbered(range(n * 10, n * 10 + 10)), host=f"127.0.0.{n + 1}") for n in range(3)]
        urls.append(server.serve("/3", stuck, host="127.0.0.9"))
        child = subprocess.Popen([sys.executable, "-c", POLL, str(tmp_path), *urls])
        until = time.monotonic() + 60
        while len(server.requests) < 4 and time.monotonic() < until:
            time.sleep(0.02)
        time.sleep(0.3)
        os.kill(child.pid, signal.SIGKILL)
        child.wait()
        killed.set()
        server.serve("/3", numbered(range(30, 40)))
        store = open_store(tmp_path)
        saved = len(store.items.states())
        feeds = [Feed(url=url, name=f"f{n}") for n, url in enumerate(urls)]
        options = FetchOptions(allow_private=ALLOWED, gap=0.0)
        made = collect(feeds, store.items, now=NOW, clock=NOW, options=options)
        assert (made.failed, made.skipped) == (0, saved)
        found = store.items.recent(since=datetime(2020, 1, 1, tzinfo=UTC), until=NOW)
        assert len(found) == len({item.title for item in found}) == 40
        assert collect(feeds, store.items, now=NOW, clock=NOW, options=options).skipped == 4
        store.close()
