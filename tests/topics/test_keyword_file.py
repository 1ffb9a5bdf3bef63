"""TrendRadar's keyword file as topics: each mark of it, and what cannot be had."""

from __future__ import annotations

from pathlib import Path

import pytest
from bot import Bot

from digestbot.topics import parse_topic
from digestbot.topics.keyword_file import read_keyword_file

FILE = """[GLOBAL_FILTER]
lottery
/horo(scope)?s?/

[WORD_GROUPS]
# chips
[Chips]
foundry
chip fab
+Taiwan
!potato
@5

/\\bAI\\b/i => Artificial intelligence
人工智能

芯片
光刻机

+merger
+bank

/(?<=a)b/
gold
"""


def test_groups_become_topics():
    """Words, required and excluded ones, a limit, a name; a pattern for a whole word is that word."""
    found = read_keyword_file(FILE)
    assert [(one.title, one.terms, one.limit) for one in found.topics] == [
        ("Chips", "foundry, chip fab, +Taiwan, -potato", 5),
        ("Artificial intelligence", '"AI", 人工智能', None),
        ("芯片", "芯片, 光刻机", None),
        ("merger", "merger, +bank", None),
        ("gold", "gold", None),
    ]
    for one in found.topics:
        parse_topic("imported", one.terms)


def test_the_filter_mutes_and_the_rest_is_named():
    """A look-behind is nothing that RE2 has: its line is told, the group stays."""
    found = read_keyword_file(FILE)
    assert found.mute == ("lottery", "/horo(scope)?s?/")
    assert len(found.left_out) == 1
    assert found.left_out[0].startswith("line 23, /(?<=a)b/")


@pytest.mark.parametrize("word", ['a, "b" | c', "C++", "A|B", "-x", "50%^2"])
def test_a_word_with_our_signs_in_it_stays_one_term(word: str):
    """A comma or bar there is a letter like any other."""
    (topic,) = read_keyword_file(word).topics
    assert len([term for group in parse_topic("imported", topic.terms).groups for term in group.terms]) == 1


def test_topics_are_added_to_a_configuration(tmp_path: Path):
    """Beside those that are there; the filter becomes the MUTE of a digest that has none, and is told where it has one."""
    bot = Bot(tmp_path)
    bot.configure(FEEDS__A="https://harbour.example/feed", TOPICS__CHIPS="wafer", DIGESTS__MORNING__TO="file:./out")
    (tmp_path / "words.txt").write_text(FILE, encoding="utf-8")
    done = bot("topics", "import", "words.txt")
    assert done.returncode == 0, done.stderr
    written = (tmp_path / "config.env").read_text(encoding="utf-8")
    assert "DIGESTBOT_TOPICS__CHIPS=wafer\n" in written
    assert "DIGESTBOT_TOPICS__CHIPS_2=foundry, chip fab, +Taiwan, -potato\n" in written
    assert "DIGESTBOT_TOPICS__CHIPS_2__LIMIT=5\n" in written
    assert "DIGESTBOT_TOPICS__TOPIC__TITLE=芯片\n" in written
    assert "DIGESTBOT_DIGESTS__MORNING__MUTE=lottery, /horo(scope)?s?/\n" in written
    assert "line 23" in done.stderr
    assert bot("feeds", "list").returncode == 0

    again = bot("topics", "import", "words.txt")
    assert bot("feeds", "list").returncode == 0, "a topic that is there already gets a number"
    assert "DIGESTBOT_TOPICS__TOPIC_2__TITLE=芯片 2\n" in (tmp_path / "config.env").read_text(encoding="utf-8")
    assert "add its filter to the MUTE that you have: lottery" in again.stderr


def test_a_file_without_groups_is_refused(tmp_path: Path):
    """Nothing is written."""
    bot = Bot(tmp_path)
    bot.configure(FEEDS__A="https://harbour.example/feed", DIGESTS__MORNING__TO="file:./out")
    (tmp_path / "words.txt").write_text("# nothing\n", encoding="utf-8")
    assert bot("topics", "import", "words.txt").returncode == 2
