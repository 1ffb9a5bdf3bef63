"""Selecting: who gets room, where, and what becomes of the rest."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest
from builders import item, story
from hypothesis import given
from hypothesis import strategies as st

from digestbot.edition.selection import Limits, select
from digestbot.model import PINNED, TOP_STORIES, Entry, Score, ScorePart, Source
from digestbot.settings.options import DigestSettings


def entry(number: int, points: float, *, topic: str = "Chips", source: str = "") -> Entry:
    made = story(item(f"Story {number}", source=source or f"Outlet {number}"), id=f"s{number}")
    return Entry(
        story=made, title=made.lead.title, topic=topic, score=Score(parts=(ScorePart(name="x", value=points),))
    )


def ids(entries: tuple[Entry, ...]) -> list[str]:
    return [one.story.id for one in entries]


def test_sections_follow_the_readers_order_and_stories_their_score():
    """Topics stand as the reader named them; inside, the best story first."""
    entries = [entry(1, 1.0), entry(2, 3.0, topic="Gold"), entry(3, 2.0)]

    chosen = select(entries, topics=["Gold", "Chips"], limits=Limits())

    assert [(section.topic, ids(section.entries)) for section in chosen.sections] == [
        ("Gold", ["s2"]),
        ("Chips", ["s3", "s1"]),
    ]


def test_what_matches_no_topic_comes_under_also_after_what_found_no_room():
    """Overflow of a topic first, then the rest, then a count of what is not named."""
    entries = [entry(1, 5.0), entry(2, 4.0), entry(3, 9.0, topic=""), entry(4, 1.0, topic="")]

    chosen = select(entries, topics=["Chips"], limits=Limits(stories=1, headlines=2))

    assert ids(chosen.also) == ["s2", "s3"]
    assert chosen.omitted == 1


def test_without_topics_everything_is_one_section():
    """A reader who follows no topic gets the best of everything."""
    chosen = select([entry(1, 1.0, topic="")], topics=[], limits=Limits())

    assert [section.topic for section in chosen.sections] == [TOP_STORIES]


def test_one_outlet_does_not_fill_the_room_while_others_wait():
    """The fourth story of a loud outlet stands behind the first of a quiet one."""
    loud = [entry(number, 10.0 - number, source="Loud") for number in range(5)]
    quiet = entry(9, 0.1, source="Quiet")

    chosen = select([*loud, quiet], topics=["Chips"], limits=Limits(stories=4, per_source=3))
    alone = select(loud, topics=["Chips"], limits=Limits(stories=4, per_source=3))

    assert ids(chosen.sections[0].entries) == ["s0", "s1", "s2", "s9"]
    assert len(alone.sections[0].entries) == 4


def test_what_others_tell_too_does_not_count_against_an_outlet():
    """A news agency that leads many stories of several outlets keeps all of them."""
    told = (Source(name="Agency"), Source(name="Other"))
    shared = [replace(entry(number, 10.0 - number, source="Agency"), sources=told) for number in range(4)]
    quiet = entry(9, 0.1, source="Quiet")

    chosen = select([*shared, quiet], topics=["Chips"], limits=Limits(stories=4, per_source=2))

    assert ids(chosen.sections[0].entries) == ["s0", "s1", "s2", "s3"]


def test_a_single_witness_counts_against_its_outlet():
    """A story with one outlet in its list is told by that one alone."""
    loud = [replace(entry(number, 9.0 - number, source="Loud"), sources=(Source(name="Loud"),)) for number in range(3)]

    chosen = select([*loud, entry(9, 0.1)], topics=["Chips"], limits=Limits(stories=3, per_source=2))

    assert ids(chosen.sections[0].entries) == ["s0", "s1", "s9"]


def test_the_feeds_of_one_outlet_count_together():
    """An outlet with three feeds gets no more room than one with a single feed."""
    made = [story(item(f"Story {n}", source="Loud", feed=f"loud_{n}"), id=f"s{n}") for n in range(3)]
    loud = [replace(entry(number, 9.0 - number), story=one) for number, one in enumerate(made)]

    chosen = select([*loud, entry(9, 0.1)], topics=["Chips"], limits=Limits(stories=3, per_source=2))

    assert ids(chosen.sections[0].entries) == ["s0", "s1", "s9"]


def test_what_a_loud_outlet_is_granted_stands_by_its_score():
    """Where room is left, a postponed story gets in, and stands before a weaker one of a quiet outlet."""
    loud = [entry(number, 9.0 - number, source="Loud") for number in range(3)]

    chosen = select([*loud, entry(9, 0.1)], topics=["Chips"], limits=Limits(stories=4, per_source=2))

    assert ids(chosen.sections[0].entries) == ["s0", "s1", "s2", "s9"]


def test_a_loud_outlet_waits_for_the_stories_of_every_topic():
    """Its third story on chips stands behind the first of others on gold, however well it scores."""
    loud = [entry(number, 9.0 - number, source="Loud") for number in range(3)]

    chosen = select(
        [*loud, entry(9, 0.1, topic="Gold")], topics=["Chips", "Gold"], limits=Limits(stories=3, per_source=2)
    )

    assert [ids(section.entries) for section in chosen.sections] == [["s0", "s1"], ["s9"]]
    assert ids(chosen.also) == ["s2"]


def test_a_topic_keeps_to_its_own_limit():
    """What is beyond it is named under Also, and leaves its room to weaker stories of other topics."""
    entries = [*(entry(number, 9.0 - number) for number in range(4)), entry(9, 0.1, topic="Gold")]

    chosen = select(entries, topics=["Chips", "Gold"], limits=Limits(stories=3, topics={"Chips": 2}))

    assert [ids(section.entries) for section in chosen.sections] == [["s0", "s1"], ["s9"]]
    assert ids(chosen.also) == ["s2", "s3"]


@pytest.mark.parametrize(("topics", "topic", "title"), [(["Chips"], "Chips", "Chips"), ([], "", TOP_STORIES)])
def test_what_is_pinned_and_of_no_topic_stands_first(topics: list[str], topic: str, title: str):
    """It has a section of its own before all others, and stands in no other one."""
    chosen = select([entry(2, 1.0, topic=topic), entry(1, 100.0, topic=PINNED)], topics=topics, limits=Limits())

    assert [(section.topic, ids(section.entries)) for section in chosen.sections] == [(PINNED, ["s1"]), (title, ["s2"])]


def test_without_topics_what_finds_no_room_is_named_once():
    """The rest of the one section comes under Also, and is counted from there on."""
    chosen = select([entry(n, 9.0 - n, topic="") for n in range(4)], topics=[], limits=Limits(stories=1, headlines=2))

    assert (ids(chosen.sections[0].entries), ids(chosen.also), chosen.omitted) == (["s0"], ["s1", "s2"], 1)


def test_of_equal_scores_the_id_decides():
    """Scores that differ from the tenth digit on are equal: machines add floats differently, the order is the same."""
    equal = select([entry(2, 1.0 + 1e-12), entry(1, 1.0), entry(3, 1.0 + 2e-12)], topics=["Chips"], limits=Limits())
    close = select([entry(1, 1.0), entry(2, 1.0 + 1e-6)], topics=["Chips"], limits=Limits())

    assert ids(equal.sections[0].entries) == ["s1", "s2", "s3"]
    assert ids(close.sections[0].entries) == ["s2", "s1"]


def test_limits_that_nobody_sets_are_those_of_the_settings():
    """A program that makes a selection itself gets what a digest gets that sets no number."""
    digest = DigestSettings()

    assert Limits() == Limits(stories=digest.max_stories, per_source=digest.max_per_source, headlines=digest.also)


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

    shown = [one for section in chosen.sections for one in ids(section.entries)] + ids(chosen.also)
    assert len(shown) == len(set(shown))
    assert len(shown) + chosen.omitted == len(entries)
