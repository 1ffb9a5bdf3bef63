"""Topics at their limits: where a weight, a lead, a plural, a name or a group begins and ends."""

from __future__ import annotations

from datetime import date

import pytest
from builders import item, story

from digestbot.errors import ConfigError
from digestbot.topics import Topics, parse_dated, parse_topic, ticker_names
from digestbot.topics.match import LEAD_FIT, TEXT_FIT, TITLE_FIT


def fit(value: str, title: str, text: str = "") -> float:
    found = Topics((parse_topic("t", value),)).match_item(item(title, text=text))
    return found["t"].fit if found else 0.0


def reason(value: str) -> str:
    with pytest.raises(ConfigError) as caught:
        parse_topic("t", value)
    return caught.value.reason


@pytest.mark.parametrize("weight", ["0.1", "10", "1.5"])
def test_a_weight_may_be_as_small_or_large_as_its_limits(weight: str):
    """The limits themselves are allowed; the number that is read is the number that was written."""
    (term,) = parse_topic("t", f"gold^{weight}").terms
    assert term.weight == float(weight)


@pytest.mark.parametrize("weight", ["0.09", "10.1", "0"])
def test_a_weight_beyond_its_limits_is_an_error(weight: str):
    """An error says what numbers are possible."""
    assert reason(f"oil, gold^{weight}") == "the weight at column 10 is out of range"


def test_the_lead_ends_with_the_fiftieth_word():
    """A word counts as part of the lead up to the fiftieth word of the text, that one included."""
    assert fit("gold", "Markets", "x " * 49 + "gold") == LEAD_FIT
    assert fit("gold", "Markets", "x " * 50 + "gold") == TEXT_FIT


def test_the_lead_of_a_text_without_spaces_ends_with_its_300th_character():
    """Scripts without spaces and patterns are looked for in characters: 300 of them are the lead."""
    for value, piece in (("黄金", "黄金"), ("/gold/", "gold")):
        room = 300 - len(piece)
        assert fit(value, "市场", "市" * room + piece) == LEAD_FIT
        assert fit(value, "市场", "市" * (room + 1) + piece) == TEXT_FIT


def test_the_best_place_counts():
    """A term in title and text has the title's fit, whichever kind of term it is; so has one twice in the text."""
    assert fit("gold", "Gold", "Gold climbs.") == TITLE_FIT
    assert fit("/gold/", "Gold", "Gold climbs.") == TITLE_FIT
    assert fit("gold", "Markets", "Gold " + "x " * 60 + "gold") == LEAD_FIT
    assert fit("gold rise", "Markets", "Gold rises " + "x " * 60 + "gold rise") == LEAD_FIT


def test_the_stronger_group_speaks_for_a_topic():
    """Of two groups that match, the one with the greater strength is named, wherever it is written."""
    for value in ("gold | oil^3", "oil^3 | gold"):
        match = Topics((parse_topic("t", value),)).match_item(item("Gold and oil"))["t"]
        assert (match.terms, match.strength) == (("oil^3",), 3.0)


def test_a_story_is_as_strong_as_its_outlets_on_average():
    """Outlets that do not match count as nothing: a topic in half of a story's titles has half the fit and strength."""
    items = item("Gold"), item("Strike", source="Quay")
    match = Topics((parse_topic("t", "gold^2"),)).match_story(story(*items))["t"]
    assert (match.fit, match.weight, match.strength) == (0.5, 2.0, 1.0)


@pytest.mark.parametrize(
    ("value", "title", "found"),
    [
        ("mine", "Mines close", True),
        ("tax cut", "Tax cuts ahead", True),
        ("tax cuts", "A tax cut", True),
        ("an ad", "An ads war", False),
        ("rate cut*", "Rate cutters", True),
        ("rate cut", "Rate cutters", False),
        ("rate cut", "Rates cut", False),
        ("rate cut", "The cut of a rate", False),
        ("policy", "Policies change", True),
        ("bus", "Bu", False),
        ("shoes", "A shoe", True),
        ("tax cut", "Sales tax", False),
    ],
)
def test_plurals_of_words_and_of_phrases(value: str, title: str, found: bool):
    """A word of four letters has a plural; in a phrase the last word has one from three letters on, the others none."""
    assert bool(fit(value, title)) is found


