"""Several processes share one edition: each part of it is done once, whoever dies meanwhile."""

from __future__ import annotations

import json
import re
import sys
import threading
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from bot import Bot
from clustered import Cluster, document
from servers.postgres import Server
from servers.web import Reply, Request

from digestbot.jobs.queue_schema import prepare_queue
from digestbot.model import Choice, ChoiceKind

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))
from cluster_soak import live


def test_serve_and_workers_share_an_edition(tmp_path: Path, postgres: Server):
    """The scheduler puts what is due; each feed is asked once, each reader is sent one message, and the edition is done."""
    with Cluster(tmp_path, postgres.new_database(), mailboxes=250) as cluster:
        cluster.start("serve")
        for _ in range(2):
            cluster.start()
        done = cluster.until(lambda: cluster.ask("SELECT state FROM editions") == [("done",)], seconds=60)
        assert done, cluster.logs()
        assert cluster.verdict() == []
        assert cluster.copies == 0
        told = Bot(tmp_path).bare("status", "--data", str(cluster.data)).stdout
        assert "workers: 3 processes" in told
        assert told.count("deliver: waits for a job") == 3
        # A worker does several jobs side by side: each line says of which it is.
        assert re.search(r" INFO job=\d+ make morning ", cluster.logs())
        assert re.search(r" INFO job=\d+ group items=40 ", cluster.logs())
        asked = Counter(request.path for request in cluster.web.requests)
        assert asked == dict.fromkeys(asked, 1)
        assert len(asked) == 20


def test_what_an_operator_holds_no_worker_makes(tmp_path: Path, postgres: Server):
    """A held edition stays unmade, whoever finds a job for it, until it is wanted at once."""
    with Cluster(tmp_path, postgres.new_database(), mailboxes=5) as cluster:
        store, now = cluster.open(), datetime.now(UTC)
        store.choices.add(Choice(digest=cluster.edition.digest, kind=ChoiceKind.HOLD, at=now, who="operator"))
        cluster.start("serve")
        cluster.start()
        assert not cluster.until(lambda: cluster.ask("SELECT state FROM editions") != [], seconds=8), cluster.logs()
        store.choices.add(Choice(digest=cluster.edition.digest, kind=ChoiceKind.NOW, at=now, who="operator"))
        done = cluster.until(lambda: cluster.ask("SELECT state FROM editions") == [("done",)], seconds=60)
        assert done, cluster.logs()
        assert store.choices.orders() == {}
        store.close()


@pytest.mark.parametrize("row", ["kill", "truncate", "away3"])
def test_a_short_soak(tmp_path: Path, postgres: Server, row: str):
    """Whatever strikes, Slack gets each message once, every mailbox its mail, and copies are identical."""
    broken, figures = live(row, postgres, tmp_path, seconds=5, mailboxes=100, feeds=3)
    assert broken == [], figures


def test_an_edition_waits_for_its_feeds_and_not_for_ever(tmp_path: Path, postgres: Server):
    """A feed that takes its time is told of; one that hangs until the round is over stands among the failures."""
    settings = {"FETCH__ROUND": "5s", "FETCH__TIMEOUT": "30s"}
    with Cluster(tmp_path, postgres.new_database(), feeds=3, mailboxes=1, settings=settings) as cluster:
        ended = threading.Event()

        def after(seconds: float, feed: int) -> Callable[[Request], Reply]:
            def reply(_request: Request) -> Reply:
                ended.wait(seconds)
                return Reply(body=document(feed, 2), headers={"Content-Type": "application/xml"})

            return reply

        cluster.web.serve("/feed1", after(2, 1))
        cluster.web.serve("/feed2", after(60, 2))
        store = cluster.open()
        prepare_queue(store.database)
        cluster.make(store)
        for _ in range(2):
            cluster.start()
        done = cluster.until(cluster.all_sent, seconds=40)
        ended.set()
        assert done, cluster.logs()
        [edition] = store.editions.history("morning")
        told = json.dumps(store.editions.published("morning", since=edition.date - timedelta(days=1)), default=str)
        store.close()
        assert "quarter 0" in told
        assert "quarter 1" in told
        assert "quarter 2" not in told
        assert "had not answered yet" in told
