"""Selecting: who gets room, where, and what becomes of the rest."""

from __future__ import annotations

from dataclasses import replace

from builders import item, story
from hypothesis import given
from hypothesis import strategies as st

from digestbot.edition.selection import Limits, select
from digestbot.model import TOP_STORIES, Entry, Score, ScorePart, Source


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
