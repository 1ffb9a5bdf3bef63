"""Topics: what their terms find and what they leave alone."""

from __future__ import annotations

import re
import time
from datetime import date
from pathlib import Path

import pytest
from builders import item, story
from hypothesis import given
from hypothesis import strategies as st

from digestbot.errors import ConfigError
from digestbot.topics import Match, ReaderFilter, Topics, apply_filters, parse_dated, parse_topic, ticker_names


def finds(value: str, title: str, text: str = "", **fields: object) -> bool:
    return bool(Topics((parse_topic("t", value),)).match_item(item(title, text=text, **fields)))


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
        ("nasdaq:nvda", "Nvidia (NASDAQ: NVDA) slips", True),
        ("HK:0981", "SMIC (HK:0981) gains", True),
        ("芯片", "中国芯片股上涨", True),
        ("芯片", "中国股市上涨", False),
        ("芯片，晶圆", "晶圆价格上涨", True),
        ("“Hua Hong”", "Hua Hong Semiconductor surges", True),
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


@pytest.mark.parametrize(
    ("value", "title", "found"),
    [
        ("foundry", "Foundries expand", True),
        ("foundries", "A foundry expands", True),
        ("wafer", "Wafers run short", True),
        ("rate cut", "Rate cuts ahead", True),
        ('"rate cut"', "Rate cuts ahead", False),
        ('"wafer"', "Wafers run short", False),
        ("ai", "Ais and oils", False),
        ("gas", "Ga and gases", False),
        ("new", "News at ten", False),
        ("news", "New at ten", False),
        ("glass", "Glas and glasse", False),
    ],
)
def test_a_plural_is_found_but_never_of_a_short_word(value: str, title: str, found: bool):
    """Words of four letters and more are found in singular and plural; quotation marks ask for exactly this."""
    assert finds(value, title) is found


@pytest.mark.parametrize(
    ("value", "title", "text", "found"),
    [
        ("chip*, +Taiwan", "Chip exports of Taiwan rise", "", True),
        ("chip*, +Taiwan", "Chip exports of Korea rise", "", False),
        ("chip*, +Taiwan", "Taiwan votes", "", False),
        ("+chip*, +Taiwan", "Chip exports", "They left Taiwan in March.", True),
        ("title:gold", "Gold climbs", "", True),
        ("title:gold", "Markets", "Gold climbs.", False),
        ("oil, -title:painting", "Oil prices", "A painting was sold.", True),
        ("chip*, -potato | fryer*", "Potato chip fryers", "", True),
        ("chip*, -potato | fryer*", "Potato chips", "", False),
        ("/chip(let)?s? (plant|fab)/", "A chiplet plant for Dresden", "", True),
        ("/chip(let)?s? (plant|fab)/", "Chiplets planned", "", False),
        ("/\\bQ[1-4] 20\\d\\d\\b/", "Results", "Sales rose in q3 2026, it said.", True),
        ("title:/^live:/", "Live: markets open", "", True),
        ("title:/^live:/", "Markets", "Live: they open", False),
        ("oil, -/\\bpaint/", "Oil painters gather", "", False),
    ],
)
def test_signs_places_groups_and_patterns(value: str, title: str, text: str, found: bool):
    """+must, title:, groups by a bar and regular expressions narrow a topic as documented."""
    assert finds(value, title, text) is found


@pytest.mark.parametrize(
    ("value", "fields", "found"),
    [
        ("source:Gazette", {}, True),
        ("source:gaz*", {}, True),
        ("source:gaz", {}, False),
        ('source:"South Coast"', {"source": "South Coast Post"}, True),
        ("source:coast_post", {"source": "South Coast Post", "feed": "coast_post"}, True),
        ("gold, source:Gazette", {}, True),
        ("silver, source:Gazette", {}, False),
        ("silver | source:Gazette", {}, True),
        ("gold, source:Ledger, source:Gazette", {}, True),
        ("gold, -source:Gazette", {}, False),
        ("gold, lang:en", {"language": "en-GB"}, True),
        ("gold, lang:en", {"language": "de"}, False),
        ("gold, lang:en", {}, False),
        ("gold, -lang:de", {}, True),
        ("gold, -lang:de", {"language": "de"}, False),
        ("gold, lang:de, source:Gazette", {"language": "en"}, False),
    ],
)
def test_sources_and_languages_are_conditions(value: str, fields: dict[str, object], found: bool):
    """One source: and one lang: of a group has to hold; both tell where to look, not what for."""
    assert finds(value, "Gold climbs", **fields) is found


