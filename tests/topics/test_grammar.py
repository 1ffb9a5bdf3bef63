"""The grammar of topics: what is a sign, a field, a ticker, a weight or a language, and what stays a word."""

from __future__ import annotations

from datetime import date

import pytest

from digestbot.errors import ConfigError
from digestbot.topics import parse_dated, parse_topic
from digestbot.topics.terms import Kind, Role, Term


def only(value: str) -> Term:
    (term,) = parse_topic("t", value).terms
    return term


def reason(value: str) -> str:
    with pytest.raises(ConfigError) as caught:
        parse_topic("t", value)
    return caught.value.reason


@pytest.mark.parametrize("value", ["x-ray", "Rolls-Royce", "A+B", "cold -10 degrees", "gold - silver"])
def test_a_sign_inside_a_word_or_before_a_number_is_text(value: str):
    """Only a sign that stands before a word, after a space, was meant for a term of its own."""
    assert (only(value).text, only(value).role) == (value, Role.ANY)


@pytest.mark.parametrize(
    ("value", "ticker"),
    [
        ("HK:0981", True),
        ("Q:A", False),
        ("NASDAQ: NVDA", True),
        ("NASDAQ:  NVDA", False),
        ("NYSE:BRK.B", True),
        ("NYSE:BF-A", True),
        (f"{'X' * 10}:AB", True),
        (f"{'X' * 11}:AB", False),
        (f"HK:{'9' * 10}", True),
        (f"HK:{'9' * 11}", False),
        ("LAN:XYZ", True),
        ('"HK:0981"', False),
        ("title:HK:0981", True),
    ],
)
def test_what_is_a_ticker(value: str, ticker: bool):
    """EXCHANGE:SYMBOL with 2 to 10 letters, a colon, a space at most, and 1 to 10 signs; never in quotation marks."""
    assert only(value).ticker is ticker


@pytest.mark.parametrize("value", ['"titel: gold"', "a title: gold", "LANGS: gold", "Live: gold"])
def test_a_colon_makes_no_field(value: str):
    """One word in small letters that is almost a field is a slip; quoted, in capitals or in other words it is text."""
    assert only(value).text == value.strip('"')
    assert not only(value).title_only


def test_the_name_of_a_source_may_have_a_colon():
    """It is taken literally, also where it begins almost like a field."""
    assert only("source:Sources: Daily").words == ("sources", "daily")


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("半導体、電池，AI", "半導体, 電池, AI"),
        ("النفط، الذهب", "النفط, الذهب"),
        ("gold, –silver, — 'fool', −oil, －tin, ＋mine", "gold, -silver, -'fool', -oil, -tin, +mine"),
        ("„Hua Hong“, -„potato chip”, «or blanc»^2", '"Hua Hong", -"potato chip", "or blanc"^2'),
        ("「華虹」、『中芯』 | title:«or»", '"華虹", "中芯" | title:"or"'),
        ('“say "cheese"”', '“say "cheese"”'),
        ("/«or»/", "/«or»/"),
    ],
)
def test_signs_as_other_keyboards_and_word_processors_write_them(value: str, written: str):
    """A dash for a minus, the commas and quotation marks of other languages mean what they mean; columns stay as they are."""
    assert str(parse_topic("t", value)) == written
    assert parse_topic("t", value) == parse_topic("t", written)


def test_a_dash_before_a_word_without_a_comma_is_a_mistake():
    """It would be searched for as words in a row, which nobody writes."""
    with pytest.raises(ConfigError, match="expected a comma before the – at column 12"):
        parse_topic("t", "«a b», tin –gold")


@pytest.mark.parametrize(("value", "weight"), [("gold ^ 2", 2.0), ("gold^2 ", 2.0), ("gold^ 0.5", 0.5)])
def test_a_weight_may_stand_apart(value: str, weight: float):
    """Spaces around the ^ and its number are no part of the term."""
    assert (only(value).text, only(value).weight) == ("gold", weight)


