"""Deliveries on a PostgreSQL that several machines may share: killed, suspended, cut off."""

from __future__ import annotations

import os
import signal
import threading
import time
from dataclasses import replace
from datetime import UTC, datetime
from multiprocessing.process import BaseProcess
from pathlib import Path

import psycopg
import pytest
from crashing import POINTS, Place
from delivering import DAY
from servers.postgres import Server
from servers.proxy import Proxy
from servers.slack import SlackServer
from servers.smtp import Mail, SmtpServer
from sqlalchemy import make_url

from digestbot.app.wiring import SHARED_LEASE
from digestbot.deliver import DeliveryReport, deliver, patience
from digestbot.errors import StoreUnavailable

TAKEN = ("after accept", "before outcome")


@pytest.mark.parametrize("channel", ["slack", "mailto"])
@pytest.mark.parametrize("point", POINTS)
def test_killed_and_started_again_at_once(tmp_path: Path, postgres: Server, point: str, channel: str):
    """The dead process's claims are known to be its own: all is delivered at the restart, not when the lease is over."""
    addresses = {"slack": "slack:#chips", "mailto": "mailto:a@example.com"}
    first, *others = sorted(addresses, key=lambda name: name != channel)
    with SlackServer() as slack, SmtpServer() as smtp:
        place = Place(tmp_path, slack.url, smtp.port, postgres.new_database())
        place.publish(DAY, *(addresses[name] for name in (first, *others)))
        dying = place.start(point, channel)
        dying.join()
        assert dying.exitcode == -signal.SIGKILL
        last = place.start()
        last.join()
        assert last.exitcode == 0
        assert {str(row.state) for row in place.rows()} == {"sent"}
        assert len(slack.messages) == 1
        assert len(smtp.messages) == (2 if channel == "mailto" and point in TAKEN else 1)
        assert len({mail.data for mail in smtp.messages}) == 1


def test_another_machine_leaves_the_claim_of_a_dead_process_alone(tmp_path: Path, postgres: Server):
    """It cannot know that the process is dead, and waits for the lease."""
    with SmtpServer() as smtp:
        place = Place(tmp_path / "one", smtp_port=smtp.port, url=postgres.new_database())
        place.publish(DAY, "mailto:a@example.com")
        dying = place.start("after claim", "mailto")
        dying.join()
        other = replace(place, data=tmp_path / "two")
        other.data.mkdir()
        neighbour = other.start()
        neighbour.join()
        assert neighbour.exitcode == 0
        assert [str(row.state) for row in place.rows()] == ["sending"]
        assert smtp.messages == []


def terminate_everybody(url: str) -> None:
    """End every other connection to the server, as its administrator."""
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()")


def work_off(place: Place, *, max_wait: float = 30.0) -> DeliveryReport:
    """Deliver in this process, with a real clock."""
    store = place.open()
    try:
        return deliver(
            store.outbox,
            place.channels(),
            now=lambda: datetime.now(UTC),
            max_wait=max_wait,
            claim_timeout=SHARED_LEASE,
        )
    finally:
        store.close()


@pytest.mark.parametrize("trouble", ["terminated", "cut", "away"])
def test_a_database_that_goes_away_in_mid_delivery(tmp_path: Path, postgres: Server, trouble: str):
    """Its connections are ended at every third mail, or it is away for a moment: each mail goes out once all the same."""
    url = make_url(postgres.new_database())
    assert url.port is not None
    with SmtpServer() as smtp, Proxy(url.port) as proxy:
        through = url.set(port=proxy.port).render_as_string(hide_password=False)
        place = Place(tmp_path, smtp_port=smtp.port, url=through)
        place.publish(DAY, *(f"mailto:r{number}@example.com" for number in range(8)))
        timers: list[threading.Timer] = []

        def disturb(_mail: Mail) -> None:
            if len(smtp.messages) % 3:
                return
            if trouble == "terminated":
                terminate_everybody(url.render_as_string(hide_password=False))
            elif trouble == "cut":
                proxy.cut()
            elif not timers:
                proxy.refuse()
                timers.append(threading.Timer(0.7, proxy.accept))
                timers[0].start()

        smtp.on_accept = disturb
        report = work_off(place)
        assert report.ok
        assert len(report.sent) == 8
        assert sorted(mail.recipient for mail in smtp.messages) == [f"r{number}@example.com" for number in range(8)]


def test_a_database_that_stays_away(tmp_path: Path, postgres: Server):
    """When the time for waiting is over the call ends with one sentence; what is pending waits for the next."""
    url = make_url(postgres.new_database())
    assert url.port is not None
    with SmtpServer() as smtp, Proxy(url.port) as proxy:
        place = Place(tmp_path, smtp_port=smtp.port, url=url.set(port=proxy.port).render_as_string(hide_password=False))
        place.publish(DAY, "mailto:a@example.com", "mailto:b@example.com")
        store = place.open()
        proxy.refuse()
        with pytest.raises(StoreUnavailable, match="Start PostgreSQL"):
            deliver(store.outbox, place.channels(), now=lambda: datetime.now(UTC), max_wait=0)
        store.close()
        proxy.accept()
        assert [str(row.state) for row in place.rows()] == ["pending", "pending"]


