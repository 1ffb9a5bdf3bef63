"""The whole main job, killed at each of twelve points of one edition, and run again."""

from __future__ import annotations

import importlib
import os
import signal
import sys
from pathlib import Path

import pytest
from bot import Bot
from crashing import ACCEPTS, kill_at
from forking import start
from newsroom import AT, MORNING_NEWS
from servers.slack import SlackServer
from servers.smtp import SmtpServer

from digestbot.channels.email.channel import Email

# Before and after each of the five commits of an edition, in their order, and Slack's accept; test_deliver_crashes.py
# has the last three for every channel.
COMMITS = {
    "edition": ("editions", "EditionStore", "claim"),
    "items": ("items", "ItemStore", "save_all"),
    "freeze": ("editions", "EditionStore", "publish"),
    "claim": ("outbox", "OutboxStore", "claim"),
    "outcome": ("outbox", "OutboxStore", "record_outcome"),
}
POINTS = [f"{when} {what}" for what in (*COMMITS, "accept") for when in ("before", "after")]


def life(folder: str, point: str) -> None:
    """`digestbot run` in this process, which kills itself at a point."""
    os.chdir(folder)
    when, _, what = point.partition(" ")
    if what == "accept":
        kill_at(*ACCEPTS["slack"], when)
    elif what:
        module, kind, method = COMMITS[what]
        kill_at(getattr(importlib.import_module(f"digestbot.store.{module}"), kind), method, when)
    Email.visibility_delay = 0.2
    from digestbot.cli import cli

    sys.argv = ["digestbot", "run", "--at", AT, "--data", "data"]
    cli(standalone_mode=True)


def run(folder: Path, point: str = "") -> int | None:
    process = start(life, str(folder), point)
    process.join(180)
    return process.exitcode


@pytest.mark.parametrize("point", POINTS)
def test_rows_01_to_07_killed_at_a_named_point(tmp_path: Path, point: str):
    """The next run takes the edition up: one post, one mail or its twin, every item once, every delivery sent."""
    (tmp_path / "saved.xml").write_text(MORNING_NEWS, encoding="utf-8")
    bot = Bot(tmp_path)
    with SlackServer() as slack, SmtpServer() as smtp:
        bot.configure(
            FEEDS__HARBOUR="./saved.xml",
            TOPICS__CHIPS="foundry",
            SUMMARISER="lead",
            DIGESTS__MORNING__TIMEZONE="Asia/Hong_Kong",
            DIGESTS__MORNING__TO="slack:#chips, mailto:ann@desk.example, file:./out",
            SLACK__API_URL=slack.url,
            SLACK__TOKEN=slack.token,
            SLACK__TIMEOUT="1s",
            SMTP__HOST="127.0.0.1",
            SMTP__PORT=str(smtp.port),
            SMTP__SECURITY="none",
            SMTP__FROM="digest@desk.example",
        )
        assert run(tmp_path, point) == -signal.SIGKILL
        assert run(tmp_path) == 0
    assert len(slack.messages) == 1
    assert len({mail.data for mail in smtp.messages}) == 1
    assert len(smtp.messages) == 1
    assert bot.digest("2026-05-27")["counts"]["items"] == 2
