"""Selecting: who gets room, where, and what becomes of the rest."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from random import Random

import pytest
from builders import item, story
from hypothesis import given
from hypothesis import strategies as st

from digestbot.edition.selection import Limits, Selection, select
from digestbot.model import PINNED, TOP_STORIES, Entry, Kind, Score, ScorePart, Source
from digestbot.settings.options import DigestSettings


def entry(number: int, points: float, *, topic: str = "Chips", source: str = "") -> Entry:
    made = story(item(f"Story {number}", source=source or f"Outlet {number}"), id=f"s{number}")
    return Entry(
        story=made, title=made.lead.title, topic=topic, score=Score(parts=(ScorePart(name="x", value=points),))
    )


def ids(entries: tuple[Entry, ...]) -> list[str]:
    return [one.story.id for one in entries]


def told(number: int, points: float, outlets: int, *, topic: str = "Chips", kind: Kind = Kind.NEWS) -> Entry:
    """A story that so many outlets tell."""
    sources = tuple(Source(name=f"Outlet {number}-{at}") for at in range(outlets))
    return replace(entry(number, points, topic=topic), sources=sources, kind=kind)


def full(chosen: Selection) -> list[str]:
    return ids(chosen.full)


def places(chosen: Selection) -> list[tuple[str, list[str]]]:
    """The sections with their stories, the lead apart."""
    return [(section.topic, ids(section.entries)) for section in chosen.sections]


def test_the_best_of_all_leads_and_stands_in_no_section():
    """It opens the digest, and its topic begins with the next one."""
    chosen = select(
        [entry(1, 1.0), entry(2, 3.0, topic="Gold"), entry(3, 2.0)], topics=["Gold", "Chips"], limits=Limits()
    )

    assert chosen.lead is not None
    assert (chosen.lead.story.id, places(chosen)) == ("s2", [("Chips", ["s3", "s1"])])


@pytest.mark.parametrize("count", [0, 1, 2])
def test_of_fewer_than_three_stories_none_leads(count: int):
    """They are an order already."""
    assert select([entry(n, 9.0 - n) for n in range(count)], topics=["Chips"], limits=Limits()).lead is None


@pytest.mark.parametrize(("outlets", "leads"), [(3, "s1"), (4, "s9"), (8, "s9")])
def test_what_no_topic_foresaw_leads_where_it_is_far_ahead(outlets: int, leads: str):
    """Four outlets at least, and twice as many as tell the best story of a topic."""
    foreseen = [told(1, 4.0, 2), told(2, 3.0, 1)]

    chosen = select([*foreseen, told(9, 5.0, outlets, topic="")], topics=["Chips"], limits=Limits())

    assert chosen.lead is not None
    assert chosen.lead.story.id == leads


def test_twice_as_many_outlets_are_needed():
    """Five against three are not far ahead; six are."""
    best = told(1, 4.0, 3)
    for outlets, leads in ((5, "s1"), (6, "s9")):
        chosen = select([best, entry(2, 1.0), told(9, 5.0, outlets, topic="")], topics=["Chips"], limits=Limits())
        assert chosen.lead is not None
        assert chosen.lead.story.id == leads


def test_a_reader_who_wants_nothing_else_gets_no_other_lead():
    """ELSEWHERE=0: what matches no topic neither leads nor stands in a list of its own."""
    entries = [told(1, 4.0, 2), entry(2, 1.0), told(9, 5.0, 9, topic="")]

    chosen = select(entries, topics=["Chips"], limits=Limits(elsewhere=0))

    assert chosen.lead is not None
    assert (chosen.lead.story.id, chosen.elsewhere, ids(chosen.also)) == ("s1", (), ["s9"])


def test_opinion_leads_only_where_there_is_no_news():
    """A review with the best score stands in its section."""
    reviews = [told(n, 9.0 - n, 2, kind=Kind.REVIEW) for n in (1, 2, 3)]

    news = select([*reviews, told(4, 1.0, 2)], topics=["Chips"], limits=Limits())
    none = select(reviews, topics=["Chips"], limits=Limits())

    assert news.lead is not None
    assert none.lead is not None
    assert (news.lead.story.id, none.lead.story.id) == ("s4", "s1")


def test_sections_follow_their_best_story_or_the_readers_order():
    """ORDER=score and ORDER=file; inside, the best story first."""
    entries = [entry(1, 1.0, topic="Gold"), entry(2, 4.0), entry(3, 3.0), entry(4, 2.0, topic="Gold")]

    by_score = select(entries, topics=["Gold", "Chips"], limits=Limits())
    by_file = select(entries, topics=["Gold", "Chips"], limits=Limits(), by_score=False)

    assert places(by_score) == [("Chips", ["s3"]), ("Gold", ["s4", "s1"])]
    assert places(by_file) == [("Gold", ["s4", "s1"]), ("Chips", ["s3"])]


def test_every_topic_with_news_gets_a_place_before_any_gets_a_second():
    """Thirty stories of one topic do not push out the two of another, nor the only one of a third."""
    crowd = [told(n, 9.0 - n / 10, 3) for n in range(30)]
    others = [told(40, 2.5, 2, topic="Gold"), told(41, 2.4, 2, topic="Gold"), told(50, 4.6, 1, topic="Oil")]

    chosen = select([*crowd, *others], topics=["Chips", "Gold", "Oil"], limits=Limits(stories=6))

    assert chosen.lead is not None
    assert dict(places(chosen)) == {"Chips": ["s1", "s2"], "Gold": ["s40", "s41"], "Oil": ["s50"]}


def test_no_topic_takes_over_half_while_another_waits():
    """The lead counts; where nobody waits, the crowd takes the rest."""
    crowd = [told(n, 9.0 - n / 10, 3) for n in range(30)]
    waiting = [told(40 + n, 2.0 - n / 10, 2, topic="Gold") for n in range(30)]

    shared = select([*crowd, *waiting], topics=["Chips", "Gold"], limits=Limits(stories=12))
    alone = select([*crowd, waiting[0]], topics=["Chips", "Gold"], limits=Limits(stories=12))

    assert Counter(one.topic for one in shared.full) == {"Chips": 6, "Gold": 6}
    assert Counter(one.topic for one in alone.full) == {"Chips": 11, "Gold": 1}


@pytest.mark.parametrize(("points", "outlets", "placed"), [(4.9, 1, False), (5.1, 1, True), (4.9, 2, True)])
def test_a_topic_gets_no_place_for_a_trifle(points: float, outlets: int, placed: bool):
    """One outlet alone, and less than half of the best score: a line under its topic is enough."""
    crowd = [told(n, 10.0 - n / 10, 3) for n in range(9)]

    chosen = select(
        [*crowd, told(40, points, outlets, topic="Gold")], topics=["Chips", "Gold"], limits=Limits(stories=3)
    )

    assert ("s40" in full(chosen)) is placed
    assert placed or [ids(section.briefs) for section in chosen.sections if section.topic == "Gold"] == [["s40"]]


@pytest.mark.parametrize(("fit", "placed"), [(0.4, False), (0.5, True)])
def test_a_topic_gets_no_place_for_what_is_hardly_about_it(fit: float, placed: bool):
    """Its best story is then one that a word in passing drew there, and waits for its score as all others do."""
    many = [told(n, 9.0 - n, 5) for n in range(4)]
    passing = replace(told(9, 3.0, 5, topic="Gold"), fit=fit)
    chosen = select([*many, passing], topics=["Chips", "Gold"], limits=Limits(stories=3))
    assert ("s9" in full(chosen)) is placed


def test_the_topics_best_that_is_about_it_gets_its_place():
    """However many stories stand before it that a passing word drew to the topic."""
    many = [told(n, 9.0 - n, 5) for n in range(4)]
    passing = replace(told(8, 4.5, 5, topic="Gold"), fit=0.3)
    about = told(9, 3.0, 5, topic="Gold")
    assert "s9" in full(select([*many, passing, about], topics=["Chips", "Gold"], limits=Limits(stories=3)))


def test_what_a_topic_cannot_show_stands_under_it_in_one_line():
    """Before the general "Also", which holds what matches no topic."""
    entries = [*(entry(n, 9.0 - n) for n in range(4)), entry(9, 0.5, topic="")]

    chosen = select(entries, topics=["Chips"], limits=Limits(stories=2))

    assert [(ids(section.entries), ids(section.briefs)) for section in chosen.sections] == [(["s1"], ["s2", "s3"])]
    assert (ids(chosen.also), chosen.omitted) == (["s9"], 0)


def test_elsewhere_holds_the_most_covered_stories_of_no_topic():
    """Three outlets at least; the most covered first, whatever their score."""
    others = [told(10 + n, 1.0 + n, 7 - n, topic="") for n in range(6)]

    chosen = select([told(1, 20.0, 4), told(2, 19.0, 4), *others], topics=["Chips"], limits=Limits(elsewhere=3))

    assert ids(chosen.elsewhere) == ["s10", "s11", "s12"]
    assert ids(chosen.also) == ["s13", "s15", "s14"]


def test_lines_go_to_events_of_many_outlets_first():
    """Of twenty lines a topic's trifles take none that an event of four outlets needs."""
    trifles = [told(n, 5.0 - n / 100, 1) for n in range(40)]
    events = [told(100 + n, 0.5, 4, topic="") for n in range(6)]

    chosen = select([*trifles, *events], topics=["Chips"], limits=Limits(stories=2, headlines=8))

    shown = {*ids(chosen.elsewhere), *ids(chosen.also)}
    assert shown == {f"s{100 + n}" for n in range(6)}
    assert sum(len(section.briefs) for section in chosen.sections) == 2
    assert (chosen.omitted, chosen.omitted_big) == (46 - 2 - 8, 0)


