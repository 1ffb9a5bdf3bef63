"""The main job to Slack and to mailboxes on loopback, through the command line, and killed in between."""

from __future__ import annotations

import email
import email.policy
import json
import os
import signal
import time
from collections.abc import Callable
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from bot import Bot
from forking import Command
from newsroom import AT, MORNING_NEWS
from servers.slack import SlackServer
from servers.smtp import Certificate, SmtpServer, TlsSmtpServer, make_certificate

from digestbot.channels.email.channel import Email
from digestbot.render import slack_limits


@pytest.fixture
def bot(tmp_path: Path) -> Bot:
    (tmp_path / "saved.xml").write_text(MORNING_NEWS, encoding="utf-8")
    made = Bot(tmp_path)
    made.configure(FEEDS__HARBOUR="./saved.xml", TOPICS__CHIPS="foundry", DIGESTS__MORNING__TIMEZONE="Asia/Hong_Kong")
    return made


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    return make_certificate(tmp_path_factory.mktemp("certificate"))


def to_slack(bot: Bot, slack: SlackServer) -> None:
    bot.configure(
        DIGESTS__MORNING__TO="slack:#chips", SLACK__API_URL=slack.url, SLACK__TOKEN=slack.token, SLACK__TIMEOUT="1s"
    )


def to_mail(bot: Bot, smtp: SmtpServer, recipients: str = "mailto:ann@desk.example") -> None:
    bot.configure(
        DIGESTS__MORNING__TO=recipients,
        SMTP__HOST="127.0.0.1",
        SMTP__PORT=str(smtp.port),
        SMTP__SECURITY="none",
        SMTP__FROM="Morning digest <digest@desk.example>",
    )