def test_a_ticker_finds_the_company_once_the_pair_was_seen():
    """After "Nvidia Corp. (NASDAQ: NVDA)" a report that says Nvidia alone is found, one about another firm is not."""
    topic = parse_topic("t", "NASDAQ:NVDA")
    seen = [item("Chips", text="On Monday Nvidia Corp. (NASDAQ: NVDA) fell. Arm Holdings (NASDAQ: ARM) rose.")]
    topics = Topics((topic,), ticker_names([topic], seen))

    assert topics.match_item(item("Nvidia slips"))["t"].terms == ("NASDAQ:NVDA",)
    assert not topics.match_item(item("Arm Holdings climbs"))
    assert not Topics((topic,)).match_item(item("Nvidia slips"))


@pytest.mark.parametrize(
    ("ticker", "seen", "title"),
    [
        ("HKEX:700", "Tencent Holdings (HKEX: 0700) climbs", "Tencent slips"),
        ("HKEX:0700", "Tencent (HKEX:700) climbs", "Tencent slips"),
        ("HKEX:0700", "", "HKEX:700 slips"),
        ("HKEX:700", "", "(HKEX: 00700) slips"),
        ("NASDAQ:ASML", "ASML Holding N.V. (NASDAQ: ASML)", "ASML warns"),
        ("EPA:OR", "L'Oréal S.A. (EPA: OR)", "L’Oreal buys a perfumer"),
        ("BIT:RACE", "Ferrari S.p.A. (BIT: RACE)", "Ferrari recalls cars"),
        ("NASDAQ:GOOGL", "Alphabet Inc. (NASDAQ: GOOG, GOOGL)", "Alphabet slips"),
        ("TWSE:2330", "Taiwan Chips Ltd. (NYSE: TSM; TWSE: 2330)", "Taiwan Chips slips"),
        ("NYSE:T", "AT&T Inc. (NYSE: T)", "AT&T cuts jobs"),
    ],
)
def test_tickers_as_exchanges_and_newsrooms_write_them(ticker: str, seen: str, title: str):
    """Leading zeros, legal forms with full stops, several symbols in one bracket, names with a sign."""
    topic = parse_topic("t", ticker)
    assert Topics((topic,), ticker_names([topic], [item(seen)])).match_item(item(title))


@pytest.mark.parametrize("seen", ["Alphabet Inc. (NASDAQ: GOOG, up 3%)", "Alphabet (NASDAQ: GOOG), (LSE: UP)"])
def test_what_follows_a_ticker_is_not_always_another(seen: str):
    """Nothing but symbols between the brackets."""
    topic = parse_topic("t", "NASDAQ:UP")
    assert not Topics((topic,), ticker_names([topic], [item(seen)])).match_item(item("Alphabet slips"))


def test_a_company_named_like_an_everyday_word_is_known_by_its_full_name():
    """Arm Holdings teaches "Arm Holdings", so that a broken arm stays out."""
    topic = parse_topic("t", "NASDAQ:ARM")
    topics = Topics((topic,), ticker_names([topic], [item("Arm Holdings (NASDAQ: ARM) rises")]))

    assert topics.match_item(item("Arm Holdings rises"))
    assert not topics.match_item(item("Striker breaks arm"))


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


def test_weights_count_in_ranking_and_not_in_belonging():
    """A term of weight 2 makes a match twice as strong; one of weight 0.5 still belongs."""
    topics = Topics((parse_topic("t", "gold^2, silver^0.5, copper"),))
    strengths = [
        topics.match_story(story(item(f"{word} climbs")))["t"].strength for word in ("Gold", "Silver", "Copper")
    ]

    assert strengths == [2.0, 0.5, 1.0]


def test_the_strongest_term_is_named_first():
    """What is said about a match begins with the term that counts most, then in the reader's order."""
    topics = Topics((parse_topic("t", "oil, gold^3, silver"),))

    assert topics.match_item(item("Silver, oil and gold"))["t"].terms == ("gold^3", "oil", "silver")


def test_one_aside_does_not_carry_a_story_into_a_topic():
    """A story of five reports is about gold only when enough of them are."""
    topics = Topics((parse_topic("t", "gold"),))
    others = [item(f"Harbour strike, day {day}", source=f"Outlet {day}") for day in range(4)]

    assert not topics.match_story(story(item("Harbour strike", text="Gold rose."), *others))
    assert topics.match_story(story(item("Gold strike"), *others[:2]))["t"].terms == ("gold",)


