"""Deliveries on a PostgreSQL that several machines may share: killed, suspended, cut off."""

from __future__ import annotations

import signal
from dataclasses import replace
from pathlib import Path

import pytest
from crashing import POINTS, Place
from delivering import DAY
from servers.postgres import Server
from servers.slack import SlackServer
from servers.smtp import SmtpServer

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
