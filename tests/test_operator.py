"""An operator's words on deliveries, as they are typed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from bot import Bot
from servers import Fault, SlackServer
from test_main_job import AT, MORNING_NEWS

from digestbot import pipeline
from digestbot.desk import Recipe


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
    [digest] = json.loads(bot.here("status", "--json").stdout)["digests"]
    return dict(digest["deliveries"])


def test_what_failed_is_sent_again_and_nothing_else(bot: Bot):
    """A channel that was missing exists now: it gets its message, the others no second one."""
    with SlackServer() as slack:
        to_slack(bot, slack, "slack:#chips, slack:#late")
        assert bot.here("run", "--at", AT).returncode == 1
        slack.channels["C0LATE0000"] = "late"
        again = bot.here("resend", "--json")
        nothing = bot.here("resend")
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
        bot.here("run", "--at", AT)
        assert states(bot) == {"unknown": 1}
        assert "no such delivery" in bot.here("resend").stdout
        resolved = bot.here("resolve", verdict, "morning", "--to", "slack:#chips", "--json")
    assert resolved.returncode == 0
    assert [row["state"] for row in json.loads(resolved.stdout)] == [state]
    assert states(bot) == {state: 1}
    assert slack.posts() == 1


def test_what_waits_can_be_cancelled(bot: Bot):
    """It is not tried again; a resend takes the word back."""
    with SlackServer() as slack:
        to_slack(bot, slack)
        slack.fail("chat.postMessage", Fault(error="ratelimited", headers={"Retry-After": "600"}))
        bot.here("run", "--at", AT)
        assert states(bot) == {"pending": 1}
        assert "cancelled by an operator" in bot.here("cancel", "morning", "--date", "2026-05-27").stdout
        assert bot.here("run", "--at", AT).returncode == 0
        assert slack.messages == []
        assert bot.here("resend").returncode == 0
    assert len(slack.messages) == 1


def test_row_64_a_restored_backup_is_told_what_readers_have(bot: Bot):
    """--assume-sent records an edition without sending it; the next run finds it made, and its news are told."""
    with SlackServer() as slack:
        to_slack(bot, slack)
        assumed = bot.here("run", "--at", AT, "--assume-sent")
        again = bot.here("run", "--at", AT)
    assert (assumed.returncode, again.returncode) == (0, 0), assumed.stderr + again.stderr
    assert slack.posts() == 0
    [digest] = json.loads(bot.here("status", "--json").stdout)["digests"]
    assert [edition["state"] for edition in digest["editions"]] == ["done"]


def test_run_tells_of_a_bad_digest_and_makes_the_others(bot: Bot, monkeypatch: pytest.MonkeyPatch):
    """It ends with 1 and names the digest; a traceback stands in the log, not in what people are told."""
    bot.configure(DIGESTS__BAD__TO="file:./bad", DIGESTS__MORNING__TO="file:./out")
    make = pipeline.make

    def broken(recipe: Recipe, *args: object, **fields: object) -> object:
        if recipe.name == "bad":
            raise ValueError("a bug")
        return make(recipe, *args, **fields)  # type: ignore[arg-type]

    monkeypatch.setattr(pipeline, "make", broken)
    done = bot.here("run", "--at", AT)
    assert (done.returncode, done.stdout.count("sent to")) == (1, 1)
    assert "digestbot: bad: it failed (ValueError); the log says where" in done.stderr
    assert json.loads(bot.here("run", "--at", AT, "--json").stdout)[1]["error"].startswith("it failed")
