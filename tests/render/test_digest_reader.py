"""What was stored of an edition gives the edition again."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, time
from pathlib import Path

import pytest
import render_states as states

from digestbot.model import Digest, EditionDate, Section
from digestbot.render import Templates, as_json, render
from digestbot.render.digest_reader import digest_from_json

GOLDEN = sorted((Path(__file__).parents[1] / "golden" / "render").glob("*.json"))


@pytest.mark.parametrize("name", states.STATES)
def test_the_json_of_what_is_read_is_the_same(name: str):
    """Every state of a digest, there and back."""
    made = states.STATES[name]
    made = made() if callable(made) else made
    text = as_json(made)
    assert as_json(digest_from_json(text, language=made.language)) == text


def test_what_a_story_goes_on_with_is_read():
    """The editions before it, by their names, one of several of a day among them."""
    earlier = ((date(2026, 5, 25), "a"), (EditionDate.of(date(2026, 5, 26), time(18)), "b"))
    made = states.digest(Section(topic="T", entries=(replace(states.CHIPS[0], earlier=earlier),)))
    [entry] = digest_from_json(as_json(made)).entries
    assert entry.earlier == earlier
    assert "earlier" not in as_json(states.normal())


@pytest.mark.parametrize(
    "path", [path for path in GOLDEN if '"digest"' in path.read_text("utf-8")], ids=lambda path: path.stem
)
def test_every_stored_form_is_read(path: Path):
    """The golden ones: all languages and scripts that there are."""
    text = path.read_text(encoding="utf-8")
    assert json.loads(as_json(digest_from_json(text))) == json.loads(text)


def test_what_is_rendered_of_it_is_what_was_sent():
    """The same mail and the same words in Slack, but for a picture and the outlets of related lines, which are not stored."""
    made = states.normal()
    sent = render(made, templates=Templates())
    read = digest_from_json(sent.json, language=made.language, shows_why=made.shows_why)
    again = render(read, templates=Templates())
    assert (again.subject, again.text, again.json) == (sent.subject, sent.text, sent.json)
    assert [message["text"] for message in again.slack] == [message["text"] for message in sent.slack]


def test_an_edition_of_an_earlier_release_is_read():
    """Without lead, briefs, elsewhere, kinds, facts and related lines."""
    value = json.loads(as_json(states.normal()))
    stories = [
        value.pop("lead"),
        *(story for section in value["sections"] for story in section["stories"]),
        *value["also"],
    ]
    for gone in ("elsewhere", "notices", "omitted", "timezone"):
        value.pop(gone)
    for section in value["sections"]:
        section.pop("briefs")
    for story in filter(None, stories):
        for gone in ("kind", "published", "related", "facts", "topic", "day"):
            story.pop(gone, None)
    read = digest_from_json(json.dumps(value))
    assert isinstance(read, Digest)
    assert render(read, templates=Templates()).html