def test_an_event_of_four_outlets_goes_before_one_of_three_that_no_topic_foresaw():
    """The lines of "Elsewhere" are kept for many outlets, too."""
    entries = [*(told(n, 9.0 - n, 5) for n in range(3)), told(4, 1.0, 4), told(9, 8.0, 3, topic="")]

    chosen = select(entries, topics=["Chips"], limits=Limits(stories=3, headlines=1))

    assert ids(chosen.sections[0].briefs) == ["s4"]
    assert (chosen.elsewhere, chosen.omitted_big) == ((), 0)


@pytest.mark.parametrize("kind", [Kind.GUIDE, Kind.NEWSLETTER, Kind.MARKET_DATA])
def test_advice_letters_and_tables_get_a_line_only_where_news_leaves_one(kind: Kind):
    """Though they match a topic and score higher; an opinion may stand before news of no topic."""
    advice, news = told(8, 3.0, 1, kind=kind), told(9, 1.0, 1, topic="")
    best = [told(1, 9.0, 2), told(2, 8.0, 2), told(3, 7.0, 2)]

    def lines(*waiting: Entry, room: int) -> list[str]:
        limits = Limits(stories=3, headlines=room)
        chosen = select([*best, *waiting], topics=["Chips"], limits=limits)
        return ids((*(one for section in chosen.sections for one in section.briefs), *chosen.also))

    assert lines(advice, news, room=1) == ["s9"]
    assert lines(advice, news, room=2) == ["s8", "s9"]
    assert lines(replace(advice, kind=Kind.OPINION), news, room=1) == ["s8"]


