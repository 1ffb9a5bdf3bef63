"""What monitors ask."""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime
from pathlib import Path
from unittest.mock import Mock

import pytest
from prometheus_client.parser import text_string_to_metric_families
from running_site import NOON, RunningSite, running

from digestbot.errors import StoreUnavailable
from digestbot.model import Edition, EditionState, JobKind
from digestbot.store.workers import WorkerStore
from digestbot.web.running import DatabaseWatch


def test_the_process_answers_without_its_database(live_site: RunningSite):
    """Whoever restarts what is dead must not restart what only waits for its database."""
    live_site.store.close()
    assert live_site.get("/healthz").status == 200


def test_a_database_that_is_away_is_no_defect(
    live_site: RunningSite, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    """Whoever asks is to come again, whoever runs it is told, and no traceback fills the log for each request."""
    away, told = StoreUnavailable("the database news on db.example: connection refused"), []
    monkeypatch.setattr(live_site.store.subscribers, "counts", Mock(side_effect=away))
    monkeypatch.setattr(live_site.context, "missed", told.append)
    answer = live_site.get("/metrics")
    assert (answer.status, answer.headers["Retry-After"]) == (503, "15")
    assert "db.example" not in answer.body
    assert told == [away]
    assert "Traceback" not in caplog.text


def test_that_the_database_is_away_is_said_once(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture):
    """However many pages miss it; then that it is back, and the next time again."""
    monkeypatch.setattr("digestbot.operations.away._LOOK_SECONDS", 0.01)
    away, back = StoreUnavailable("the database news on db.example: connection refused"), threading.Event()
    caplog.set_level("INFO", logger="digestbot")
    with DatabaseWatch(Mock(side_effect=lambda: back.wait(10))) as watch:
        for _ in range(2):
            for _ in range(3):
                watch.missed(away)
            back.set()
            deadline = time.monotonic() + 10
            while watch.waits and time.monotonic() < deadline:
                time.sleep(0.01)
            back.clear()
    name = "the database news on db.example"
    assert caplog.messages == [f"pages wait for {name}: connection refused", f"the database is back: {name}"] * 2


def test_readiness_follows_the_heartbeat(live_site: RunningSite):
    """Nothing serves the folder: not ready, and why; with a fresh heartbeat it is."""
    waiting = live_site.get("/readyz")
    assert (waiting.status, "no heartbeat" in waiting.body) == (503, True)
    live_site.store.beat(now=datetime.now(UTC))
    assert (live_site.get("/readyz").status, live_site.get("/readyz").body) == (200, "ready\n")


def test_strangers_do_not_learn_why_it_is_not_ready(tmp_path: Path):
    """The reason names folders."""
    with running(tmp_path, WEB__PROXIES="127.0.0.0/8") as site:
        answer = site.get("/readyz", X_Forwarded_For="203.0.113.9")
        assert (answer.status, answer.body) == (503, "not ready\n")


def figures(text: str) -> dict[tuple[str, ...], float]:
    """By name and labels, as Prometheus itself reads them."""
    return {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_the_figures_are_those_of_the_store(live_site: RunningSite):
    """Editions, feeds and readers by state; no address and no name of a feed in them."""
    edition = Edition(digest="morning", date=NOON.date(), since=NOON.replace(hour=1), until=NOON)
    live_site.store.editions.publish(live_site.store.editions.claim(edition), "{}", (), used=())
    live_site.post("/subscribe", {"list": "briefing", "address": "ann@example.com"})
    live_site.mails()
    found = live_site.get("/metrics")
    values = figures(found.body)
    assert values["digestbot_last_edition_timestamp_seconds", "morning"] == NOON.timestamp()
    assert values["digestbot_subscriptions", "briefing", "pending"] == 1
    assert values["digestbot_feeds", "new"] == 1
    assert sum(value for key, value in values.items() if key[0] == "digestbot_editions") == 1
    assert values["digestbot_editions", "morning", EditionState.READY.value] == 1
    assert "example.com" not in found.body
    assert "gazette" not in found.body


def test_the_figures_are_for_this_machine_or_for_the_token(tmp_path: Path, live_site: RunningSite):
    """A stranger behind a proxy on this machine is no operator; with a token set, only that opens."""
    assert live_site.get("/metrics").status == 200
    assert live_site.get("/metrics", X_Forwarded_For="203.0.113.9").status == 401
    token = "t" * 40
    with running(tmp_path / "other", WEB__ADMIN_TOKEN=token) as site:
        assert site.get("/metrics").status == 401
        assert site.get("/metrics", Authorization=f"Bearer {token}x").status == 401
        assert site.get("/metrics", Authorization=f"Bearer {token}").status == 200


def test_the_figures_tell_of_those_who_share_the_work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """By kind, how many of them are at work and what waits for one; where one process does everything there are none."""
    monkeypatch.setattr(WorkerStore, "waiting", lambda _: {JobKind.DELIVER: 3})
    with running(tmp_path, JOBS="cluster") as site:
        site.store.workers.tell("desk:1", JobKind.DELIVER, key="morning 2026-05-27 1")
        site.store.workers.tell("desk:2", JobKind.DELIVER)
        values = figures(site.get("/metrics").body)
    assert values["digestbot_workers", "deliver", "busy"] == 1
    assert values["digestbot_workers", "deliver", "idle"] == 1
    assert values["digestbot_workers", "make", "idle"] == 0
    assert values["digestbot_jobs_waiting", "deliver"] == 3
