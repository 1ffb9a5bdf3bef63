"""The command line: what a person gets to see and may rely on."""

from __future__ import annotations

import json
import re
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from bot import Bot
from newsroom import AT, MORNING_NEWS

from digestbot import __version__

ROOT = Path(__file__).parents[2]


def test_init_writes_the_example_for_its_owner_alone(tmp_path: Path):
    """config.env is the shipped example, closed to others, and never written over."""
    bot = Bot(tmp_path)
    assert bot("init").returncode == 0
    path = tmp_path / "config.env"

    assert path.read_bytes() == (ROOT / "config.example.env").read_bytes()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600

    path.write_text("mine")
    again = bot("init")
    assert again.returncode == 2
    assert "exists already" in again.stderr
    assert path.read_text() == "mine"


def test_without_a_configuration_the_way_on_is_shown(tmp_path: Path):
    """A command that needs one says how to get it."""
    done = Bot(tmp_path)("run")

    assert done.returncode == 2
    assert "digestbot init" in done.stderr
    assert "Traceback" not in done.stderr


def test_preview_uses_the_templates_of_the_digest(tmp_path: Path):
    """A digest with a folder of its own shows its own form; the other one that of all digests."""
    (tmp_path / "saved.xml").write_text(MORNING_NEWS, encoding="utf-8")
    for name in ("own", "all"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "email.txt").write_text(f"{name}: {{{{ digest.title }}}}\n", encoding="utf-8")
    bot = Bot(tmp_path)
    bot.configure(FEEDS__HARBOUR="./saved.xml", TOPICS__CHIPS="foundry", TEMPLATES="all", DIGESTS__EVENING__AT="18:00",
                  DIGESTS__MORNING__TIMEZONE="UTC", DIGESTS__MORNING__TEMPLATES="own")  # fmt: skip

    shown = {name: bot("preview", name, "--format", "text", "--at", AT).stdout for name in ("morning", "evening")}

    assert shown == {"morning": "own: Morning\n", "evening": "all: Evening\n"}


def test_version_is_told(tmp_path: Path):
    """--version names the release; the data option is no part of it."""
    import subprocess
    import sys

    done = subprocess.run(
        [sys.executable, "-m", "digestbot", "--version"], capture_output=True, text=True, check=True, cwd=ROOT
    )

    assert re.fullmatch(rf"digestbot {re.escape(__version__)} \(Python 3\.[\d.]+, SQLite 3\.[\d.]+\)\n", done.stdout)


@pytest.mark.parametrize("words", [("run", "--at", "someday"), ("run", "evening"), ("preview", "--format", "pdf")])
def test_wrong_usage_is_exit_2(tmp_path: Path, words: tuple[str, ...]):
    """A moment, a digest or a form that does not exist is a usage error in one line."""
    (tmp_path / "saved.xml").write_text("<rss/>")
    bot = Bot(tmp_path)
    bot.configure(FEEDS__X="./saved.xml", DIGESTS__MORNING__TO="file:./out")
    done = bot(*words)

    assert done.returncode == 2
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("words", [("preview",), ("run", "--dry-run")], ids=" ".join)
def test_nothing_to_show_because_no_feed_could_be_read_is_exit_1(tmp_path: Path, words: tuple[str, ...]):
    """A quiet day is 0, also in a preview; an edition that no feed answered for is not."""
    bot = Bot(tmp_path)
    bot.configure(FEEDS__X="./saved.xml", DIGESTS__MORNING__TO="file:./out")
    missing = bot(*words)
    (tmp_path / "saved.xml").write_text("<rss version='2.0'><channel><title>X</title></channel></rss>")

    assert missing.returncode == 1
    assert re.search("morning.*: no feed could be read", missing.stdout + missing.stderr)
    assert "quiet" not in missing.stdout
    assert bot(*words).returncode == 0


def test_feeds_travel_as_opml(tmp_path: Path):
    """What export writes, import reads into another configuration; a second import adds nothing."""
    bot = Bot(tmp_path)
    bot.configure(FEEDS__ALPHA="https://alpha.example/feed", FEEDS__BETA="https://beta.example/rss")
    assert bot("feeds", "export", "mine.opml").returncode == 0
    bot.settings.clear()
    bot.configure(FEEDS__ALPHA="https://alpha.example/feed")

    first, second = bot("feeds", "import", "mine.opml"), bot("feeds", "import", "mine.opml")

    assert first.returncode == 0, first.stderr
    assert "Added 1 feed " in first.stdout
    assert "Added 0 feeds" in second.stdout
    listed = json.loads(bot("feeds", "list", "--json").stdout)
    assert [feed["url"] for feed in listed] == ["https://alpha.example/feed", "https://beta.example/rss"]
    assert bot("feeds", "import", "nowhere.opml").returncode == 2
    unwritable = bot("feeds", "export", "no/such/folder.opml")
    assert unwritable.returncode == 2
    assert "no/such/folder.opml: cannot be written" in unwritable.stderr


