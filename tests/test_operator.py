"""An operator's words on deliveries, as they are typed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from bot import Bot
from servers import Fault, SlackServer
from test_main_job import AT, MORNING_NEWS


@pytest.fixture
def bot(tmp_path: Path) -> Bot:
    (tmp_path / "saved.xml").write_text(MORNING_NEWS, encoding="utf-8")
    made = Bot(tmp_path)
    made.configure(FEEDS__HARBOUR="./saved.xml", TOPICS__CHIPS="foundry", DIGESTS__MORNING__TIMEZONE="Asia/Hong_Kong")
    return made


def to_slack(bot: Bot, slack: SlackServer, channels: str = "slack:#chips") -> None:
    bot.configure(
        DIGESTS__MORNING__TO=channels, SLACK__API_URL=slack.url, SLACK__TOKEN=slack.token, SLACK__TIMEOUT="1s"
    )


def states(bot: Bot) -> dict[str, int]:
    [digest] = json.loads(bot("status", "--json").stdout)["digests"]
    return dict(digest["deliveries"])


def test_what_failed_is_sent_again_and_nothing_else(bot: Bot):
    """A channel that was missing exists now: it gets its message, the others no second one."""
    with SlackServer() as slack:
        to_slack(bot, slack, "slack:#chips, slack:#late")
        assert bot("run", "--at", AT).returncode == 1
        slack.channels["C0LATE0000"] = "late"
        again = bot("resend", "--json")
        nothing = bot("resend")
    assert again.returncode == 0, again.stderr
    assert [(row["recipient"], row["state"]) for row in json.loads(again.stdout)] == [("slack:#late", "sent")]
    assert [post["channel"] for post in slack.messages] == ["C0CHIPS000", "C0LATE0000"]
    assert "no such delivery" in nothing.stdout


@pytest.mark.parametrize(("verdict", "state"), [("sent", "sent"), ("failed", "failed")])
def test_an_unknown_delivery_is_resolved(bot: Bot, verdict: str, state: str):
    """Without the scope to look back a lost answer stays unknown, until the operator has looked."""
    with SlackServer(scopes="chat:write") as slack:
        to_slack(bot, slack)
        slack.fail("chat.postMessage", Fault(drop="after"))
        bot("run", "--at", AT)
        assert states(bot) == {"unknown": 1}
        assert "no such delivery" in bot("resend").stdout
        resolved = bot("resolve", verdict, "morning", "--to", "slack:#chips", "--json")
    assert resolved.returncode == 0
    assert [row["state"] for row in json.loads(resolved.stdout)] == [state]
    assert states(bot) == {state: 1}
    assert slack.posts() == 1


def test_what_waits_can_be_cancelled(bot: Bot):
    """It is not tried again; a resend takes the word back."""
    with SlackServer() as slack:
        to_slack(bot, slack)
        slack.fail("chat.postMessage", Fault(error="ratelimited", headers={"Retry-After": "600"}))
        bot("run", "--at", AT)
        assert states(bot) == {"pending": 1}
        assert "cancelled by an operator" in bot("cancel", "morning", "--date", "2026-05-27").stdout
        assert bot("run", "--at", AT).returncode == 0
        assert slack.messages == []
        assert bot("resend").returncode == 0
    assert len(slack.messages) == 1


def test_row_64_a_restored_backup_is_told_what_readers_have(bot: Bot):
    """--assume-sent records an edition without sending it; the next run finds it made, and its news are told."""
    with SlackServer() as slack:
        to_slack(bot, slack)
        assumed = bot("run", "--at", AT, "--assume-sent")
        again = bot("run", "--at", AT)
    assert (assumed.returncode, again.returncode) == (0, 0), assumed.stderr + again.stderr
    assert slack.posts() == 0
    [digest] = json.loads(bot("status", "--json").stdout)["digests"]
    assert [edition["state"] for edition in digest["editions"]] == ["done"]