def test_a_weight_of_many_digits_reads_back_equal():
    """It is kept as it is printed."""
    topic = parse_topic("t", "gold^1.23456789")

    assert parse_topic("t", str(topic)) == topic


def test_a_topic_keeps_the_weight_and_the_limit_it_is_given():
    """They come from settings of their own; without them a topic weighs 1 and has no limit."""
    given, plain = parse_topic("t", "gold", weight=2.0, limit=3), parse_topic("t", "gold")

    assert (given.weight, given.limit) == (2.0, 3)
    assert (plain.weight, plain.limit) == (1.0, None)


@pytest.mark.parametrize("value", ["+lang:en", "+source:Ledger"])
def test_a_plus_changes_nothing_about_a_condition(value: str):
    """It has to hold anyway, so that both spellings are one topic."""
    assert parse_topic("t", f"gold, {value}") == parse_topic("t", f"gold, {value[1:]}")


@pytest.mark.parametrize("value", ["lang:EN", "lang:en-GB", "Lang: en"])
def test_a_language_may_have_capitals_and_a_region(value: str):
    """What counts is the language itself."""
    assert (only(value).kind, only(value).words) == (Kind.LANGUAGE, ("en",))


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("-gold", "has no search terms"),
        ("gold, ???", "the term at column 7 has no letter or digit"),
        ("gold, go*ld  ", "the term at column 7 has a star inside: it can only be at the end"),
        ("gold, -oil^0.5", "an exclusion cannot have a weight (at column 7)"),
        ("gold, lang:xx", "the term at column 7 is not a language code"),
        ("gold AND silver", "there is no AND at column 6"),
        ("gold OR silver", "there is no OR at column 6"),
        ("tin, gold NOT silver", "there is no NOT at column 11"),
        ("NOT silver", "there is no NOT at column 1"),
        ("gold AND NOT silver", "there is no AND NOT at column 6"),
    ],
)
def test_what_an_error_says(value: str, expected: str):
    """It counts no spaces behind the mistake, and speaks of groups only where there are several."""
    assert reason(value) == expected


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("gold AND silver", "gold, +silver"),
        ("gold OR silver OR tin", "gold, silver"),
        ("gold NOT silver", "gold, -silver"),
        ("gold AND (silver)", "gold, +silver"),
    ],
)
def test_the_operators_of_search_engines_are_told_how_they_are_written_here(value: str, written: str):
    """As words in a row they would find nothing; what is told is a topic."""
    with pytest.raises(ConfigError) as caught:
        parse_topic("t", value)
    assert caught.value.fix.startswith(f"write {written};")
    assert parse_topic("t", written)


@pytest.mark.parametrize("value", ["gold and silver", '"gold AND silver"', "R AND D", "AND", "Portland OR", "OR Tambo"])
def test_words_that_are_no_operators(value: str):
    """In small letters, in quotation marks, in a name, or with nothing beside them."""
    assert only(value).kind is Kind.WORDS


def test_an_unknown_language_that_resembles_none_gets_the_form():
    """Where there is nothing to suggest, the error says what a code looks like."""
    with pytest.raises(ConfigError) as caught:
        parse_topic("t", "lang:qqqq")

    assert caught.value.fix == "write an ISO 639-1 code, as in lang:en"


def test_a_dated_term_may_have_spaces_around_its_date():
    """Before the next comma as well as after until."""
    cup, oil = parse_dated("mute", "World Cup until  2026-07-20 , oil")

    assert (cup.until, oil.until) == (date(2026, 7, 20), None)


def test_errors_of_dated_terms_name_the_setting():
    """Or the name, where no setting is given."""
    for key, expected in (("MUTE", "MUTE"), ("", "mute")):
        with pytest.raises(ConfigError) as caught:
            parse_dated("mute", "gold until never", key=key)
        assert caught.value.key == expected