def test_big_events_without_a_line_are_named_and_what_is_left_is_counted():
    """The most covered ones get the lines, whatever their score; as many again are named, the most covered first."""
    events = [told(n, 9.0 - n, 4 + n) for n in range(9)]

    chosen = select([*events, told(9, 0.1, 3)], topics=["Chips"], limits=Limits(stories=2, headlines=3))

    assert ids(chosen.sections[0].briefs) == ["s6", "s7", "s8"]
    assert ids(chosen.further) == ["s5", "s4", "s3"]
    assert (chosen.omitted, chosen.omitted_big) == (2, 1)


def test_no_topic_takes_over_half_of_the_lines_while_another_story_waits():
    """A topic of a hundred stories leaves lines to others."""
    crowd = [told(n, 9.0 - n / 100, 2) for n in range(100)]
    quiet = [told(200 + n, 1.0, 2, topic="Gold") for n in range(5)]

    chosen = select([*crowd, *quiet], topics=["Chips", "Gold"], limits=Limits(stories=2, headlines=8))

    assert {section.topic: len(section.briefs) for section in chosen.sections} == {"Chips": 4, "Gold": 4}


def test_without_topics_everything_is_one_section():
    """A reader who follows no topic gets the best of everything; what finds no room is named once, then counted."""
    chosen = select([entry(n, 9.0 - n, topic="") for n in range(5)], topics=[], limits=Limits(stories=2, headlines=2))

    assert chosen.lead is not None
    assert (chosen.lead.story.id, places(chosen)) == ("s0", [(TOP_STORIES, ["s1"])])
    assert (ids(chosen.also), chosen.elsewhere, chosen.omitted) == (["s2", "s3"], (), 1)


