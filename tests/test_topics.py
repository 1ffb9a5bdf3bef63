"""Topics: what their terms find and what they leave alone."""

from __future__ import annotations

import pytest
from builders import item, story
from hypothesis import given
from hypothesis import strategies as st

from digestbot.errors import ConfigError
from digestbot.topics import Topics, parse_topic


def finds(value: str, title: str, text: str = "") -> bool:
    return bool(Topics((parse_topic("t", value),)).match_item(item(title, text=text)))


@pytest.mark.parametrize(
    ("value", "title", "found"),
    [
        ("ai", "AI chips for training", True),
        ("ai", "Crews in training for rain", False),
        ("chip*", "Chipmakers rally", True),
        ("chip", "Chipmakers rally", False),
        ('"Hua Hong"', "Hua Hong Semiconductor surges", True),
        ("Hua Hong", "Hong and Hua differ", False),
        ("semiconductor equip*", "Semiconductor equipment maker", True),
        ("beyonce", "BEYONCÉ plays Tokyo", True),
        ("NASDAQ:NVDA", "Nvidia (NASDAQ: NVDA) slips", True),
        ("HK:0981", "SMIC (HK:0981) gains", True),
        ("芯片", "中国芯片股上涨", True),
        ("芯片", "中国股市上涨", False),
        ("chip*, -potato chip", "Potato chip maker grows", False),
        ('chip*, -"potato chip"', "Chip maker grows", True),
        ("m&a", "M&A wave continues", True),
        ("5g", "5G rollout", True),
        ("5g", "15G of sugar", False),
        ("nvidia", "Nvidia’s orders halted", True),
    ],
)
def test_terms(value: str, title: str, found: bool):
    """Whole words, beginnings, phrases, tickers, exclusions, accents, scripts without spaces."""
    assert finds(value, title) is found


def test_an_exclusion_anywhere_keeps_an_item_out():
    """An excluded phrase in the text outweighs a term in the title."""
    assert not finds('chip*, -"potato chip"', "Chip prices", "The potato chip maker said so.")


def test_a_title_says_more_than_an_aside():
    """Fit falls from title to lead to the text further down."""
    topics = Topics((parse_topic("t", "gold"),))
    fits = [
        topics.match_item(made)["t"].fit
        for made in (
            item("Gold climbs"),
            item("Markets", text="Gold climbs."),
            item("Markets", text="x " * 300 + "gold"),
        )
    ]

    assert fits == sorted(fits, reverse=True)
    assert len(set(fits)) == 3


def test_one_aside_does_not_carry_a_story_into_a_topic():
    """A story of five reports is about gold only when enough of them are."""
    topics = Topics((parse_topic("t", "gold"),))
    others = [item(f"Harbour strike, day {day}") for day in range(4)]

    assert not topics.match_story(story(item("Harbour strike", text="Gold rose."), *others))
    assert topics.match_story(story(item("Gold strike"), *others[:2]))["t"].terms == ("gold",)


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ('gold, "Hua Hong', "a quotation mark at column 7 is never closed"),
        ('"Hua Hong" SMIC', "expected a comma at column 11"),
        ("go*ld", "'go*ld' at column 1: a star is understood at the end only"),
        ("-gold", "holds no word to look for"),
        ("gold, -", "a minus without a word at column 6"),
        ("gold, ***", "at column 6"),
        ("", "holds no word to look for"),
    ],
)
def test_a_wrong_topic_points_at_the_column(value: str, message: str):
    """The error says where reading stopped and what was expected."""
    with pytest.raises(ConfigError) as caught:
        parse_topic("metals", value, key="DIGESTBOT_TOPICS__METALS")

    assert caught.value.key == "DIGESTBOT_TOPICS__METALS"
    assert message in caught.value.reason
    assert caught.value.mend


@given(st.text(max_size=60))
def test_any_text_is_a_topic_or_a_clear_error(value: str):
    """Reading never fails otherwise, and what was read prints back to the same terms."""
    try:
        topic = parse_topic("t", value)
    except ConfigError:
        return
    printed = ", ".join(str(term) for term in topic.terms)

    assert [t.words for t in parse_topic("t", printed).terms] == [t.words for t in topic.terms]
