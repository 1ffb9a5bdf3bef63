"""The demo's digest, read as an editor would: what the unkind parts of the sample newsroom may not do to it."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from bot import all_stories

from digestbot.resources import resource

Digest = dict[str, Any]
Story = dict[str, Any]

LAST = "2026-05-27"
SCRIPTS = {"zh": "[\u4e00-\u9fff]", "ar": "[\u0600-\u06ff]"}


@pytest.fixture(scope="module")
def truth() -> dict[str, Any]:
    return json.loads((resource("samples") / "stories.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def last(demo_digests: dict[str, Digest]) -> Digest:
    return demo_digests[LAST]


def events(story: Story, truth: dict[str, Any]) -> set[str]:
    """What the reports of a story are about, by the labels; the page of headlines is labelled by its headlines."""
    labels = truth["items"]
    found = (labels.get(address_of(item)) or labels.get(item["title"]) for item in story["items"])
    return {event for event in found if event}


def address_of(item: dict[str, Any]) -> str:
    return item["url"].split("?utm_", 1)[0]


def full(digest: Digest) -> list[Story]:
    return [digest["lead"], *(story for section in digest["sections"] for story in section["stories"])]


def shown(digest: Digest) -> Iterator[Story]:
    """Every story in full or in one line, and those that stand under another."""
    for story in all_stories(digest):
        yield story
        yield from ({**related, "items": [related]} for related in story["related"])


def section(digest: Digest, topic: str) -> dict[str, Any]:
    return next(one for one in digest["sections"] if one["topic"] == topic)


def about(digest: Digest, event: str, truth: dict[str, Any]) -> list[Story]:
    return [story for story in all_stories(digest) if event in events(story, truth)]


def language(story: Story) -> str:
    if "weserlotse.example" in hosts(story):
        return "de"
    return next((name for name, letters in SCRIPTS.items() if re.search(letters, story["title"])), "en")


def hosts(story: Story) -> set[str]:
    return {urlsplit(item["url"]).hostname or "" for item in story["items"]}


def test_the_lead_has_the_best_score_of_what_the_reader_follows(last: Digest, truth: dict[str, Any]) -> None:
    """The company's results open the digest: no story in full scores higher, and the dam matches no topic."""
    assert events(last["lead"], truth) == {"halden-results"}
    assert last["lead"]["score"] == max(story["score"] for story in full(last))


def test_what_no_topic_foresaw_stands_elsewhere(last: Digest, truth: dict[str, Any]) -> None:
    """The dam that eight outlets tell of is the first line of Elsewhere, and stands nowhere else in its language."""
    (dam,) = about(last, "ribalta-dam", truth)
    assert dam is last["elsewhere"][0]
    assert len(dam["sources"]) == 8
    assert events(dam, truth) == {"ribalta-dam"}


def test_channels_of_a_house_count_once(last: Digest, truth: dict[str, Any]) -> None:
    """Two channels of the Meridian Post tell of the dam under one name, and no channel is named anywhere."""
    (dam,) = about(last, "ribalta-dam", truth)
    assert len({host for host in hosts(dam) if host.endswith("meridianpost.example")}) >= 2
    named = [
        source["name"] for story in all_stories(last) for source in story["sources"] if "Meridian" in source["name"]
    ]
    assert set(named) == {"Meridian Post"}
    assert [source["name"] for source in dam["sources"]].count("Meridian Post") == 1


def test_versions_of_an_article_are_one_report(last: Digest, truth: dict[str, Any]) -> None:
    """The report with 11,000 people gave way to the one with 19,000 under the same number, in one channel and in two."""
    (dam,) = about(last, "ribalta-dam", truth)
    numbers = [item["url"].rpartition("-")[2] for item in dam["items"] if "meridianpost" in item["url"]]
    assert len(numbers) == len(set(numbers))
    assert not any("11,000 Portuguese" in item["title"] for item in dam["items"])


def test_a_list_of_others_articles_tells_nothing_itself(demo_digests: dict[str, Digest]) -> None:
    """First Column is no outlet of any story, and what it repeats word for word is no second report."""
    for digest in demo_digests.values():
        for story in all_stories(digest):
            assert "First Column" not in {source["name"] for source in story["sources"]}
            told = Counter((item["source"], item["title"]) for item in story["items"])
            listed = [item for item in story["items"] if "firstcolumn" in item["url"]]
            assert all(told[item["source"], item["title"]] == 1 for item in listed)


def test_a_topic_of_thirty_leaves_room_for_one_of_two(last: Digest) -> None:
    """Chips take half of the places at most, and of the lines; both stories of science stand in the digest, one in full."""
    chips, science = section(last, "Semiconductors"), section(last, "Space and science")
    assert len(chips["stories"]) + 1 <= len(full(last)) / 2  # the lead is a chip story
    lines = [story for one in last["sections"] for story in one["briefs"]]
    assert len(chips["briefs"]) <= (len(lines) + len(last["elsewhere"]) + len(last["also"])) / 2
    assert len(science["stories"]) >= 1
    assert len(science["stories"]) + len(science["briefs"]) == 2