def test_one_outlet_does_not_fill_the_room_while_others_wait():
    """The fourth story of a loud outlet stands behind the first of a quiet one."""
    loud = [entry(number, 10.0 - number, source="Loud") for number in range(5)]
    quiet = entry(9, 3.0, source="Quiet")

    chosen = select([*loud, quiet], topics=["Chips"], limits=Limits(stories=4, per_source=3))
    alone = select(loud, topics=["Chips"], limits=Limits(stories=4, per_source=3))

    assert full(chosen) == ["s0", "s1", "s2", "s9"]
    assert len(alone.full) == 4


def test_what_others_tell_too_does_not_count_against_an_outlet():
    """A news agency that leads many stories of several outlets keeps all of them."""
    both = (Source(name="Agency"), Source(name="Other"))
    shared = [replace(entry(number, 10.0 - number, source="Agency"), sources=both) for number in range(4)]

    chosen = select([*shared, entry(9, 3.0, source="Quiet")], topics=["Chips"], limits=Limits(stories=4, per_source=2))

    assert full(chosen) == ["s0", "s1", "s2", "s3"]


def test_a_single_witness_counts_against_its_outlet():
    """A story with one outlet in its list is told by that one alone."""
    loud = [replace(entry(number, 9.0 - number, source="Loud"), sources=(Source(name="Loud"),)) for number in range(3)]

    chosen = select([*loud, entry(9, 3.0)], topics=["Chips"], limits=Limits(stories=3, per_source=2))

    assert full(chosen) == ["s0", "s1", "s9"]


def test_the_feeds_of_one_outlet_count_together():
    """An outlet with three feeds gets no more room than one with a single feed."""
    made = [story(item(f"Story {n}", source="Loud", feed=f"loud_{n}"), id=f"s{n}") for n in range(3)]
    loud = [replace(entry(number, 9.0 - number), story=one) for number, one in enumerate(made)]

    chosen = select([*loud, entry(9, 3.0)], topics=["Chips"], limits=Limits(stories=3, per_source=2))

    assert full(chosen) == ["s0", "s1", "s9"]


def test_what_a_loud_outlet_is_granted_stands_by_its_score():
    """Where room is left, a postponed story gets in, and stands before a weaker one of a quiet outlet."""
    loud = [entry(number, 9.0 - number, source="Loud") for number in range(3)]

    chosen = select([*loud, entry(9, 3.0)], topics=["Chips"], limits=Limits(stories=4, per_source=2))

    assert full(chosen) == ["s0", "s1", "s2", "s9"]


def test_a_topic_keeps_to_its_own_limit():
    """The lead counts; what is beyond it gets a line, and leaves its room to weaker stories of other topics."""
    entries = [*(entry(number, 9.0 - number) for number in range(4)), entry(9, 3.0, topic="Gold")]

    chosen = select(entries, topics=["Chips", "Gold"], limits=Limits(stories=3, topics={"Chips": 2}))

    assert full(chosen) == ["s0", "s1", "s9"]
    assert ids(chosen.sections[0].briefs) == ["s2", "s3"]


