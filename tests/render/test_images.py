"""The picture of the best story: only where it is asked for, only in the email."""

from __future__ import annotations

from dataclasses import replace

import lxml.html
import pytest
from render_states import CHIPS, STATES, busy, normal, pictured

from digestbot.model import Digest, Section
from digestbot.render import Templates, preview_page, render

TEMPLATES = Templates()


def pictures(digest: Digest, images: str = "lead") -> list[dict[str, str]]:
    page = lxml.html.fromstring(render(digest, templates=TEMPLATES, images=images).html)
    return [dict(found.attrib) for found in page.iter("img")]


def test_there_are_no_pictures_unless_they_are_asked_for():
    """An email that nobody set up for pictures tells no outlet who reads it."""
    message = render(pictured(), templates=TEMPLATES)

    assert pictures(pictured(), images="no") == []
    assert "pictures.example" not in message.html + message.text + str(message.slack)


def test_the_best_story_shows_its_picture():
    """One picture, with words for those who do not see it and a width for Outlook."""
    (shown,) = pictures(pictured())

    assert shown["src"] == f"https://pictures.example/{CHIPS[0].story.lead.id}.jpg?w=1&h=2"
    assert shown["alt"] == "Picture of the report"
    assert shown["width"] == "536"


def test_only_the_email_shows_it():
    """Slack refuses a message whose picture it cannot fetch, and text has none."""
    message = render(pictured(), templates=TEMPLATES, images="lead")

    assert "pictures.example" not in message.text + str(message.slack)


@pytest.mark.parametrize("address", ["javascript:alert(1)", "data:image/png;base64,AAAA", "file:///etc/passwd", ""])
def test_what_is_no_web_address_is_no_picture(address):
    """A picture's address is vetted like every other."""
    items = (replace(CHIPS[0].story.lead, image=address),)
    story = replace(CHIPS[0], story=replace(CHIPS[0].story, items=items))

    assert pictures(replace(normal(), sections=(Section(topic="Chips", entries=(story,)),))) == []


@pytest.mark.parametrize("state", STATES)
def test_digests_without_pictures_look_the_same(state):
    """Asking for pictures changes nothing where there are none."""
    digest = STATES[state]()

    assert render(digest, templates=TEMPLATES, images="lead") == render(digest, templates=TEMPLATES)


def test_the_picture_is_the_first_thing_to_go():
    """An email that would be too large loses its picture before any word."""
    whole = busy(76)
    lead = whole.sections[0].entries[0]
    items = tuple(replace(item, image="https://pictures.example/" + "x" * 1900) for item in lead.story.items)
    first = replace(lead, story=replace(lead.story, items=items))
    illustrated = replace(
        whole,
        sections=(
            replace(whole.sections[0], entries=(first, *whole.sections[0].entries[1:])),
            *whole.sections[1:],
        ),
    )
    without = render(illustrated, templates=TEMPLATES)

    assert len(without.html.encode()) > 88_000
    assert not any(note.startswith("email") for note in without.notes)
    assert render(illustrated, templates=TEMPLATES, images="lead").html == without.html


def test_the_preview_page_loads_pictures_only_where_the_email_has_some():
    """Its policy allows nothing else from anywhere."""
    without = preview_page(render(pictured(), templates=TEMPLATES))
    shown = preview_page(render(pictured(), templates=TEMPLATES, images="lead"))

    assert "img-src" not in without
    assert "default-src 'none'; style-src 'unsafe-inline'; img-src http: https:\"" in shown


@pytest.mark.parametrize(
    "address", ["http://192.168.1.1/apply?x=1", "http://0x7f.1/", "https://router/x", "https://a.example:8080/x.png"]
)
def test_a_picture_that_leads_inside_is_left_out(address: str):
    """A reader's mail program would ask for it without a click."""
    items = (replace(CHIPS[0].story.lead, image=address),)
    story = replace(CHIPS[0], story=replace(CHIPS[0].story, items=items))

    assert pictures(replace(normal(), sections=(Section(topic="Chips", entries=(story,)),))) == []


def test_a_story_whose_link_leads_inside_keeps_its_title():
    """In every form: the title stands, the address does not; the owner's own networks may be linked."""
    inner = "http://192.168.1.1/apply"
    items = tuple(replace(item, url=inner) for item in CHIPS[0].story.items)
    entry = replace(CHIPS[0], url=inner, title="Fab opens", story=replace(CHIPS[0].story, items=items))
    digest = replace(normal(), sections=(Section(topic="Chips", entries=(entry,)),))
    message = render(digest, templates=TEMPLATES)

    for form in (message.html, message.text, str(message.slack), message.json):
        assert "Fab opens" in form
        assert "192.168" not in form
    assert inner in render(digest, templates=TEMPLATES, allow_private=("192.168.0.0/16",)).html
