"""Titles without their outlets' names."""

from __future__ import annotations

import pytest
from builders import item

from digestbot.stories import cluster
from digestbot.stories.titles import bare_title, is_heading, outlet_names, without_outlets


@pytest.mark.parametrize(
    ("source", "tail"),
    [
        ("Ledger.com", "Ledger"),
        ("Ledger", "Ledger.com"),
        ("The Ledger", "ledger.co.uk"),
        ("Hafenblatt.de", "Hafenblatt"),
        ("The Ledger", "Ledger"),
    ],
)
def test_an_outlet_is_known_by_its_address_too(source: str, tail: str):
    """A "Ledger.com" at the end of a title is the outlet "Ledger", and the other way round."""
    outlets = outlet_names([item("Bridge closes", source=source)])
    assert bare_title(f"Harbour bridge closes | {tail}", outlets) == "Harbour bridge closes"
    assert without_outlets(f"{tail} | Harbour bridge closes - {tail}", outlets) == "Harbour bridge closes"


@pytest.mark.parametrize(("source", "tail"), [("Telecom", "Tele"), ("Intercom News", "Inter"), ("Sitcom", "Sit")])
def test_letters_inside_a_name_are_no_address(source: str, tail: str):
    """A "Telecom" ends in the same letters as an address and is none."""
    outlets = outlet_names([item("Bridge closes", source=source)])
    assert without_outlets(f"Harbour bridge closes | {tail}", outlets) == f"Harbour bridge closes | {tail}"


@pytest.mark.parametrize("title", ["Ledger", "Bridge – a chronicle – closes", "Ledger | Ledger", "A | B"])
def test_what_is_no_outlet_stays_as_it_is_written(title: str):
    """Dashes inside a title stay, and a title that is nothing but outlets is not emptied."""
    assert without_outlets(title, frozenset({"ledger"})) in (title, "Ledger")


@pytest.mark.parametrize(
    ("title", "source"),
    [
        ("News", "Ledger"),
        ("World news", "Ledger"),
        ("The Harbour Ledger", "Harbour Ledger"),
        ("27 May 2026", "Ledger"),
        ("2026-05-27", "Ledger"),
        ("Wednesday, 27 May", "Ledger"),
        ("Kurzmeldungen", "Bote"),
        ("À la une", "Le Courrier"),
        ("即時新聞", "港報"),
        ("!", "Ledger"),
    ],
)
def test_a_section_a_date_and_the_outlet_are_no_titles(title: str, source: str):
    """Whatever the language: they stand over many events and name none."""
    assert is_heading(title, source)


@pytest.mark.parametrize(
    "title",
    [
        "News Corp sells its papers",
        "Gold",
        "May resigns",
        "Sports hall burns down",
        "Storm",
        "4 dead",
        "金價新高",
        "Home prices fall",
    ],
)
def test_a_short_title_is_one(title: str):
    """A word of such a heading, or a single word, may be all that a headline says."""
    assert not is_heading(title, "Ledger")


def test_reports_under_a_heading_are_grouped_by_their_first_sentence():
    """Two reports called "News" are not one story for it, and each joins the report of its event."""
    strike = "Dock workers in Rotterdam stopped work at dawn over pay, and container ships wait at anchor."
    museum = "A museum of cheese opened in Alkmaar with two hundred visitors queuing at the door."
    one, other = item("News", text=strike, source="Ledger"), item("World news", text=museum, source="Courier")
    port = item(
        "Dock workers stop work in Rotterdam over pay", text="Container ships wait at anchor since dawn.", source="Post"
    )
    cheese = item(
        "Museum of cheese opens in Alkmaar", text="Two hundred visitors were queuing at the door.", source="Post"
    )
    stories = cluster([one, other, port, cheese])
    assert {frozenset(each.title for each in story.items) for story in stories} == {
        frozenset({"News", port.title}),
        frozenset({"World news", cheese.title}),
    }
