"""Processes killed with SIGKILL in the middle of delivering from a real database."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest
from crashing import POINTS, Place, soak
from delivering import DAY
from servers.slack import SlackServer
from servers.smtp import SmtpServer

TAKEN = ("after accept", "before outcome")  # the mail server has it, and the database does not know


@pytest.mark.parametrize("channel", ["slack", "mailto", "file"])
@pytest.mark.parametrize("point", POINTS)
def test_rows_04_to_07_killed_while_delivering(tmp_path: Path, point: str, channel: str):
    """The process dies at a channel's delivery; in the end there is one post, one folder, one mail or its twin."""
    addresses = {"slack": "slack:#chips", "mailto": "mailto:a@example.com", "file": "file:here"}
    first, *others = sorted(addresses, key=lambda name: name != channel)
    with SlackServer() as slack, SmtpServer() as smtp:
        place = Place(tmp_path, slack.url, smtp.port)
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
        assert len(list((tmp_path / "out" / "here" / "morning").glob("*/*"))) == 4


@pytest.mark.parametrize("point", POINTS)
def test_killed_while_posting_through_a_webhook(tmp_path: Path, point: str):
    """Whatever the database does not know to be unsent or sent is held as unknown: never a second post."""
    with SlackServer() as slack:
        place = Place(tmp_path, slack.url)
        place.publish(DAY, "slack-webhook:desk")
        dying = place.start(point, "slack-webhook")
        dying.join()
        assert dying.exitcode == -signal.SIGKILL
        last = place.start()
        last.join()
        assert last.exitcode == 0
        held = point in ("after claim", "before accept", *TAKEN)
        assert [str(row.state) for row in place.rows()] == ["unknown" if held else "sent"]
        assert len(slack.messages) == (0 if point in ("after claim", "before accept") else 1)


def test_row_08_random_kills(tmp_path: Path):
    """Slack loses and doubles nothing; mail loses nothing, and every second copy is byte-identical, one a kill."""
    result = soak(tmp_path, seconds=4, readers=25, seed=7)
    assert result.kills > 3
    assert result.verdict() == []