def stopped(process: BaseProcess) -> None:
    """Wait until a process has stopped itself."""
    while Path(f"/proc/{process.pid}/stat").read_bytes().rpartition(b")")[2].split()[0] != b"T":
        assert process.is_alive()
        time.sleep(0.01)


@pytest.mark.parametrize("channel", ["slack", "slack-webhook", "mailto"])
def test_suspended_between_claim_and_message_for_longer_than_the_lease(tmp_path: Path, postgres: Server, channel: str):
    """Another machine takes over and sends; whoever wakes up again sends nothing."""
    address = {"slack": "slack:#chips", "slack-webhook": "slack-webhook:desk", "mailto": "mailto:a@example.com"}[
        channel
    ]
    with SlackServer() as slack, SmtpServer() as smtp:
        place = Place(tmp_path / "one", slack.url, smtp.port, postgres.new_database(), lease=0.3)
        place.publish(DAY, address)
        sleeper = place.start("stop before accept", channel)
        stopped(sleeper)
        other = replace(place, data=tmp_path / "two")
        other.data.mkdir()
        neighbour = other.start()
        neighbour.join()
        assert sleeper.pid is not None
        os.kill(sleeper.pid, signal.SIGCONT)
        sleeper.join()
        assert (neighbour.exitcode, sleeper.exitcode) == (0, 0)
        # Where nobody can be asked whether it arrived, the neighbour holds it for an operator.
        held = channel == "slack-webhook"
        assert len(slack.messages) + len(smtp.messages) == (0 if held else 1)
        assert [str(row.state) for row in place.rows()] == ["unknown" if held else "sent"]


def test_suspended_and_nobody_took_over(tmp_path: Path, postgres: Server):
    """It gives its claim back, claims anew, and sends."""
    with SmtpServer() as smtp:
        place = Place(tmp_path, smtp_port=smtp.port, url=postgres.new_database(), lease=0.3)
        place.publish(DAY, "mailto:a@example.com")
        sleeper = place.start("stop before accept", "mailto")
        stopped(sleeper)
        time.sleep(0.2)
        assert sleeper.pid is not None
        os.kill(sleeper.pid, signal.SIGCONT)
        sleeper.join()
        assert sleeper.exitcode == 0
        assert [(str(row.state), row.attempts) for row in place.rows()] == [("sent", 2)]
        assert len(smtp.messages) == 1


@pytest.mark.parametrize(("first", "second"), [(0.0, 660.0), (-660.0, 0.0), (660.0, -660.0)])
def test_clocks_that_disagree_shorten_no_lease(tmp_path: Path, postgres: Server, first: float, second: float):
    """Claims are dated by the database: a machine eleven minutes ahead leaves alone what another is sending."""
    with SmtpServer() as smtp:
        place = Place(tmp_path / "one", smtp_port=smtp.port, url=postgres.new_database(), ahead=first)
        place.publish(DAY, "mailto:a@example.com")
        busy = place.start("stop before accept", "mailto")
        stopped(busy)
        other = replace(place, data=tmp_path / "two", ahead=second)
        other.data.mkdir()
        neighbour = other.start()
        neighbour.join()
        assert neighbour.exitcode == 0
        assert smtp.messages == []
        assert busy.pid is not None
        os.kill(busy.pid, signal.SIGCONT)
        busy.join()
        assert [str(row.state) for row in place.rows()] == ["sent"]
        assert len(smtp.messages) == 1


@pytest.mark.parametrize("signalled", [False, True])
def test_an_outcome_that_the_database_does_not_take(
    tmp_path: Path, postgres: Server, monkeypatch: pytest.MonkeyPatch, *, signalled: bool
):
    """It is set aside, at once after a signal; the next start records it, and no mail goes out twice."""
    monkeypatch.setattr(patience, "OUTCOME_SECONDS", 0.2)
    url = make_url(postgres.new_database())
    assert url.port is not None
    stop = threading.Event()
    with SmtpServer() as smtp, Proxy(url.port) as proxy:
        place = Place(tmp_path, smtp_port=smtp.port, url=url.set(port=proxy.port).render_as_string(hide_password=False))
        place.publish(DAY, "mailto:a@example.com", "mailto:b@example.com")
        store = place.open()

        def lose(_mail: Mail) -> None:
            if signalled:
                stop.set()
            proxy.refuse()

        smtp.on_accept = lose
        slept: list[float] = []
        with pytest.raises(StoreUnavailable):
            deliver(store.outbox, place.channels(), now=lambda: datetime.now(UTC), sleep=slept.append, stop=stop.is_set)
        store.close()
        assert slept == []
        smtp.on_accept = None
        proxy.accept()
        assert sorted(str(row.state) for row in place.rows()) == ["pending", "sending"]
        assert len(list((tmp_path / "unrecorded").iterdir())) == 1

        report = work_off(place)

        assert report.ok
        assert len(report.sent) == 2
        assert sorted(mail.recipient for mail in smtp.messages) == ["a@example.com", "b@example.com"]
        assert list((tmp_path / "unrecorded").iterdir()) == []