def test_of_two_ways_to_write_a_term_the_first_counts():
    """A term that stands first and again further on, written otherwise, is what the title is about."""
    topics = Topics((parse_topic("t", "covid-19"),))
    assert topics.match_item(item("COVID-19 returns as COVID19 tests run out"))["t"].fit == 1.0
    assert topics.match_item(item("COVID19 returns as COVID-19 tests run out"))["t"].fit == 1.0
    assert topics.match_item(item("Tests run out as COVID19 and COVID-19 return"))["t"].fit < 1.0


def test_one_title_of_five_is_enough():
    """A story belongs to a topic when one of its five outlets names the topic in a title; one of six is too few."""
    topics = Topics((parse_topic("t", "gold"),))
    others = [item(f"Harbour strike, day {day}", source=f"Outlet {day}") for day in range(5)]

    assert topics.match_story(story(item("Gold strike"), *others[:4]))["t"].fit == 0.2
    assert not topics.match_story(story(item("Gold strike"), *others))


def test_long_coverage_does_not_thin_a_topic():
    """Of each outlet its best report counts: one that prints every turn of an event does not name the topic in each."""
    topics = Topics((parse_topic("t", "gold^2"),))
    turns = [item(f"Harbour strike, hour {hour}", source="Ledger") for hour in range(9)]
    once = topics.match_story(story(item("Gold strike", source="Ledger"), item("Strike", source="Quay")))["t"]
    often = topics.match_story(story(item("Gold strike", source="Ledger"), *turns, item("Strike", source="Quay")))["t"]

    assert (often.fit, often.strength) == (once.fit, once.strength) == (0.5, 1.0)


def test_a_hostile_pattern_costs_no_time():
    """The pattern that hangs backtracking engines is answered at once."""
    began = time.perf_counter()
    finds("/(a+)+$/", "a" * 30_000 + "!")

    assert time.perf_counter() - began < 5


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ('gold, "Hua Hong', "the quotation mark at column 7 is not closed"),
        ('"Hua Hong" SMIC', "expected a comma at column 11"),
        ("ai -training", "expected a comma before the - at column 4"),
        ("gold, title:oil +Fed", "expected a comma before the + at column 17"),
        ("go*ld", "the term at column 1 has a star inside: it can only be at the end"),
        ("-gold", "has no search terms"),
        ("gold, -", "the minus at column 7 has no word"),
        ("gold, +", "the plus at column 7 has no word"),
        ("gold, title:", "title: at column 7 has no word"),
        ("gold, ***", "at column 7"),
        ("", "has no search terms"),
        ("gold | ", "the group at column 7 is empty"),
        ("gold | -oil", "the group at column 7 has no search terms"),
        ("gold, /oil", "the regular expression at column 7 has no closing slash"),
        ("gold, /(oil/", "the regular expression at column 7 is not valid: missing )"),
        ("gold^x", "expected a number after the ^ at column 5"),
        ("gold^99", "the weight at column 5 is out of range"),
        ("gold, -oil^2", "an exclusion cannot have a weight (at column 7)"),
        ("gold, titel:oil", "titel: at column 7 is not a known field"),
        ("gold, lang:english", "the term at column 7 is not a language code"),
        ("gold, lang:/en/", "lang: takes words, not a regular expression (at column 12)"),
    ],
)
def test_a_wrong_topic_points_at_the_column(value: str, message: str):
    """The error says where reading stopped and what was expected."""
    with pytest.raises(ConfigError) as caught:
        parse_topic("metals", value, key="DIGESTBOT_TOPICS__METALS")

    assert caught.value.key == "DIGESTBOT_TOPICS__METALS"
    assert message in caught.value.reason
    assert caught.value.fix


@pytest.mark.parametrize(
    ("value", "fix"),
    [
        ("titel:oil", "did you mean title:?"),
        ("lang:english", "did you mean lang:en?"),
        ("lang:Germn", "did you mean lang:de?"),
        ("/(?=oil)/", "look-around"),
    ],
)
def test_a_wrong_term_suggests_what_was_meant(value: str, fix: str):
    """A slip gets the nearest right word, and an unknown trick the way to say it."""
    with pytest.raises(ConfigError) as caught:
        parse_topic("t", value)

    assert fix in caught.value.fix


