"""Changing the configuration from the command line: feeds added and removed, the five questions."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from bot import Bot

from digestbot.errors import ConfigError
from digestbot.operations.config_writer import add_feed, questions, remove_feed
from digestbot.settings import load

TEXT = "# mine\nDIGESTBOT_FEEDS__A=https://a.example/feed\nDIGESTBOT_PAGES__B=b.txt\n\nDIGESTBOT_TOPICS__X=gold\n"


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """A small configuration with remarks and gaps of its owner."""
    path = tmp_path / "config.env"
    path.write_text(TEXT)
    path.chmod(0o600)
    return path


def test_a_feed_is_added_below_the_others_and_taken_out_again(config: Path):
    """Only one line comes and goes; everything else stays byte for byte, and so do the file's permissions."""
    feed = add_feed(config, "https://www.news.example/rss")

    assert feed.name == "news_example_rss"
    assert config.read_text().splitlines()[3] == "DIGESTBOT_FEEDS__NEWS_EXAMPLE_RSS=https://www.news.example/rss"
    assert config.stat().st_mode & 0o777 == 0o600
    assert load(config, {}, folder=config.parent).settings.feeds["news_example_rss"] == feed.url

    assert remove_feed(config, "News_Example_rss") == feed.url
    assert config.read_text() == TEXT


@pytest.mark.parametrize(
    ("address", "name", "message"),
    [
        ("https://a.example/feed", "", "DIGESTBOT_FEEDS__A: has this address already (line 2)"),
        ("https://c.example/feed", "b", "is already in use"),
        ("ftp://c.example/feed", "", "is not an address that can be read"),
        ("https://c.example/feed", "c__d", "a double underscore divides levels"),
    ],
)
def test_what_cannot_be_added_is_told_and_nothing_is_written(config: Path, address: str, name: str, message: str):
    """A known address, a taken name and a wrong address leave the file as it is."""
    with pytest.raises(ConfigError) as caught:
        add_feed(config, address, name=name)

    assert message in str(caught.value)
    assert config.read_text() == TEXT


def test_a_feed_that_is_not_there_is_told_with_its_neighbour(config: Path):
    """Removing a wrong name suggests what was meant."""
    add_feed(config, "https://ledger.example/", name="ledger")
    with pytest.raises(ConfigError, match="did you mean ledger"):
        remove_feed(config, "legder")


def test_the_commands(tmp_path: Path):
    """feeds add, add --page and remove change config.env in the folder; a mistake ends with 2."""
    bot = Bot(tmp_path)
    bot.configure(FEEDS__A="a.xml")

    assert bot("feeds", "add", "b.xml", "--name", "bee").returncode == 0
    assert bot("feeds", "add", "notes.txt", "--page").returncode == 0
    assert bot("feeds", "remove", "a").returncode == 0
    assert bot("feeds", "remove", "a").returncode == 2
    loaded = load(tmp_path / "config.env", {}, folder=tmp_path)
    assert (loaded.settings.feeds, loaded.settings.pages) == ({"bee": "b.xml"}, {"notes_txt": "notes.txt"})


def test_five_questions_make_a_configuration(tmp_path: Path):
    """init --interactive asks again after a wrong answer, takes defaults on Enter, and writes a whole configuration."""
    answers = ["https://www.news.example/rss", "chip*, Hua Hong", "25:00", "6:45", "Mars", "Asia/Hong_Kong", ""]
    done = subprocess.run(
        [sys.executable, "-m", "digestbot", "init", "--interactive"],
        input="\n".join(answers) + "\n",
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    loaded = load(tmp_path / "config.env", {}, folder=tmp_path)

    assert done.returncode == 0, done.stderr
    assert "is not a time of day" in done.stderr
    assert "is not a time zone" in done.stderr
    assert loaded.settings.feeds == {"news_example_rss": "https://www.news.example/rss"}
    assert [(topic.name, str(topic)) for topic in loaded.topics] == [("chip", "chip*, Hua Hong")]
    digest = loaded.digests["morning"]
    assert (f"{digest.at:%H:%M}", digest.timezone, str(digest.to[0])) == ("06:45", "Asia/Hong_Kong", "file:./out")
    assert (tmp_path / "config.env").stat().st_mode & 0o777 == 0o600


def test_there_are_five_questions():
    """As many as a first digest has lines."""
    assert len(questions("UTC")) == 5