def test_thirty_reports_in_chinese_are_one_story(last: Digest, truth: dict[str, Any]) -> None:
    """All of them, from six papers, and nothing else; its headline tells the latest toll, and no sentence an earlier one."""
    (ship,) = about(last, "haiyu-mingzhu", truth)
    assert ship in section(last, "Energy and shipping")["stories"]
    assert len(ship["items"]) == 30
    assert events(ship, truth) == {"haiyu-mingzhu"}
    assert [source["items"] for source in ship["sources"]] == [5] * 6
    assert "遇难" in ship["title"]
    assert not any("失联" in sentence["text"] and "遇难" not in sentence["text"] for sentence in ship["summary"])


def test_what_sells_and_what_every_site_has_is_left_out(demo_digests: dict[str, Digest], truth: dict[str, Any]) -> None:
    """No offer, no advertisement and no static page is told, though most of them match a topic."""
    unwanted = {url for url, kind in truth["kinds"].items() if kind in {"deal", "sponsored", "page"}}
    told = {address_of(item) for digest in demo_digests.values() for story in shown(digest) for item in story["items"]}
    assert len(unwanted) >= 8
    assert not told & unwanted


def test_a_report_of_news_gives_the_headline(demo_digests: dict[str, Digest], truth: dict[str, Any]) -> None:
    """No opinion, live page, video or letter heads a story that has news in it, and none leads an edition."""
    for digest in demo_digests.values():
        assert digest["lead"]["kind"] == "news"
        for story in all_stories(digest):
            addresses = {address_of(item) for item in story["items"]}
            if addresses - truth["kinds"].keys():
                assert address_of(story) not in truth["kinds"], story["title"]


def test_a_story_of_one_kind_says_so(demo_digests: dict[str, Digest], truth: dict[str, Any]) -> None:
    """Programs that read the JSON can tell a letter or a live page from a report."""
    for digest in demo_digests.values():
        for story in all_stories(digest):
            kinds = {truth["kinds"].get(address_of(item), "news") for item in story["items"]}
            assert story["kind"] == ("news" if "news" in kinds else kinds.pop()), story["title"]
    assert {story["kind"] for digest in demo_digests.values() for story in all_stories(digest)} > {"news"}


def test_stories_have_what_is_no_news_in_them(last: Digest, truth: dict[str, Any]) -> None:
    """The lead has an opinion without a label in its title, the dam an opinion, a live page or a video: beside the news."""
    kinds = {
        event: {truth["kinds"].get(address_of(item)) for story in about(last, event, truth) for item in story["items"]}
        for event in ("halden-results", "ribalta-dam")
    }
    assert "opinion" in kinds["halden-results"]
    assert kinds["ribalta-dam"] >= {"opinion", "live", "video"}


def test_clickbait_is_no_headline_where_a_plain_one_is(last: Digest, truth: dict[str, Any]) -> None:
    """Three stories hold a title that teases or asks, and each is headed by the title of another report."""
    teased = [
        story for story in all_stories(last) if {address_of(item) for item in story["items"]} & set(truth["teasers"])
    ]
    assert {event for story in teased for event in events(story, truth)} >= {
        "ribalta-dam",
        "saerom-results",
        "toaster-chip",
    }
    assert not [story["title"] for story in teased if address_of(story) in truth["teasers"]]


def test_nothing_that_teases_or_sells_is_quoted(demo_digests: dict[str, Digest]) -> None:
    """No summary calls on its reader, asks, or tells when a live page was last changed."""
    quoted = [
        sentence["text"] for digest in demo_digests.values() for story in full(digest) for sentence in story["summary"]
    ]
    forbidden = (
        "?",
        "Read on",
        "Sign up",
        "Follow our",
        "Refresh",
        "Watch the",
        "surprise you",
        "code ",
        "刷新",
        "点击",
    )
    assert quoted
    assert not [text for text in quoted if any(words in text for words in forbidden)]


def test_an_old_item_that_comes_back_is_not_told_again(demo_digests: dict[str, Digest], truth: dict[str, Any]) -> None:
    """The pulsar of the first day has a new date, id and address on the third, and nothing new."""
    told = [edition for edition, digest in demo_digests.items() if about(digest, "pulsar-glitch", truth)]
    assert told == ["2026-05-25"]


def test_what_is_older_than_the_days_is_never_told(demo_digests: dict[str, Digest], truth: dict[str, Any]) -> None:
    """A page of 2025 and a report of last week lie in their feeds for ever."""
    for digest in demo_digests.values():
        assert not about(digest, "chip-ledger-how", truth)
        assert not about(digest, "mask-prices", truth)


def test_a_story_in_full_is_one_event_and_has_one_place(demo_digests: dict[str, Digest], truth: dict[str, Any]) -> None:
    """No two stories in full of one edition are of one event in one language, and none mixes two of the labelled ones."""
    for digest in demo_digests.values():
        found = [events(story, truth) & truth["stories"].keys() for story in full(digest)]
        assert all(len(each) <= 1 for each in found)
        places = Counter(
            (next(iter(each)), language(story)) for each, story in zip(found, full(digest), strict=True) if each
        )
        assert {event for event, count in places.items() if count > 1} <= {
            ("chip-tool-rule", "en")
        }  # and what shares did