_WORD = st.text(st.sampled_from("abcäé芯片 -:/&'0"), min_size=1, max_size=8)
_BODY = st.one_of(
    _WORD,
    _WORD.map(lambda word: f"{word.strip()}*"),
    _WORD.map(lambda word: f'"{word}"'),
    _WORD.map(lambda word: f"“{word}”"),
    st.sampled_from(["NASDAQ:NVDA", "/a(b|c), d/", "/\\//", "lang:de", "source:Gazette", 'source:"A, B"', "title:/x/"]),
)
_TERM = st.tuples(
    st.sampled_from(["", "-", "+", "- "]),
    st.sampled_from(["", "title:", "Title: "]),
    _BODY,
    st.sampled_from(["", "", "^2", "^0.50", " ^ 3"]),
).map("".join)
_VALUE = st.lists(st.tuples(_TERM, st.sampled_from([",", ", ", " | ", "，"])).map("".join), min_size=1, max_size=6).map(
    "".join
)


@given(st.one_of(st.text(max_size=60), _VALUE))
def test_any_text_is_a_topic_or_a_clear_error(value: str):
    """Reading never fails otherwise, and what was read prints back to an equal topic."""
    try:
        topic = parse_topic("t", value)
    except ConfigError:
        return

    assert parse_topic("t", str(topic)) == topic


@given(st.lists(st.sampled_from(["chip", "oil", "gold"]), min_size=1, max_size=3), st.text(max_size=80))
def test_one_pass_finds_what_each_topic_finds_alone(words: list[str], title: str):
    """Many topics matched together give the same as each of them by itself."""
    topics = tuple(parse_topic(f"t{number}", f"{word}*, {word} rally") for number, word in enumerate(words))
    made = item(title + " gold rallies and oil")
    alone: dict[str, Match] = {}
    for topic in topics:
        alone |= Topics((topic,)).match_item(made)

    assert Topics(topics).match_item(made) == alone


def test_every_example_of_the_page_is_read():
    """docs/topics.md shows each form with examples that the grammar accepts."""
    page = (Path(__file__).parents[2] / "docs" / "topics.md").read_text(encoding="utf-8")
    rows = [re.split(r"(?<!\\)\|", line) for line in page.splitlines() if re.match(r"\| [a-z]", line)]
    examples = [example for row in rows[1:] for example in re.findall("`([^`]+)`", row[2])]

    assert len(examples) > 20
    for example in examples:
        term = example.replace("\\|", "|")
        assert parse_topic("t", f"{term}, gold" if term.startswith("-") else term)


def test_dated_terms_hold_until_their_day():
    """A muted word is silent up to its day, that day included, and speaks again on the next."""
    cup, island = parse_dated("mute", 'World Cup until 2026-07-20, "Love Island"')

    assert cup.holds(date(2026, 7, 20))
    assert not cup.holds(date(2026, 7, 21))
    assert island.holds(date(2040, 1, 1))
    assert [str(cup), str(island)] == ["World Cup until 2026-07-20", '"Love Island"']


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("Cup until tomorrow", "what the term at column 1 has after until is not a date"),
        ("oil, Cup until 2026-02-30", "what the term at column 6 has after until is not a date"),
        ("Cup until", "the term at column 1 has no date after until"),
        ("a | b", "groups cannot be used here (at column 3)"),
        ("-oil", "the term at column 1 cannot have a + or - here"),
    ],
)
def test_a_wrong_dated_term_is_reported(value: str, message: str):
    """The error names the column and how a date is written."""
    with pytest.raises(ConfigError) as caught:
        parse_dated("mute", value)

    assert message in caught.value.reason


def test_an_audience_keeps_its_part_of_shared_stories():
    """Items of other sources and muted ones go; a story without any left is gone; ids stay."""
    both = story(item("Cup final", source="A"), item("Cup final tonight", source="B"))
    other = story(item("Harbour opens", source="B"))
    reader_filter = ReaderFilter(sources=frozenset({"b"}), mutes=parse_dated("mute", "tonight until 2026-06-01"))

    assert apply_filters([both, other], reader_filter, day=date(2026, 6, 1)) == (other,)
    (kept, _) = apply_filters([both, other], reader_filter, day=date(2026, 6, 2))
    assert (kept.id, kept.items) == (both.id, both.items[1:])
    assert apply_filters([both], ReaderFilter(), day=date(2026, 6, 1)) == (both,)


def test_a_source_is_known_by_its_house_and_by_what_its_feed_says() -> None:
    """`source:` finds a channel of a house by its own name, and all of them by that of the house."""
    world = item("Crane falls", source="Tide", label="Tide World", feed="a")
    for words, found in (("source:Tide", True), ('source:"Tide World"', True), ('source:"Tide Economy"', False)):
        assert (Topics((parse_topic("t", words),)).match_item(world) != {}) is found
