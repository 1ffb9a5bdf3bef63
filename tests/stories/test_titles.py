"""Titles without their outlets' names."""

from __future__ import annotations

import pytest
from builders import item

from digestbot.stories.titles import bare_title, outlet_names, without_outlets


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