@pytest.mark.parametrize(
    ("value", "terms"),
    [
        ("gold,, oil", ["gold", "oil"]),
        ("gold, ", ["gold"]),
        (" gold ,oil", ["gold", "oil"]),
        ('"gold, oil", tin', ['"gold, oil"', "tin"]),
        ("/a,b|c/, tin", ["/a,b|c/", "tin"]),
        ("m/a, tin", ["m/a", "tin"]),
        ("- oil, gold", ["-oil", "gold"]),
        ("+source:Ledger", ["source:Ledger"]),
        ("TITLE: gold", ["title:gold"]),
        ("Fed:cuts", ["Fed:cuts"]),
        ('“the "big" one”, tin', ['“the "big" one”', "tin"]),
    ],
)
def test_what_separates_terms_and_what_does_not(value: str, terms: list[str]):
    """Commas between terms, not those inside quotation marks and patterns; empty places are skipped."""
    assert [str(term) for term in parse_topic("t", value).terms] == terms


def test_groups_are_counted_and_each_needs_a_word():
    """The error names the column at which the wrong group begins."""
    assert len(parse_topic("t", "gold | oil | tin").groups) == 3
    assert reason("gold |  | tin") == "the group at column 7 is empty"
    assert reason("| gold") == "the group at column 1 is empty"
    assert reason("gold | tin, oil | -cup") == "the group at column 18 has no search terms"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("gold,   -", "the minus at column 9 has no word"),
        ("gold,  go*ld", "the term at column 8 has a star inside: it can only be at the end"),
        ("gold,  /oil", "the regular expression at column 8 has no closing slash"),
        ("gold, “oil", "the quotation mark at column 7 is not closed"),
        ('gold, ""', "the term at column 7 has no word"),
        ("gold, title: /(/", "the regular expression at column 14 is not valid: missing )"),
        ("gold, source:/x/", "source: takes words, not a regular expression (at column 14)"),
    ],
)
def test_columns_count_from_one_and_spaces_too(value: str, expected: str):
    """The column is the one that an editor shows at the mistake."""
    assert reason(value) == expected


def test_names_and_titles_of_a_topic():
    """Readers see the title, or the name made readable; errors name the setting, or the topic."""
    assert parse_topic("energy_and_ships", "oil").title == "Energy and ships"
    assert parse_topic("energy", "oil", title="Power").title == "Power"
    with pytest.raises(ConfigError) as caught:
        parse_topic("energy", "")
    assert caught.value.key == "energy"


def test_a_dated_term_reads_until_in_any_case_and_keeps_its_column():
    """`UNTIL` is `until`; an error in the second term names that term's column; empty places are skipped."""
    (cup,) = parse_dated("mute", "World Cup UNTIL 2026-07-20, ")
    assert (str(cup.topic), cup.until) == ("World Cup", date(2026, 7, 20))
    for value, expected in (
        ("oil,  Cup until soon", "what the term at column 7 has after until is not a date"),
        ("oil, +Cup", "the term at column 5 cannot have a + or - here"),
    ):
        with pytest.raises(ConfigError) as caught:
            parse_dated("mute", value)
        assert caught.value.reason == expected


@pytest.mark.parametrize(
    ("seen", "name"),
    [
        ("Orbis Fab Ltd (NYSE: ORB)", ("orbis", "fab")),
        ("Orbis Holdings Group, (NYSE:ORB)", ("orbis",)),
        ("On Tuesday the Orbis (NYSE: ORB)", ("orbis",)),
        ("Ob Corp (NYSE: ORB)", ("ob", "corp")),
        ("Obi Corp (NYSE: ORB)", ("obi",)),
        ("Target Corp (NYSE: ORB)", ("target", "corp")),
        ("Target (NYSE: ORB)", None),
        ("Ob (NYSE: ORB)", None),
        ("Orbis (NYSE: ORC)", None),
        ("(NYSE: ORB)", None),
    ],
)
def test_the_name_before_a_ticker(seen: str, name: tuple[str, ...] | None):
    """Days, articles and legal forms are no part of a name; short and everyday names need their full form."""
    topic = parse_topic("t", "NYSE:ORB")
    expected = {("nyse", "orb"): (name,)} if name else {}
    for made in (item(seen), item("Markets", text=seen)):
        assert ticker_names([topic], [made]) == expected


def test_nothing_is_learnt_for_topics_without_a_ticker():
    """A quoted ticker is words and nothing else; several names of one company are all kept, each once."""
    items = [item("Orbis (NYSE: ORB)"), item("Orbis Fab (NYSE: ORB)"), item("Orbis Inc (NYSE: ORB)")]
    assert ticker_names([parse_topic("t", '"NYSE:ORB", oil')], items) == {}
    (names,) = ticker_names([parse_topic("t", "NYSE:ORB")], items).values()
    assert names == (("orbis",), ("orbis", "fab"))