@pytest.mark.parametrize(("topics", "topic", "title"), [(["Chips"], "Chips", "Chips"), ([], "", TOP_STORIES)])
def test_what_is_pinned_and_of_no_topic_stands_first(topics: list[str], topic: str, title: str):
    """It has a section of its own before all others, whatever its order, and stands in no other one."""
    entries = [entry(2, 1.0, topic=topic), entry(1, 100.0, topic=PINNED)]

    chosen = select(entries, topics=topics, limits=Limits())

    assert places(chosen) == [(PINNED, ["s1"]), (title, ["s2"])]


def test_of_equal_scores_the_id_decides():
    """Scores that differ from the tenth digit on are equal: machines add floats differently, the order is the same."""
    equal = select([entry(2, 1.0 + 1e-12), entry(1, 1.0), entry(3, 1.0 + 2e-12)], topics=["Chips"], limits=Limits())
    close = select([entry(1, 1.0), entry(2, 1.0 + 1e-6)], topics=["Chips"], limits=Limits())

    assert full(equal) == ["s1", "s2", "s3"]
    assert full(close) == ["s2", "s1"]


def test_limits_that_nobody_sets_are_those_of_the_settings():
    """A program that makes a selection itself gets what a digest gets that sets no number."""
    digest = DigestSettings()

    assert Limits() == Limits(
        stories=digest.max_stories, per_source=digest.max_per_source, headlines=digest.also, elsewhere=digest.elsewhere
    )


@given(st.lists(st.tuples(st.integers(0, 3), st.sampled_from(["", "Chips", "Gold"])), max_size=8), st.randoms())
def test_the_order_in_which_stories_come_does_not_matter(rows: list[tuple[int, str]], random: Random):
    """Neither who gets room nor the places depend on it, also where scores are equal."""
    entries = [entry(n, points, topic=topic, source=f"Outlet {n % 2}") for n, (points, topic) in enumerate(rows)]
    shuffled = random.sample(entries, len(entries))
    limits = Limits(stories=3, per_source=1, headlines=2)

    chosen = select(entries, topics=["Gold", "Chips"], limits=limits)

    assert select(shuffled, topics=["Gold", "Chips"], limits=limits) == chosen


@given(
    st.lists(st.tuples(st.floats(0, 10), st.sampled_from(["", "Chips", "Gold"]), st.sampled_from("abc")), max_size=30),
    st.integers(0, 10),
    st.integers(0, 10),
)
def test_every_story_is_shown_once_or_counted(rows: list[tuple[float, str, str]], top: int, also: int):
    """Nothing is lost and nothing stands twice, whatever the limits."""
    entries = [entry(n, points, topic=topic, source=source) for n, (points, topic, source) in enumerate(rows)]

    chosen = select(entries, topics=["Gold", "Chips"], limits=Limits(stories=top, per_source=2, headlines=also))

    lines = [one for section in chosen.sections for one in ids(section.briefs)]
    shown = [*full(chosen), *lines, *ids(chosen.elsewhere), *ids(chosen.also)]
    assert chosen.further == ()  # one outlet alone tells each
    assert len(shown) == len(set(shown))
    assert len(shown) + chosen.omitted == len(entries)
    assert len(full(chosen)) <= top
    assert len(shown) - len(full(chosen)) <= also


def test_a_forecast_that_all_outlets_print_is_no_big_event():
    """Four outlets tell of something that happened; eight may print the weather."""
    forecast = replace(told(50, 3.0, 8, topic=""), kind=Kind.MARKET_DATA)
    events = [told(n, 2.0 - n / 10, 2) for n in range(6)]

    chosen = select([*events, forecast], topics=["Chips"], limits=Limits(stories=2, headlines=4, elsewhere=0))

    assert "s50" not in ids(chosen.also)
    assert (chosen.omitted, chosen.omitted_big) == (1, 0)


