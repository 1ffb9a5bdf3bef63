"""How a feed is doing, and what a digest says about it: once when it fails, once when it is back."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from bot import Bot
from samples_collect import entry, rss
from servers.web import Reply, WebServer

GOOD, BAD = "Harbour Post", "Quay News"


@pytest.fixture
def server():
    with WebServer() as server:
        yield server


@pytest.fixture
def bot(tmp_path: Path, server: WebServer) -> Bot:
    """Two feeds; every edition takes in what was published since the last one."""
    made = Bot(tmp_path)
    made.configure(
        FEEDS__POST=publish(server, "/post", GOOD),
        FEEDS__QUAY=publish(server, "/quay", BAD),
        FETCH__ALLOW_PRIVATE="127.0.0.0/8",
        FETCH__INTERVAL="1s",
        DIGESTS__MORNING__TO="file:./out",
        DIGESTS__MORNING__TIMEZONE="UTC",
        DIGESTS__MORNING__WHEN_EMPTY="send",
    )
    return made


def publish(server: WebServer, path: str, title: str) -> str:
    return server.serve(path, rss(entry(1, title=f"{title} has a story"), title=title))


def edition(bot: Bot, day: int) -> tuple[list[str], str]:
    """The failures in the JSON of a day's edition, and the foot of its text."""
    date = f"2030-05-{day}"
    assert bot("run", "--force", "--at", f"{date}T07:30:00+00:00").returncode == 0
    failures = [failure["source"] for failure in bot.digest(date)["failures"]]
    text = (bot.folder / "out" / "morning" / date / "digest.txt").read_text()
    return failures, " ".join(text.split("\n-- \n")[1].split())


def test_a_digest_says_once_when_a_feed_fails_and_once_when_it_is_back(bot: Bot, server: WebServer) -> None:
    """The JSON names every feed that could not be read for its edition; the foot names news of failing only."""
    failures, foot = edition(bot, 20)
    assert (failures, "read:" in foot, "again:" in foot) == ([], False, False)
    server.serve("/quay", Reply(status=500))
    failures, foot = edition(bot, 21)
    assert failures == [BAD]
    assert f"Could not be read: {BAD} (its server has an error)." in foot
    failures, foot = edition(bot, 22)
    assert failures == [BAD]
    assert BAD not in foot
    assert "failing since 2030-05-21" in bot("status").stdout
    publish(server, "/quay", BAD)
    failures, foot = edition(bot, 23)
    assert failures == []
    assert f"Can be read again: {BAD}." in foot
    assert BAD not in edition(bot, 24)[1]


def test_a_feed_that_is_taken_out_is_not_said_to_be_back(bot: Bot, server: WebServer) -> None:
    """A feed that is not read any more is not mentioned."""
    server.serve("/quay", Reply(status=500))
    bot.configure(FEEDS__QUAY=server.url("/quay"))
    assert edition(bot, 20)[0] == ["quay"]
    del bot.settings["FEEDS__QUAY"]
    bot.configure()
    assert "again" not in edition(bot, 21)[1]


def test_a_second_run_within_the_interval_asks_nobody(bot: Bot, server: WebServer) -> None:
    """When each feed may be asked again is kept in the data folder, so that a restart is no reason to ask."""
    bot.configure(FETCH__INTERVAL="60m")
    assert bot("run").returncode == 0
    asked = len(server.requests)
    assert asked == 2
    bot.configure(DIGESTS__OTHER__TO="file:./out", DIGESTS__OTHER__TIMEZONE="UTC")
    assert bot("run").returncode == 0
    assert bot("preview", "--format", "json").returncode == 0
    assert len(server.requests) == asked


def test_every_state_of_a_feed_is_shown(bot: Bot, server: WebServer) -> None:
    """The list names feeds that are gone, silent, found elsewhere, or never were read; `status` counts the failing ones."""
    page = b"<html><head><link rel='alternate' type='application/rss+xml' href='/post'></head></html>"
    bot.configure(FEEDS__FOUND=server.serve("/page", page), FEEDS__GONE=server.serve("/gone", Reply(status=410)))
    old = entry(1, date="Tue, 26 May 2015 08:00:00 +0000")
    bot.configure(FEEDS__OLD=server.serve("/old", rss(old)))
    fresh = entry(1, date=f"{datetime.now(UTC):%a, %d %b %Y %H:%M:%S} +0000")
    server.serve("/post", rss(fresh, title=GOOD))
    assert "(never read)" in bot("feeds", "list").stdout
    assert bot("run").returncode == 0
    listed = dict(line.split(" ", 1) for line in bot("feeds", "list").stdout.splitlines())
    assert listed["post"].startswith("(ok)")
    assert listed["found"].startswith(f"(moved: now read at {server.url('/post')})")
    assert listed["gone"].startswith("(gone)")
    assert listed["old"].startswith("(silent: nothing new for 30 days)")
    status = bot("status").stdout
    assert "5 feeds, 1 failing" in status
    assert "2 silent: nothing new for 30 days" in status
    assert "old: silent" in bot("status", "--feeds").stdout