def parsed(data: bytes) -> EmailMessage:
    message = email.message_from_bytes(data, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    return message


def test_seeds_to_slack_and_mailboxes(shared_data: Path, tmp_path: Path, certificate: Certificate):
    """One Slack message within every limit; one mail a recipient, text first, over verified TLS with a login."""
    bot = Bot(tmp_path)
    with (
        SlackServer() as slack,
        TlsSmtpServer(certificate, username="digest", password="a-real-secret") as smtp,
    ):
        bot.configure(
            FEEDS__SCMP=str(shared_data / "seeds" / "scmp-semiconductors.xml"),
            PAGES__CHIP_STOCKS=str(shared_data / "seeds" / "chip-stocks-article.txt"),
            TOPICS__SEMICONDUCTORS='chip*, semiconductor*, foundry, "Hua Hong", SMIC',
            DIGESTS__MORNING__WINDOW="7d",
            DIGESTS__MORNING__TIMEZONE="Asia/Hong_Kong",
            DIGESTS__MORNING__TO="slack:#chips, mailto:ann@desk.example, mailto:bo@desk.example, mailto:ann@DESK.example",
            SLACK__API_URL=slack.url,
            SLACK__TOKEN=slack.token,
            SMTP__HOST="127.0.0.1",
            SMTP__PORT=str(smtp.port),
            SMTP__USERNAME="digest",
            SMTP__PASSWORD="a-real-secret",
            SMTP__CA_FILE=str(certificate.cert),
            SMTP__FROM="Morning digest <digest@desk.example>",
        )
        done = bot("run", "--at", AT)
        again = bot("run", "--at", AT)

    assert (done.returncode, again.returncode) == (0, 0), done.stderr + again.stderr
    assert slack.posts() == 1
    assert "a-real-secret" not in done.stdout + done.stderr
    _assert_good_post(slack.messages[0])
    assert sorted(mail.recipient for mail in smtp.messages) == ["ann@desk.example", "bo@desk.example"]
    for mail in smtp.messages:
        _assert_good_mail(parsed(mail.data), mail.recipient)


def _assert_good_post(posted: dict[str, Any]) -> None:
    assert slack_limits.problems(posted) == ()
    assert posted["unfurl_links"] is False
    assert posted["unfurl_media"] is False
    assert "Huawei" in posted["text"]
    assert len(posted["text"]) <= 4000
    assert "thread_ts" not in posted


def _assert_good_mail(message: EmailMessage, recipient: str) -> None:
    assert message["To"] == recipient
    assert message["From"] == "Morning digest <digest@desk.example>"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["Precedence"] == "bulk"
    assert message["List-Id"]
    assert message["Date"]
    assert message["Message-ID"].endswith("@desk.example>")
    assert message.get_content_type() == "multipart/alternative"
    parts = [part.get_content_type() for part in message.iter_parts()]
    assert parts == ["text/plain", "text/html"]
    assert 10 < len(message["Subject"]) <= 120


def killed_after_accepting(server: SlackServer | SmtpServer, bot: Bot) -> Command:
    """Run the bot and SIGKILL it once the far side has taken its message and before it hears so."""
    running: list[Command] = []

    def kill(_message: object) -> None:
        os.kill(running[0].pid, signal.SIGKILL)
        running[0].wait()

    server.on_accept = kill
    running.append(bot.start("run", "--at", AT))
    running[0].communicate(timeout=180)
    server.on_accept = None
    return running[0]


def test_killed_after_slack_accepted_posts_once(bot: Bot):
    """Row 6: the next run finds its own key in the channel and does not post again."""
    with SlackServer() as slack:
        to_slack(bot, slack)
        assert killed_after_accepting(slack, bot).returncode == -signal.SIGKILL
        again = bot("run", "--at", AT)
        third = bot("run", "--at", AT)

    assert (again.returncode, third.returncode) == (0, 0), again.stderr
    assert len(slack.messages) == 1
    assert '"sent": 1' in bot("status", "--json").stdout


def test_killed_after_the_mail_server_accepted_sends_identical_bytes(bot: Bot, monkeypatch: pytest.MonkeyPatch):
    """Row 7: a second copy, where there is one, is the same message with the same Message-ID."""
    monkeypatch.setattr(Email, "visibility_delay", 0.2)
    with SmtpServer() as smtp:
        to_mail(bot, smtp)
        assert killed_after_accepting(smtp, bot).returncode == -signal.SIGKILL
        again = bot("run", "--at", AT)

    assert again.returncode == 0, again.stderr
    first, second = (mail.data for mail in smtp.messages)
    assert first == second
    assert parsed(first)["Message-ID"]


def test_killed_anywhere_while_writing_files_leaves_one_whole_copy(bot: Bot, monkeypatch: pytest.MonkeyPatch):
    """Between writing the files and recording it the process dies; the next run leaves four whole files, once."""
    bot.configure(DIGESTS__MORNING__TO="file:./out")
    killed = (
        "import os, signal\n"
        "from digestbot.channels.file.channel import File\n"
        "send = File.send\n"
        "def killed(self, delivery, *, parent):\n"
        "    send(self, delivery, parent=parent)\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
        "File.send = killed\n"
    )
    died = bot.start("run", "--at", AT, before=killed)
    died.communicate()
    assert died.returncode == -signal.SIGKILL
    before = {path.name: path.read_bytes() for path in (bot.folder / "out" / "morning" / "2026-05-27").iterdir()}

    assert bot("run", "--at", AT).returncode == 0

    after = {path.name: path.read_bytes() for path in (bot.folder / "out" / "morning" / "2026-05-27").iterdir()}
    assert after == before
    assert len(after) == 4
    assert [path.name for path in (bot.folder / "out").iterdir()] == ["morning"]


def test_killed_in_the_middle_of_collecting_gives_one_digest(bot: Bot):
    """Rows 1 and 2: the edition is taken up where it stopped, with the same window."""
    bot.configure(DIGESTS__MORNING__TO="file:./out")
    running = bot.start("run", "--at", AT)
    while not (bot.data / "digestbot.sqlite3").exists() and running.poll() is None:
        time.sleep(0.002)
    running.kill()
    running.communicate()

    assert bot("run", "--at", AT).returncode == 0
    assert bot.digest("2026-05-27")["counts"]["items"] == 2


def test_one_bad_recipient_stops_nobody(bot: Bot):
    """A channel that is not there fails with the mend in words; the mail still goes out; the exit code is 1."""
    with SlackServer() as slack, SmtpServer() as smtp:
        to_slack(bot, slack)
        to_mail(bot, smtp, "slack:#nowhere, mailto:ann@desk.example")
        done = bot("run", "--at", AT)

    assert done.returncode == 1
    assert "slack:#nowhere" in done.stdout
    assert len(smtp.messages) == 1


def test_check_tries_the_accounts(bot: Bot):
    """check signs in to Slack and the mail server, sends nothing, and tells what it found."""
    with SlackServer() as slack, SmtpServer() as smtp:
        to_slack(bot, slack)
        to_mail(bot, smtp, "slack:#chips, mailto:ann@desk.example")
        good = bot("check", "--json")
        slack.revoked = True
        bad = bot("check")

    assert good.returncode == 0, good.stdout
    assert {finding["level"] for finding in json.loads(good.stdout) if finding["live"]} == {"ok"}
    assert bad.returncode == 1
    assert not slack.messages
    assert not smtp.messages


def wait_for(condition: Callable[[], bool], seconds: float = 120.0) -> bool:
    """Whether a condition comes true in time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.05)
    return False


def test_serve_delivers_what_is_due_reloads_and_stops(bot: Bot):
    """The daemon makes today's edition at once when its hour is past, refuses company, and ends on SIGTERM with 0."""
    import datetime as dt

    now = dt.datetime.now(dt.UTC)
    fresh = MORNING_NEWS.replace("27 May 2026", now.strftime("%d %b %Y")).replace("Wed, ", "")
    (bot.folder / "saved.xml").write_text(fresh.replace("03:00:00", "00:00:00").replace("02:00:00", "00:00:00"))
    bot.configure(DIGESTS__MORNING__TO="file:./out", DIGESTS__MORNING__TIMEZONE="UTC", DIGESTS__MORNING__AT="00:00",
                  DIGESTS__MORNING__MAX_DELAY="24h", DIGESTS__MORNING__WINDOW="2d")  # fmt: skip
    daemon = bot.start("serve")
    try:
        out = bot.folder / "out" / "morning"
        assert wait_for(lambda: out.exists() and any(out.glob("*/digest.json"))), daemon.poll()
        second = bot.start("serve")
        refused = second.communicate()[1]
    finally:
        daemon.send_signal(signal.SIGTERM)
        log = daemon.communicate(timeout=180)[1]

    assert daemon.returncode == 0, log
    assert second.returncode == 1
    assert "digestbot:" in refused
    assert "Traceback" not in refused
