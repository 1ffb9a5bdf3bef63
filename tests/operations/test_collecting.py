"""`digestbot collect`: items before anything was ever sent."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from bot import Bot
from newsroom import AT, MORNING_NEWS
from servers.web import Reply, WebServer

from digestbot.store import lock


@pytest.fixture
def bot(tmp_path: Path) -> Bot:
    (tmp_path / "saved.xml").write_text(MORNING_NEWS, encoding="utf-8")
    made = Bot(tmp_path)
    made.configure(
        FEEDS__HARBOUR="./saved.xml", TOPICS__CHIPS="foundry", SUMMARISER="lead", DIGESTS__MORNING__TIMEZONE="UTC"
    )
    return made


def test_items_are_stored_and_no_edition_is_begun(bot: Bot):
    """Without a recipient, too: topics can be tuned on what is stored; the first edition tells all of it."""
    done = bot("collect")
    assert (done.returncode, done.stdout) == (0, "asked 1 feed, 2 new items\n")
    (bot.folder / "saved.xml").rename(bot.folder / "away.xml")
    assert "1 of 2 stored items" in bot("topics", "test", "gold", "--at", AT).stdout
    assert json.loads(bot("status", "--json").stdout)["digests"][0]["editions"] == []
    (bot.folder / "away.xml").rename(bot.folder / "saved.xml")
    bot.configure(DIGESTS__MORNING__TO="file:./out")
    assert bot("run", "--at", AT).returncode == 0
    assert bot.digest("2026-05-27")["counts"]["items"] == 2


def test_feeds_are_asked_when_they_are_due_and_failures_are_named(bot: Bot):
    """A second round at once asks no server again; what fails is told with its reason, for programs as well."""
    with WebServer() as web:
        bot.configure(
            FEEDS__BAY=web.serve("/bay", Reply(body=MORNING_NEWS.encode()), host="127.0.0.2"),
            FEEDS__FAILS=web.serve("/fails", Reply(status=500), host="127.0.0.3"),
            FETCH__ALLOW_PRIVATE="127.0.0.0/8",
        )
        first = json.loads(bot("collect", "--json").stdout)
        second = bot("collect")
    assert (first["feeds"], first["failed"], first["skipped"], first["new"]) == (3, 1, 0, 4)
    assert [one["source"] for one in first["failures"]] == ["fails"]
    assert second.returncode == 0
    assert "2 feeds are not due yet" in second.stdout
    assert len(web.requests) == 2


def test_it_fails_where_nothing_can_be_read_or_another_works(bot: Bot):
    """Exit 1, as a run."""
    with lock(bot.data, serves=True):
        refused = bot("collect")
    assert (refused.returncode, "digestbot serve" in refused.stderr) == (1, True)
    (bot.folder / "saved.xml").unlink()
    assert bot("collect").returncode == 1