def test_what_one_outlet_alone_tells_waits_for_a_line():
    """Two outlets are a better reason to tell something than a higher score."""
    alone = [told(n, 3.0, 1) for n in range(10, 14)]
    told_by_two = [told(n, 2.0, 2) for n in range(20, 24)]
    first = [told(n, 9.0 - n, 3) for n in range(2)]

    chosen = select([*first, *alone, *told_by_two], topics=["Chips"], limits=Limits(stories=2, headlines=4))

    assert [ids(section.briefs) for section in chosen.sections] == [["s20", "s21", "s22", "s23"]]


def test_a_story_without_a_date_does_not_lead():
    """Nobody knows whether it is of the day; where none has a date, the best of them leads."""
    dated = [told(n, 5.0 - n, 2) for n in range(1, 4)]

    chosen = select([undated(9), *dated], topics=["Chips"], limits=Limits(stories=3))
    alone = select([undated(9), undated(8), undated(7)], topics=["Chips"], limits=Limits(stories=3))

    assert chosen.lead is not None
    assert alone.lead is not None
    assert (chosen.lead.story.id, alone.lead.story.id) == ("s1", "s9")


def undated(number: int) -> Entry:
    one = told(number, float(number), 2)
    items = tuple(replace(item, published=None) for item in one.story.items)
    return replace(one, story=replace(one.story, items=items))


def test_outlets_of_the_stories_under_it_count_for_a_line():
    """A market's close that one outlet has told so far, over what eight expected of it, waits for nobody."""
    close = replace(told(50, 1.0, 1), related=(told(51, 6.0, 8),))
    others = [told(n, 3.0, 2) for n in range(10, 16)]

    chosen = select(
        [told(1, 9.0, 3), told(2, 8.0, 3), *others, close], topics=["Chips"], limits=Limits(stories=2, headlines=3)
    )

    assert "s50" in ids(chosen.sections[0].briefs)


def test_what_four_have_a_view_of_is_no_big_event():
    """An outlet with an opinion and no report does not make an event of four outlets, neither for a line nor for the lead."""
    viewed = told(9, 0.5, 4, topic="")
    viewed = replace(viewed, sources=tuple(replace(one, reports=at < 2) for at, one in enumerate(viewed.sources)))
    others = [told(n, 9.0 - n, 1) for n in range(4)]
    limits = Limits(stories=2, headlines=1)
    assert ids(select([told(9, 0.5, 4, topic=""), *others], topics=["Chips"], limits=limits).elsewhere) == ["s9"]
    assert ids(select([viewed, *others], topics=["Chips"], limits=limits).elsewhere) == []
    assert select([viewed, *others], topics=["Chips"], limits=limits).omitted_big == 0


def test_a_topic_without_a_place_gets_the_first_line():
    """Its best story is about it by half only, so it gets no summary; several tell it, so it gets a line before big events."""
    doubtful = replace(told(9, 0.5, 2, topic="Gold"), fit=0.3)
    alone = replace(told(8, 0.6, 1, topic="Oil"), fit=0.3)
    others = [told(n, 9.0 - n, 5) for n in range(4)]
    chosen = select([doubtful, alone, *others], topics=["Chips", "Gold", "Oil"], limits=Limits(stories=2, headlines=1))

    assert [(section.topic, ids(section.briefs)) for section in chosen.sections if section.briefs] == [("Gold", ["s9"])]


def test_views_of_what_nobody_reports_and_no_topic_asks_for_wait_for_every_line():
    """Two outlets that review a game are an aside in a digest about mills, until nothing else is left."""
    aside = told(9, 5.0, 2, topic="", kind=Kind.OPINION)
    others = [told(1, 9.0, 3), told(2, 8.0, 3), told(3, 0.5, 1, topic="")]

    def line(*entries: Entry, room: int = 1) -> list[str]:
        chosen = select(entries, topics=["Chips"], limits=Limits(stories=2, headlines=room))
        return ids((*(one for section in chosen.sections for one in section.briefs), *chosen.also))

    assert line(*others, aside) == ["s3"]
    assert line(*others, aside, room=2) == ["s9", "s3"]
    assert line(*others, replace(aside, topic="Chips")) == ["s9"]
