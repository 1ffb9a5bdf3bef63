"""Tickers and moves: what the sentence states, and nothing else."""

from __future__ import annotations

import pytest
from builders import item, story

from digestbot.summarise import facts


def found(text: str) -> list[tuple[str, str, str]]:
    return [(fact.symbol, fact.move, fact.about) for fact in facts(story(item(text=text)))]


@pytest.mark.parametrize(
    ("text", "symbol", "move", "about"),
    [
        ("Foundry Qinhe (HK:0981) gained more than 3% on Friday.", "HK:0981", "+3%", "more than"),
        ("Shares of Orbis (NASDAQ: ORBS) fell 2.75 percent to $41.20.", "NASDAQ:ORBS", "-2.75%", ""),
        ("Qinhe (0981.HK) shares closed down 4% after the sale.", "HK:0981", "-4%", ""),
        ("Baiyun (HK:9888) saw steadier trading but remained up 15% for the week.", "HK:9888", "+15%", ""),
        ("Traders piled into $ORBS on Monday.", "ORBS", "", ""),
        ("Beijing told firms to stop buying the chips of Orbis (NASDAQ: ORBS).", "NASDAQ:ORBS", "", ""),
    ],
)
def test_ticker_and_move(text, symbol, move, about):
    """A listed company is named by its ticker, with the move that its own clause states."""
    assert found(text) == [(symbol, move, about)]


@pytest.mark.parametrize(
    "text",
    [
        "Orbis (NYSE: ORB) said revenue rose 12% in the quarter.",
        "Orbis (NYSE: ORB) could fall 10%, the bank warned.",
        "Orbis (NYSE: ORB) revenue rose 12%.",
        "Orbis (NYSE: ORB) shut its plant and Halden rose 5%.",
        "Orbis (NYSE: ORB) did not say why output fell 5%.",
    ],
)
def test_what_is_not_the_companys_own_move_is_left_out(text):
    """Revenue, forecasts and other companies' moves are no move of this one."""
    assert found(text) == [("NYSE:ORB", "", "")]


@pytest.mark.parametrize("text", ["It meets (ISO: 9001).", "It cost $5 or $5M.", "See (a: b).", "No tickers here."])
def test_no_ticker_no_fact(text):
    """What only looks like a ticker is none."""
    assert found(text) == []


def test_a_later_sentence_that_states_the_move_wins():
    """Each ticker appears once, where it is first seen to move, word for word and with its source."""
    text = "Orbis (NYSE: ORB) opens a plant. Orbis (NYSE: ORB) rose 3% on the news. Orbis (NYSE: ORB) fell 1% later."
    (fact,) = facts(story(item(text=text, source="Gazette")))
    assert (fact.move, fact.sentence, fact.source) == ("+3%", "Orbis (NYSE: ORB) rose 3% on the news.", "Gazette")


def test_a_market_wrap_brings_no_strangers():
    """A ticker that only one of the other items names belongs to another story; one that two name belongs here."""
    texts = (
        "Orbis (NYSE: ORB) opens a plant with Halden and others.",
        "Orbis (NYSE: ORB) rose 3% in a calm market. Baiyun (HK:9888) fell 2% and Halden (NQX: HLDN) gained 1%.",
        "Halden (NQX: HLDN) takes a third of the plant.",
    )
    wrapped = facts(story(*(item(f"Report {number}", text=text) for number, text in enumerate(texts))))
    assert [(fact.symbol, fact.move) for fact in wrapped] == [("NYSE:ORB", "+3%"), ("NQX:HLDN", "+1%")]


def test_the_seed_article(shared_data):
    """The four moves of a real article are found as they stand there."""
    text = (shared_data / "seeds" / "chip-stocks-article.txt").read_text(encoding="utf-8")
    assert [entry[:2] for entry in found(text)] == [
        ("NASDAQ:NVDA", ""),
        ("HK:0981", "+3%"),
        ("HK:1347", "+5%"),
        ("SS:601869", "+10%"),
        ("HK:9888", "+15%"),
    ]
