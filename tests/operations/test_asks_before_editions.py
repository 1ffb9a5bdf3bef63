"""`serve` asks its feeds shortly before an edition, so that it tells the last hour, too."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from newsroom import MORNING_NEWS
from running_daemon import RunningDaemon
from servers.web import Reply, WebServer


@pytest.fixture
def web() -> Iterator[WebServer]:
    with WebServer() as server:
        yield server


@pytest.fixture
def daemon(tmp_path: Path, web: WebServer) -> Iterator[RunningDaemon]:
    made = RunningDaemon(tmp_path, datetime(2026, 5, 27, 11, 20, tzinfo=UTC))
    web.serve("/feed", Reply(body=MORNING_NEWS.encode()))
    made.configure(f"FEEDS__HARBOUR={web.url('/feed')}", "FETCH__ALLOW_PRIVATE=127.0.0.0/8", "FETCH__ROUND=2m")
    yield made
    made.subject.close()
    made.store.close()


def test_a_feed_is_asked_before_the_edition(daemon: RunningDaemon, web: WebServer):
    """Read at 11:20, its turn is at 12:20: for the edition of 12:00 it is asked at 11:58, and not again at noon."""
    asked = []
    for minutes in (0, 37, 1, 1, 1, 1):
        daemon.tick(minutes=minutes)
        asked.append(len(web.requests))
    assert asked == [1, 1, 2, 2, 2, 2]
    assert daemon.states() == {"2026-05-27": "done"}


def test_a_feed_that_has_just_been_read_is_left_alone(daemon: RunningDaemon, web: WebServer):
    """Half of its interval has not passed."""
    daemon.now = datetime(2026, 5, 27, 11, 40, tzinfo=UTC)
    daemon.tick()
    daemon.tick(minutes=18)
    daemon.tick(minutes=2)
    assert len(web.requests) == 1
