"""Deliveries on a PostgreSQL that several machines may share: killed, suspended, cut off."""

from __future__ import annotations

import signal
import threading
from dataclasses import replace
from datetime import UTC, datetime
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
from digestbot.deliver import DeliveryReport, deliver
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