def test_a_feeds_key_is_not_listed(tmp_path: Path):
    """Nor its login; the file of feeds that is exported goes to another reader, which needs the key."""
    bot = Bot(tmp_path)
    bot.configure(FEEDS__ALPHA="https://ann:pw0rd@alpha.example/feed?token=t0ken")
    for words in (("feeds", "list"), ("feeds", "list", "--json")):
        listed = bot(*words).stdout
        assert "https://***@alpha.example/feed?token=***" in listed
        assert not {"pw0rd", "t0ken"} & set(listed.replace("@", "=").split("="))
    assert "?token=t0ken" in bot("feeds", "export").stdout


def test_templates_are_listed_and_copied(tmp_path: Path):
    """A copied template is the built-in one; an existing file stays; an unknown name is told."""
    bot = Bot(tmp_path)
    names = bot("templates", "list").stdout.split()
    assert {"email.html", "email.txt"} <= set(names)

    assert bot("templates", "copy", "email.html", "--to", "mine").returncode == 0
    copied = tmp_path / "mine" / "email.html"
    assert copied.read_text() == (ROOT / "templates" / "email.html").read_text()

    copied.write_text("changed")
    assert bot("templates", "copy", "email.html", "--to", "mine").returncode != 0
    assert copied.read_text() == "changed"
    assert bot("templates", "copy", "nothing.html").returncode != 0


def test_the_demo_shows_a_digest_and_leaves_every_form(demo: Any):
    """No configuration, no network: at least five stories of several outlets, each quoted, with sources and links."""
    folder = demo.folder / "out" / "morning" / "2026-05-27"
    digest = demo.digests["2026-05-27"]
    stories = [story for section in digest["sections"] for story in section["stories"]]
    told_by_several = [story for story in stories if len(story["sources"]) > 1]

    assert demo.code == 0, demo.told
    assert {path.name for path in folder.iterdir()} == {"digest.html", "digest.txt", "digest.json", "slack.json"}
    assert str(folder) in re.sub(r"\s", "", demo.said)
    assert len(told_by_several) >= 5
    for story in told_by_several:
        assert story["summary"]
        assert story["url"].startswith("http")
        assert all(sentence["source"] and sentence["url"] for sentence in story["summary"])
    assert [failure["source"] for failure in digest["failures"]] == ["tidewater_tribune"]
    assert not [story for story in stories if "127.0.0.1" in json.dumps(story["sources"])]


def test_readme_names_every_command():
    """The table of commands is complete, and each command says what it does."""
    from digestbot.cli import cli

    readme = (ROOT / "README.md").read_text()
    groups = [cli, *(group.typer_instance for group in cli.registered_groups if group.typer_instance)]
    named = [command for group in groups for command in group.registered_commands]

    assert len(named) > 10
    for command in named:
        assert command.callback is not None
        assert command.callback.__doc__
        name = command.name or command.callback.__name__
        assert name in readme, name


def test_an_edition_of_a_date_to_come_needs_force(tmp_path: Path):
    """A wrong year in `--at` would use that edition up; the preview of any day changes nothing and needs nothing."""
    (tmp_path / "saved.xml").write_text(MORNING_NEWS, encoding="utf-8")
    bot = Bot(tmp_path)
    bot.configure(FEEDS__HARBOUR="./saved.xml", DIGESTS__MORNING__TO="file:./out")
    later = (datetime.now(UTC) + timedelta(days=2)).isoformat()

    refused = bot("run", "--at", later)
    assert refused.returncode == 2
    assert "--force" in refused.stderr
    assert not (tmp_path / "out").exists()
    assert bot("preview", "--at", later).returncode == 0
    assert bot("run", "--dry-run", "--at", later).returncode == 0
    assert bot("run", "--at", later, "--force").returncode == 0
    assert bot("run", "--at", (datetime.now(UTC) + timedelta(hours=23)).isoformat()).returncode == 0
