"""`digestbot test --to`: today's digest to one address, and nothing changes by it."""

from __future__ import annotations

import email
import email.policy
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from bot import Bot, desk_of_one_feed
from newsroom import AT
from servers.slack import SlackServer
from servers.smtp import SmtpServer

from digestbot.store import lock, open_store, tried


@pytest.fixture
def bot(tmp_path: Path) -> Bot:
    return desk_of_one_feed(tmp_path)


def test_it_goes_to_that_address_alone_marked_as_a_test(bot: Bot):
    """In subject and message, by the real channel, also while serve holds the folder; each time anew."""
    with SmtpServer() as smtp, lock(bot.data, serves=True):
        bot.configure(
            SMTP__HOST="127.0.0.1", SMTP__PORT=str(smtp.port), SMTP__SECURITY="none", SMTP__FROM="d@desk.example"
        )
        before = bot.state()
        for _ in range(2):
            done = bot("test", "--to", "mailto:me@desk.example", "--at", AT)
            assert done.returncode == 0, done.stdout + done.stderr
        assert bot.state() == before
    assert "morning 2026-05-27: a test was sent to mailto:me@desk.example" in done.stdout
    assert [mail.recipient for mail in smtp.messages] == ["me@desk.example"] * 2
    message = email.message_from_bytes(smtp.messages[0].data, policy=email.policy.default)
    assert message["Subject"].startswith("[Test] ")
    assert message["Subject"].count("[Test]") == 1
    for kind in ("plain", "html"):
        text = message.get_body((kind,)).get_content()
        assert "This is a test" in text
        assert "Veldhaven" in text
    assert not (bot.folder / "out").exists()


def test_nothing_is_copied_and_what_is_known_of_an_address_counts(bot: Bot, monkeypatch: pytest.MonkeyPatch):
    """However much is stored, a test reads it where it lies; and whoever wants no mail gets no test."""
    assert bot("run", "--at", AT).returncode == 0
    store = open_store(bot.data)
    store.suppressions.suppress("gone@desk.example", "hard bounce", now=datetime.now(UTC))
    store.close()
    monkeypatch.delattr(tried, "scratch_copy")
    with SmtpServer() as smtp:
        bot.configure(
            SMTP__HOST="127.0.0.1", SMTP__PORT=str(smtp.port), SMTP__SECURITY="none", SMTP__FROM="d@desk.example"
        )
        before = bot.state()
        done = bot("test", "--to", "mailto:me@desk.example, mailto:gone@desk.example", "--at", AT)
    assert [mail.recipient for mail in smtp.messages] == ["me@desk.example"]
    assert "no test was sent to mailto:gone@desk.example: suppressed: hard bounce" in done.stdout
    assert bot.state() == before


def test_the_day_is_not_used_up(bot: Bot):
    """Before the edition and after it: the run is as it would have been, and the test tells the same stories."""
    assert bot("test", "morning", "--to", "file:./tests", "--at", AT).returncode == 0
    assert bot.state() == {"(absent)": b""}
    assert "sent to file:" in bot("run", "--at", AT).stdout
    real = {path: path.read_bytes() for path in (bot.folder / "out").rglob("*.*")}
    assert bot("test", "morning", "--to", "file:./out", "--at", AT).returncode == 0
    tried = json.loads((bot.folder / "tests" / "morning-test" / "2026-05-27" / "digest.json").read_text())
    sent = bot.digest("2026-05-27")
    assert tried["title"] == f"[Test] {sent['title']}"
    assert (tried["lead"], tried["sections"]) == (sent["lead"], sent["sections"])
    assert all(path.read_bytes() == content for path, content in real.items())
    assert "was made before" in bot("run", "--at", AT).stdout
    assert json.loads(bot("status", "--json").stdout)["digests"][0]["deliveries"] == {"sent": 1}


def test_slack_gets_it_too_and_a_refusal_is_told(bot: Bot):
    """Marked in the text that a notification shows; a channel that is not there is exit 1 with the mend."""
    with SlackServer() as slack:
        bot.configure(SLACK__API_URL=slack.url, SLACK__TOKEN=slack.token, SLACK__TIMEOUT="1s")
        assert bot("test", "--to", "slack:#chips", "--at", AT).returncode == 0
        [post] = slack.messages
        assert "[Test]" in json.dumps(post)
        refused = bot("test", "--to", "slack:#nowhere", "--at", AT)
        [told] = json.loads(bot("test", "--to", "slack:#chips", "--at", AT, "--json").stdout)
    assert refused.returncode == 1
    assert "no test was sent to slack:#nowhere: " in refused.stdout
    assert [one["state"] for one in told["deliveries"]] == ["sent"]


@pytest.mark.parametrize(
    ("to", "mend"),
    [("me@desk.example", "mailto:"), ("", "write"), ("mailto:me@desk.example", "SMTP__HOST"), ("pigeon:loft", "write")],
)
def test_whom_it_cannot_go_to_is_exit_2(bot: Bot, to: str, mend: str):
    """An address without its channel, nobody, a channel that is not set up: before anything is asked."""
    done = bot("test", "--to", to, "--at", AT)
    assert done.returncode == 2
    assert mend in done.stderr


def test_where_no_feed_can_be_read_nothing_is_sent(bot: Bot):
    """As with a run: exit 1, and no empty digest."""
    (bot.folder / "saved.xml").unlink()
    done = bot("test", "--to", "file:./tests", "--at", AT)
    assert (done.returncode, (bot.folder / "tests").exists()) == (1, False)
    assert "no feed could be read" in done.stdout
