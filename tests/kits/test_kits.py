"""Starter kits: each is read without a mistake, each topic finds what it is for on a saved sample, and `init --kit` writes it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from xml.sax.saxutils import escape

import builders as a
import pytest
from bot import Bot, all_stories

from digestbot.operations.kits import Kit, kits
from digestbot.settings.envfile import parse_env
from digestbot.topics.grammar import parse_topic
from digestbot.topics.match import Topics
from digestbot.topics.terms import Role

HERE = Path(__file__).parent
KITS = {kit.name: kit for kit in kits()}
NOW = datetime(2026, 5, 25, 12, tzinfo=UTC)  # a Monday
each_kit = pytest.mark.parametrize("kit", KITS.values(), ids=KITS)


def sample(kit: Kit) -> Iterator[tuple[str, str, str, str]]:
    """Feed, topic (empty for what matches none), title and text of each item of the kit's saved sample."""
    feed = ""
    for line in (HERE / f"{kit.name}.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            feed = line.strip("[]")
        elif line and not line.startswith("#"):
            topic, title, text = line.split(" | ")
            yield feed, "" if topic == "-" else topic, title, text


def address(feed: str, number: int) -> str:
    return f"https://{feed.replace('_', '-')}.example/{number}"


def saved_feeds(kit: Kit, folder: Path) -> dict[str, str]:
    """Write the sample as feeds; the setting of each with its path."""
    items: dict[str, str] = {}
    for number, (feed, _, title, text) in enumerate(sample(kit)):
        when = format_datetime(NOW - timedelta(minutes=20 * number + 30))
        items[feed] = items.get(feed, "") + (
            f"<item><title>{escape(title)}</title><description>{escape(text)}</description><pubDate>{when}</pubDate>"
            f"<link>{address(feed, number)}</link></item>"
        )
    for feed, entries in items.items():
        page = f'<rss version="2.0"><channel><title>{feed}</title><link>https://{feed}.example/</link>{entries}</channel></rss>'
        (folder / f"{feed}.xml").write_text(page, encoding="utf-8")
    return {f"DIGESTBOT_FEEDS__{feed.upper()}": f"./{feed}.xml" for feed in items}


def test_there_are_ten_at_least():
    """Of different fields."""
    assert len(KITS) >= 10
    assert len({kit.title for kit in KITS.values()}) == len(KITS)


@each_kit
def test_a_kit_is_complete_and_its_addresses_could_be_such(kit: Kit):
    """Eight feeds of eight houses, five topics. By form alone: no test asks anybody's server."""
    hosts = {urlsplit(one).hostname for one in kit.feeds}
    assert len(kit.feeds) >= 8
    assert len(set(kit.feeds)) == len(kit.feeds)
    assert len(hosts) >= 5
    for one in kit.feeds:
        parts = urlsplit(one)
        assert parts.scheme == "https", one
        assert re.fullmatch(r"(?:[a-z0-9-]+\.)+[a-z]{2,}", parts.hostname or ""), one
        assert not parts.username, one
        assert len(parts.path) > 1, f"{one} is the address of a site"
    assert len(kit.topics) >= 5


@each_kit
def test_every_setting_of_a_kit_is_valid(kit: Kit, tmp_path: Path):
    """Written by `init --kit`, the file has the kit's settings and nothing wrong in it; a second one is refused."""
    bot = Bot(tmp_path)
    done = bot("init", "--kit", kit.name)
    assert done.returncode == 0, done.stderr
    assert kit.title in done.stdout
    assert done.stderr == ""
    written = parse_env((tmp_path / "config.env").read_text(encoding="utf-8"), tmp_path)
    assert written.values == parse_env(kit.settings, tmp_path).values
    assert not written.problems
    assert bot("feeds", "list").returncode == 0
    assert bot("init", "--kit", kit.name).returncode == 2


@each_kit
def test_every_topic_of_a_kit_finds_what_it_is_for(kit: Kit, tmp_path: Path):
    """A day of the saved sample: each item stands under the topic that it was written for, and what was written for none under none."""
    told = {address(feed, number): topic for number, (feed, topic, _, _) in enumerate(sample(kit))}
    assert set(told.values()) == {*kit.topics, ""}, "the sample has an item for each topic, and one for none"
    config = tmp_path / "config.env"
    bot = Bot(tmp_path)
    bot("init", "--kit", kit.name)
    saved = saved_feeds(kit, tmp_path)
    lines = config.read_text(encoding="utf-8").splitlines()
    # A feed without a sample is left out, with what is said of it.
    kept = [line for line in lines if not line.startswith("DIGESTBOT_FEEDS__")] + [
        f"{key}={path}" for key, path in saved.items()
    ]
    config.write_text("\n".join(kept) + "\nDIGESTBOT_DIGESTS__MORNING__ALSO=30\n", encoding="utf-8")

    done = bot("preview", "--json", "--at", NOW.isoformat())

    assert done.returncode == 0, done.stderr
    assert found_in(json.loads(done.stdout), kit) == told


@each_kit
def test_what_a_kit_leaves_out_costs_no_other_story(kit: Kit):
    """A group with an exclusion holds only terms that the excluded words would be mistaken for: of "neutron star merger" nothing is lost."""
    values = parse_env(kit.settings, Path()).values
    for name in kit.topics:
        topic = parse_topic(name, values[f"DIGESTBOT_TOPICS__{name.upper()}"])
        for group in topic.groups:
            left_out = [term.text.rstrip("*") for term in group.terms if term.role is Role.EXCLUDE]
            wanted = [str(term) for term in group.terms if term.role is not Role.EXCLUDE]
            for term in wanted if left_out else ():
                one = Topics((parse_topic("one", term),))
                assert any(one.match_item(a.item(text)) for text in left_out), f"{name}: {term} with {left_out}"


def found_in(digest: dict[str, Any], kit: Kit) -> dict[str, str]:
    """The topic of each item of a digest, by its number in the sample; empty where it stands under none."""
    values = parse_env(kit.settings, Path()).values
    titles = {
        values.get(f"DIGESTBOT_TOPICS__{name.upper()}__TITLE", name.replace("_", " ").capitalize()): name
        for name in kit.topics
    }
    found: dict[str, str] = {}
    for story in all_stories(digest):
        topic = titles[story["topic"]] if story["topic"] else ""
        found |= {one["url"]: topic for one in (*story["items"], *story["related"])}
    return found


def test_kits_are_listed_and_shown(bot: Bot):
    """`kits list` has a line for each, `kits show` its settings, and a slip is told what was probably meant."""
    listed = bot("kits", "list").stdout
    assert [line.split()[0] for line in listed.splitlines()] == list(KITS)
    assert "DIGESTBOT_TOPICS__MEMORY=" in bot("kits", "show", "chips").stdout
    wrong = bot("init", "--kit", "securty")
    assert wrong.returncode == 2
    assert "did you mean security?" in wrong.stderr
    assert not (bot.folder / "config.env").exists()


def test_a_kit_and_questions_do_not_mix(bot: Bot):
    """Either is a whole way to a configuration."""
    assert bot("init", "--kit", "chips", "--interactive").returncode == 2


@pytest.fixture
def bot(tmp_path: Path) -> Bot:
    return Bot(tmp_path)
