"""How many were killed, injured or arrested, in three languages."""

from __future__ import annotations

import pytest

from digestbot.text.tolls import Toll, tells_harm, tolls

DEAD, INJURED, ARRESTED = Toll.DEAD, Toll.INJURED, Toll.ARRESTED


@pytest.mark.parametrize(
    ("text", "counted"),
    [
        ("Blast kills 3 at mill", {DEAD: 3}),
        ("Death toll in mill blast rises to 1,026", {DEAD: 1026}),
        ("Death toll in Mallow’s blast rises to 14", {DEAD: 14}),
        ("At least 12 people were injured and three killed", {INJURED: 12, DEAD: 3}),
        ("Sixteen dead and dozens injured", {DEAD: 16}),
        ("Explosion leaves 12 miners dead", {DEAD: 12}),
        ("Police arrest 14 after march", {ARRESTED: 14}),
        ("Mindestens 16 Tote und 40 Verletzte", {DEAD: 16, INJURED: 40}),
        ("Zahl der Toten nach dem Brand steigt auf 26", {DEAD: 26}),
        ("Zwei Menschen bei Unfall getötet", {DEAD: 2}),
        ("煙花廠爆炸26死61傷", {DEAD: 26, INJURED: 61}),
        ("死亡人數升至26人", {DEAD: 26}),
        ("烟花厂爆炸造成最少21人死亡", {DEAD: 21}),
        ("兩死一傷", {DEAD: 2, INJURED: 1}),
        ("二十六人罹難", {DEAD: 26}),
        ("12死逾百傷", {DEAD: 12, INJURED: 100}),
        ("警方拘捕7人", {ARRESTED: 7}),
    ],
)
def test_people_are_counted(text: str, counted: dict[Toll, int]):
    """In figures, words and Han numerals, before and after what befell them."""
    assert tolls(text) == counted


@pytest.mark.parametrize(
    "text",
    [
        "A 12-year-old boy was killed",
        "Man, 45, killed in crash",
        "Cholera could kill 20 million",
        "Deaths from heat in 3 states",
        "Shares fell 3 percent after deaths",
        "He died 4 days later",
        "Ein 12-jähriger Junge wurde getötet",
        "12歲男童被捕",
        "5月4日死亡",
        "周一死亡",
        "八旬夫婦倒斃",
        "花費26億元後不治",
        "",
    ],
)
def test_other_numbers_count_nobody(text: str):
    """Ages, dates, shares, money and places are no people."""
    assert tolls(text) == {}


def test_a_hostile_text_costs_little():
    """Only the beginning is read, however long the text."""
    assert tolls("one " * 100_000) == {}


@pytest.mark.parametrize(
    ("title", "harm"),
    [("Quake kills hundreds", True), ("Dutzende Tote am Hafen", True), ("Shares near death cross", False)],
)
def test_harm_is_told_with_or_without_a_count(title: str, harm: bool):
    """A pattern of prices that traders call deadly hurts nobody."""
    assert tells_harm(title) is harm
