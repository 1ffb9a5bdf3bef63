"""Two processes that read the same feeds: each feed is asked once, and each host by one of them at a time."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Barrier
from pathlib import Path

import pytest
from forking import PROCESSES, start
from samples_collect import numbered
from servers.web import ALLOWED, Reply, Request, WebServer

from digestbot.collect import FetchOptions, collect
from digestbot.model import Feed
from digestbot.store import open_store

GAP = 0.05
OPTIONS = FetchOptions(allow_private=ALLOWED, gap=GAP)


def poll_together(data: Path, url: str, feeds: tuple[Feed, ...], together: Barrier, answer: Connection) -> None:
    """Wait for the other, then read the feeds; answer with how many were read, and how many of their items are stored then."""
    store = open_store(data, url)
    together.wait(60)
    now = datetime.now(UTC)
    result = collect(feeds, store.items, now=now, clock=now, options=OPTIONS, leases=store.leases, max_seconds=60)
    stored = store.items.recent(since=now - timedelta(days=9999), until=now + timedelta(days=9999))
    answer.send((result.new, len(stored), result.failed))
    store.close()


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_two_processes_ask_each_feed_once(tmp_path: Path, request: pytest.FixtureRequest, kind: str):
    """Twenty feeds of one host: twenty requests, one at a time, the gap kept; and both have all items at their end."""
    url = request.getfixturevalue("postgres").new_database() if kind == "postgresql" else ""
    folders = [tmp_path / "one", tmp_path / ("one" if not url else "two")]
    for folder in folders:
        open_store(folder, url).close()
        folder.mkdir(exist_ok=True)
    spans: list[tuple[float, float]] = []

    def answer(request: Request) -> Reply:
        began = time.monotonic()
        time.sleep(0.02)
        spans.append((began, time.monotonic()))
        return Reply(body=numbered([int(request.path.removeprefix("/feed"))]))

    with WebServer() as server:
        feeds = tuple(Feed(url=server.serve(f"/feed{n}", answer), name=f"feed{n}") for n in range(20))
        together = PROCESSES.Barrier(2)
        pipes = [PROCESSES.Pipe(duplex=False) for _ in folders]
        polls = [
            start(poll_together, folder, url, feeds, together, theirs)
            for folder, (_, theirs) in zip(folders, pipes, strict=True)
        ]
        said = [ours.recv() for ours, _ in pipes if ours.poll(60)]
        for one in polls:
            one.join(60)
        paths = [asked.path for asked in server.requests]
    assert sorted(paths) == sorted(f"/feed{n}" for n in range(20))
    gaps = [later[0] - earlier[1] for earlier, later in pairwise(sorted(spans))]
    assert min(gaps) >= GAP
    assert sum(new for new, _, _ in said) == 20
    assert {(stored, failed) for _, stored, failed in said} == {(20, 0)}


def test_between_editions_nobody_waits_for_a_host(tmp_path: Path):
    """What another process asks now it has, too, before it is needed; once the host is free it is asked as usual."""
    store, other = open_store(tmp_path / "one"), open_store(tmp_path / "one")
    other.leases._data = tmp_path / "two"
    other.leases._data.mkdir()
    other.leases.take(["host 127.0.0.1"], seconds=60)
    now = datetime.now(UTC)
    with WebServer() as server:
        feeds = (Feed(url=server.serve("/feed", numbered([1])), name="feed"),)

        def poll() -> int:
            read = collect(
                feeds,
                store.items,
                now=now,
                clock=now,
                options=OPTIONS,
                leases=store.leases,
                between=True,
                max_seconds=20,
            )
            return read.skipped

        assert poll() == 1
        assert server.requests == []
        assert store.items.states() == {}
        other.leases.leave(["host 127.0.0.1"])
        assert poll() == 0
        assert len(server.requests) == 1
    store.close()
    other.close()
