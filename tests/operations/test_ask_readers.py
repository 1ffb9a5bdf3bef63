"""`digestbot subscribers ask`: pending readers are asked by mail whether they want a list."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from bot import Bot
from running_site import link_in
from servers.smtp import SmtpServer


@pytest.fixture
def mail() -> Iterator[SmtpServer]:
    with SmtpServer() as started:
        yield started


@pytest.fixture
def bot(tmp_path: Path, mail: SmtpServer) -> Bot:
    made = Bot(tmp_path)
    made.configure(
        FEEDS__A="./a.xml",
        TOPICS__CHIPS="chip*",
        DIGESTS__MORNING__TO="list:briefing",
        LISTS__BRIEFING__TITLE="Morning briefing",
        SMTP__HOST="127.0.0.1",
        SMTP__PORT=str(mail.port),
        SMTP__SECURITY="none",
        SMTP__FROM="desk@example.com",
        WEB__URL="https://digest.example.com",
    )
    for name in ("ann", "bob"):
        assert made("subscribers", "add", f"{name}@example.com").returncode == 0
    made("subscribers", "add", "eve@example.com", "--confirmed")
    return made


def test_all_who_are_pending_are_asked_once_an_hour(bot: Bot, mail: SmtpServer):
    """Nobody else is, and nobody twice."""
    done = bot("subscribers", "ask")
    assert (done.returncode, done.stdout.splitlines()[0]) == (0, "Asked 2 readers")
    assert {one.recipient for one in mail.messages} == {"ann@example.com", "bob@example.com"}
    again = bot("subscribers", "ask")
    assert again.stdout.splitlines()[0] == "Asked 0 readers"
    assert len(mail.messages) == 2


def test_one_reader_is_asked_alone(bot: Bot, mail: SmtpServer):
    """By the address; the link leads to the site."""
    from email import message_from_bytes, policy

    assert bot("subscribers", "ask", "ann@example.com").returncode == 0
    [sent] = mail.messages
    assert link_in(message_from_bytes(sent.data, policy=policy.default)).startswith("/c/briefing/")  # type: ignore[arg-type]


def test_who_is_active_is_not_asked(bot: Bot, mail: SmtpServer):
    """They have answered already."""
    assert bot("subscribers", "ask", "eve@example.com").returncode == 0
    assert mail.messages == []


def test_a_refusal_is_told_and_stops_no_other(bot: Bot, mail: SmtpServer):
    """Which address, and why."""
    mail.refuse["ann@example.com"] = "550 5.1.1 no such user"
    done = bot("subscribers", "ask")
    assert done.returncode == 1
    assert "ann@example.com was not asked" in done.stderr
    assert [one.recipient for one in mail.messages] == ["bob@example.com"]


@pytest.mark.parametrize(
    ("missing", "told"), [("WEB__URL", "DIGESTBOT_WEB__URL"), ("SMTP__HOST", "DIGESTBOT_SMTP__HOST")]
)
def test_what_it_needs_is_named(bot: Bot, mail: SmtpServer, missing: str, told: str):
    """Nobody is marked as asked meanwhile."""
    before = dict(bot.settings)
    bot.configure(**{missing: ""})
    done = bot("subscribers", "ask")
    assert (done.returncode, told in done.stderr) == (2, True)
    bot.configure(**before)
    assert bot("subscribers", "ask").stdout.startswith("Asked 2 readers")


def test_somebody_unknown_is_told(bot: Bot):
    """With the command that adds them."""
    done = bot("subscribers", "ask", "new@example.com")
    assert (done.returncode, "subscribers add" in done.stderr) == (2, True)
