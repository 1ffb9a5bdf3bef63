"""Why a topic finds an item, or no longer does: the words in the text, and the condition that fails."""

from __future__ import annotations

import pytest

from digestbot.model import Item
from digestbot.topics import Topic, Topics, keeps_out, parse_topic, sightings


def topic(terms: str) -> Topic:
    return parse_topic("t", terms)


def item(title: str, text: str = "", **fields: str) -> Item:
    return Item(id="1", title=title, text=text, **fields)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("terms", "title", "found"),
    [
        ("chip*", "Two chipmakers merge", "chipmakers"),
        ("rate cut", "Fed plans two rate cuts in May", "rate cuts"),
        ('"Hua Hong"', "Why “Hua Hong” waits", "“Hua Hong”"),
        ("foundry", "The foundries' new year", "foundries'"),
        ("COVID-19", "Covid19 returns", "Covid19"),
        ("US", "What the U.S. wants from us", "U.S."),
        ("芯片", "台积电芯片出口上升", "芯片"),
        ("/chip(let)?s? (plant|fab)/", "A chiplet plant opens", "chiplet plant"),
        ("/wafer/", "Déjà vu: un wafer", "wafer"),
        ("gold, -silver", "Gold rises", "Gold"),
    ],
)
def test_the_words_are_shown_as_the_item_writes_them(terms: str, title: str, found: str):
    """Whatever the kind of a term, the words it was found in are those of the title, and no more."""
    (seen,) = sightings(topic(terms), item(title))
    assert (seen.words, seen.place) == (found, "title")
    assert seen.before + seen.words + seen.after == title


def test_a_word_further_down_is_shown_with_what_stands_around_it():
    """A sighting in the text has some words on either side, cut where there are more."""
    text = " ".join(f"a{n}" for n in range(60)) + " wafer " + " ".join(f"b{n}" for n in range(60))
    (seen,) = sightings(topic("wafer"), item("No such word", text))
    assert (seen.words, seen.place) == ("wafer", "text")
    assert seen.before.startswith("… ")
    assert seen.before.endswith("a58 a59 ")
    assert seen.after.startswith(" b0 b1")
    assert seen.after.endswith(" …")
    assert len(seen.before.split()) < 14


def test_a_source_is_a_sighting_without_words():
    """What matched by where it comes from says so, for no word of the text is the reason."""
    (seen,) = sightings(topic("source:Ledger"), item("Anything", source="The Ledger"))
    assert (seen.term, seen.words, seen.place) == ("source:Ledger", "", "source")


def test_every_term_that_was_found_is_named_once():
    """The terms of a group that were found, in the topic's order; exclusions are none of them."""
    seen = sightings(topic("gold, +price, oil, -silver | tin"), item("Gold price rises", "oil"))
    assert [(one.term, one.place) for one in seen] == [("gold", "title"), ("+price", "title"), ("oil", "text")]


@pytest.mark.parametrize(
    ("terms", "said"),
    [
        ("oil", "none of its terms is found"),
        ('gold, -"Gold Coast"', '-"Gold Coast" is found: “Gold Coast”'),
        ("gold, +price", "+price is not found"),
        ("gold, source:Ledger", "it is not of source:Ledger"),
        ("gold, lang:fr", "it is not of lang:fr"),
        ("gold, -source:Gazette", "-source:Gazette holds: Gazette"),
        ("title:surf", "none of its terms is found"),
        ("oil | gold, -coast", "-coast is found: “Coast”"),
    ],
)
def test_what_keeps_an_item_out_is_named(terms: str, said: str):
    """The exclusion, the missing word or the condition that fails; of several groups that of the one that comes nearest."""
    written = item("Gold Coast awaits the storm", "Surf", source="Gazette", language="en")
    wanted = topic(terms)
    assert not Topics((wanted,)).match_item(written)
    assert keeps_out(wanted, written) == said
