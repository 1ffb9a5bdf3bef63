"""Several processes share one edition: each part of it is done once, whoever dies meanwhile."""

from __future__ import annotations

import sys
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest
from bot import Bot
from clustered import Cluster
from servers.postgres import Server

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


@pytest.mark.parametrize("row", ["kill", "truncate", "cut", "away3"])
def test_a_short_soak(tmp_path: Path, postgres: Server, row: str):
    """Whatever strikes, Slack gets each message once, every mailbox its mail, and copies are identical."""
    broken, figures = live(row, postgres, tmp_path, seconds=6, mailboxes=120, feeds=4)
    assert broken == [], figures
