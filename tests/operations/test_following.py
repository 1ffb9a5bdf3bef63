"""Stories over three mornings of the sample newsroom: told once, then as an update with its day."""

from __future__ import annotations

import json
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from bot import Bot, all_stories
from render_states import placed

from digestbot.edition.history import past_stories
from digestbot.render import as_json
from digestbot.resources import resource
from digestbot.stories import PastStory
from digestbot.summarise.anaphora import is_anaphoric

Story = dict[str, Any]


@pytest.fixture(scope="module")
def mornings(demo_digests: dict[str, dict[str, Any]]) -> dict[str, list[Story]]:
    """The stories of each edition, by date."""
    return {edition: all_stories(digest) for edition, digest in demo_digests.items()}


def about(stories: list[Story], words: str) -> list[Story]:
    return [story for story in stories if any(words in item["title"] for item in story["items"])]


def quoted(story: Story) -> list[str]:
    return [sentence["text"] for sentence in story["summary"]]


def test_a_running_story_is_told_suppressed_and_updated(mornings: dict[str, list[Story]]):
    """The chip tool rule is news on day 1, not shown again on day 2, and an update on day 3."""
    first, second, third = (about(stories, "chip tool") for stories in mornings.values())

    assert [story["day"] for story in first if len(story["sources"]) > 1] == [1]
    assert [story for story in second if len(story["sources"]) > 1] == []
    assert [story["day"] for story in third if len(story["sources"]) > 1] == [3]


def test_two_pieces_of_news_of_one_company_stay_two(mornings: dict[str, list[Story]]):
    """A rare name that both are full of is no event: Cangyu's profit and its designer's departure share only that."""
    labels = json.loads((resource("samples") / "stories.json").read_text(encoding="utf-8"))["items"]
    told = [{labels.get(item["url"]) for item in story["items"]} for story in mornings["2026-05-26"]]

    assert {"cangyu-profit"} in told
    assert {"cangyu-designer"} in told
    assert {"cangyu-profit", "cangyu-designer"} not in told


def test_an_update_quotes_only_what_was_not_told(mornings: dict[str, list[Story]]):
    """No sentence of an update stands in an earlier edition, and its items are new ones."""
    told: set[str] = set()
    shown: set[str] = set()
    updates = 0
    for stories in mornings.values():
        for story in stories:
            if story["day"] > 1:
                updates += 1
                assert not told & set(quoted(story))
                assert story["items"][0]["id"] not in shown
        told |= {text for story in stories for text in quoted(story)}
        shown |= {item["id"] for story in stories for item in story["items"]}

    assert updates >= 4


def test_nothing_loses_what_it_leans_on(mornings: dict[str, list[Story]]):
    """In an update as well a sentence that opens with "It" stands behind one of its own item."""
    leaning = [
        (before["item"] if before else None, sentence["item"])
        for stories in mornings.values()
        for story in stories
        for before, sentence in zip([None, *story["summary"]], story["summary"], strict=False)
        if is_anaphoric(sentence["text"])
    ]

    assert leaning
    assert all(before == own for before, own in leaning)


def test_an_update_drops_what_leans_on_a_told_sentence(tmp_path: Path):
    """What opens with "It" goes with the sentence before it when that one says nothing new on the second day."""
    waiting = "Some 94 ships were waiting for the canal to open by then, the canal authority said."
    texts = (
        f"The container ship Corvane Aurelia ran aground off Port Said on Sunday. {waiting}",
        f"Seven tugs pulled the ship off the bank on Monday. {waiting} It expects to clear the queue by Wednesday.",
    )
    entries = [
        f"<item><title>Corvane Aurelia {what}</title><guid>{day}</guid><description>{text}</description>"
        f"<pubDate>{day} May 2026 20:00:00 +0000</pubDate></item>"
        for what, day, text in zip(("aground off Port Said", "refloated off Port Said"), (24, 25), texts, strict=True)
    ]
    bot = Bot(tmp_path)
    for days, words in ((1, "12"), (2, "60")):
        bot.configure(FEEDS__POST="./saved.xml", DIGESTS__MORNING__TO="file:./out", DIGESTS__MORNING__WORDS=words)
        feed = f"<rss version='2.0'><channel><title>Post</title>{''.join(entries[:days])}</channel></rss>"
        (tmp_path / "saved.xml").write_text(feed, encoding="utf-8")
        done = bot("run", "--at", f"2026-05-{24 + days}T07:30+00:00")
        assert done.returncode == 0, done.stderr

    first, second = (bot.digest(f"2026-05-{day}")["sections"][0]["stories"][0] for day in (25, 26))
    assert waiting not in quoted(first)
    assert (second["day"], quoted(second)) == (2, ["Seven tugs pulled the ship off the bank on Monday."])


def test_a_fire_is_followed_with_news_every_day(mornings: dict[str, list[Story]]):
    """News on each of three days gives day 1, day 2 and day 3, each with sentences of its own."""
    asahina = [
        next(story for story in about(stories, "Asahina") if len(story["sources"]) > 2) for stories in mornings.values()
    ]

    assert [story["day"] for story in asahina] == [1, 2, 3]
    assert all(quoted(story) for story in asahina)


def test_no_item_stands_in_two_editions(mornings: dict[str, list[Story]]):
    """Over all editions of a digest every item is shown at most once."""
    ids = [item["id"] for stories in mornings.values() for story in stories for item in story["items"]]

    assert len(ids) == len(set(ids))


def test_whatever_a_digest_names_counts_as_told():
    """What stands in one line only, or is named alone, is told as a line; what stands in full is not."""
    whole = placed()
    told = past_stories([(date(2026, 5, 27), as_json(whole))], [])
    assert [past.id for past in told if not past.line] == [one.story.id for one in whole.entries]
    assert {past.id for past in told if past.line} >= {one.story.id for one in whole.headlines}


def test_what_was_told_is_read_back_from_the_json(demo: Any):
    """Title, day, items and sentences of every story come back, with the texts that are still stored."""
    content = (demo.folder / "out" / "morning" / "2026-05-27" / "digest.json").read_text()
    digest = json.loads(content)

    told = past_stories([(date(2026, 5, 27), content), (date(2026, 5, 28), "")], [])

    story = digest["lead"]
    assert told[0] == PastStory(
        id=story["id"],
        edition=date(2026, 5, 27),
        title=story["title"],
        told=datetime.fromisoformat(digest["until"]),
        day=story["day"],
        items=tuple((item["id"], item["title"]) for item in story["items"]),
        sentences=tuple(quoted(story)),
        outlets=tuple(source["name"] for source in story["sources"]),
    )
    assert [past.id for past in told if not past.line] == [
        story["id"], *(one["id"] for section in digest["sections"] for one in section["stories"])
    ]  # fmt: skip
    assert {past.id for past in told} >= {one["id"] for one in all_stories(digest)}
