"""The digest as JSON: the shape that programs rely on."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime

from render_states import ALSO, CHIPS, UNTIL, feeds_failed, normal, placed, quiet

from digestbot.model import Sentence, Summary
from digestbot.render import as_json


def test_shape_is_the_documented_one():
    """Keys, in their order, at every level."""
    value = json.loads(as_json(feeds_failed()))
    assert list(value) == [
        "digest", "edition", "since", "until", "timezone", "title", "counts", "lead", "sections", "elsewhere", "also", "further", "failures", "notices", "omitted"
    ]  # fmt: skip
    assert value["counts"] == {"feeds": 31, "feeds_failed": 2, "items": 180, "stories": 7}
    assert list(value["sections"][0]) == ["topic", "stories", "briefs"]
    story = value["sections"][0]["stories"][0]
    assert list(story) == [
        "id", "title", "url", "topic", "kind", "published", "score", "why", "day", "sources", "items", "summary", "facts",
        "related",
    ]  # fmt: skip
    assert story["sources"][0] == {"name": "Harbour Gazette", "items": 1, "independent": True}
    assert [source["independent"] for source in story["sources"]] == [True] * 3 + [False] * 4
    assert list(story["items"][0]) == ["id", "title", "url", "source", "published"]
    assert list(story["summary"][0]) == ["text", "item", "source", "url"]
    assert value["failures"][0] == {"source": "Bay Post", "reason": "no answer within 30 seconds"}


def test_values_are_the_digests_own():
    """Nothing is shortened or rounded away; every quoted item is among the story's items."""
    story = json.loads(as_json(normal()))["sections"][0]["stories"][0]
    assert (story["id"], story["day"], story["score"]) == (CHIPS[0].story.id, 3, 4.2)
    assert story["why"] == [str(reason) for reason in CHIPS[0].why]
    assert [sentence["text"] for sentence in story["summary"]] == [one.text for one in CHIPS[0].summary.sentences]
    assert {sentence["item"] for sentence in story["summary"]} <= {item["id"] for item in story["items"]}


def test_times_are_iso_with_offset():
    """A program can read every time without knowing the zone."""
    value = json.loads(as_json(normal()))
    assert datetime.fromisoformat(value["until"]) == UNTIL
    published = value["sections"][0]["stories"][0]["items"][0]["published"]
    assert datetime.fromisoformat(published).utcoffset() is not None
    undated = replace(CHIPS[0], story=replace(CHIPS[0].story, items=(replace(CHIPS[0].story.lead, published=None),)))
    digest = normal()
    digest = replace(digest, sections=(replace(digest.sections[0], entries=(undated,)),))
    assert json.loads(as_json(digest))["sections"][0]["stories"][0]["items"][0]["published"] is None


def test_also_is_headline_only():
    """What stands under "Also" has the shape of a story and no summary, even where one was made."""
    summarised = replace(ALSO[0], summary=Summary(sentences=(Sentence(text="Words.", item="x", source="Gazette"),)))
    (story,) = json.loads(as_json(replace(normal(), also=(summarised,))))["also"]
    assert story["summary"] == []
    assert story["title"] == ALSO[0].title


def test_every_place_is_told_in_one_shape():
    """Lead, stories, briefs, elsewhere, also and further have the same keys; a line has no summary; related stories are links."""
    whole = placed()
    value = json.loads(as_json(whole))
    sections = value["sections"]
    full = [value["lead"], *(story for section in sections for story in section["stories"])]
    briefs = [story for section in sections for story in section["briefs"]]
    lines = [*briefs, *value["elsewhere"], *value["also"], *value["further"]]
    assert [story["id"] for story in full] == [one.story.id for one in whole.entries]
    assert [story["id"] for story in lines] == [one.story.id for one in whole.headlines]
    assert len({tuple(story) for story in (*full, *lines)}) == 1
    assert {(len(story["summary"]), len(story["facts"])) for story in lines} == {(0, 0)}
    assert value["lead"]["related"] == [
        {"id": other.story.id, "title": other.title, "url": other.url} for other in whole.lead.related
    ]
    assert datetime.fromisoformat(value["lead"]["published"]) == max(item.published for item in whole.lead.story.items)
    assert value["lead"]["kind"] == "news"


def test_reasons_are_told_to_programs_whatever_readers_see():
    """WHY is for readers: the JSON form always tells why."""
    assert as_json(replace(normal(), shows_why=False)) == as_json(replace(normal(), shows_why=True))


def test_a_quiet_day_keeps_the_shape():
    """No story is empty lists, not missing keys."""
    value = json.loads(as_json(quiet()))
    assert (value["sections"], value["also"], value["failures"], value["omitted"]) == ([], [], [], 0)
    assert (value["lead"], value["elsewhere"]) == (None, [])


def test_other_scripts_stay_readable():
    """Text is written as it is, not as escapes."""
    assert "晨间" in as_json(replace(normal(), title="晨间芯片"))
