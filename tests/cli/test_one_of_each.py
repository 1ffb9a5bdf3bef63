"""Counts as a person writes them: a desk with one feed, one topic, one digest and one story."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from bot import Bot, desk_of_one_feed
from newsroom import AT

ITEM = "<item><title>Foundry opens in Lindau</title><guid>k</guid><pubDate>Wed, 27 May 2026 08:00:00 +0800</pubDate></item>"
# A number that is one, and a noun with the ending of many; "1 minute", "1 business" and "1 address" are none.
MANY_OF_ONE = re.compile(r"(?<![\d.,:-])1 (?!this|is|was|has|business|minus|address\b)[a-z]+s\b(?!=)")
COMMANDS = [
    ("preview", "--at", AT),
    ("preview", "--at", AT, "--format", "text"),
    ("preview", "--at", AT, "--format", "markdown"),
    ("run", "--at", AT, "--dry-run"),
    ("run", "--at", AT),
    ("run", "--at", AT, "--again", "--to", "all"),
    ("test", "--to", "file:./test"),
    ("collect", "-v"),
    ("status",),
    ("status", "--feeds"),
    ("check",),
    ("explain", "1"),
    ("topics", "test", "foundry", "--at", AT),
    ("topics", "suggest", "--at", AT),
    ("feeds", "list"),
    ("feeds", "try", "saved.xml"),
    ("feeds", "import", "one.opml"),
    ("subscribers", "import", "one.csv"),
    ("subscribers", "list"),
    ("resend",),
]


@pytest.fixture(scope="module")
def bot(tmp_path_factory: pytest.TempPathFactory) -> Bot:
    made = desk_of_one_feed(tmp_path_factory.mktemp("one"))
    (made.folder / "saved.xml").write_text(f"<rss version='2.0'><channel><title>Post</title>{ITEM}</channel></rss>")
    (made.folder / "one.opml").write_text(
        "<opml version='2.0'><body><outline xmlUrl='https://a.example/f'/></body></opml>"
    )
    (made.folder / "one.csv").write_text("email,status\nann@example.com,enabled\nbob@example.com,cleaned\nx,enabled\n")
    made.configure(LISTS__BRIEFING__TITLE="Briefing")
    return made


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_one_is_no_plural(bot: Bot, words: tuple[str, ...]):
    """Not "1 stories", "1 digests", "1 feeds": in what is printed, told and logged."""
    bot(*(("run", "--at", AT) if words[0] in ("explain", "resend") else ("healthcheck",)))
    done = bot(*words)
    said = done.stdout + done.stderr
    assert not MANY_OF_ONE.findall(said)
    assert said


def test_a_page_is_counted_as_a_page(tmp_path: Path):
    """Beside a feed it is none: each is counted by its name."""
    bot = desk_of_one_feed(tmp_path)
    (tmp_path / "page.txt").write_text("A foundry opens in Lindau. It makes chips for cars and for phones.\n")
    bot.configure(PAGES__DESK="page.txt")
    assert "; 1 feed and 1 page; digests: morning" in bot("check").stdout
