"""Scoring: the best topic, and what a pin does."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

import pytest
from builders import NOON, item, story

from digestbot.edition.scoring import score_stories
from digestbot.model import PINNED, Entry, Story
from digestbot.settings.values import parse_weight
from digestbot.topics import Topic, Topics, parse_topic
from digestbot.topics.grammar import MAX_WEIGHT

GOLD, CHIPS = parse_topic("gold", "gold"), parse_topic("chips", "chip*")


def scored(
    one: Story, *topics: Topic, pins: tuple[Topic, ...] = (), weights: Mapping[str, float] | None = None
) -> Entry:
    (entry,) = score_stories(
        [one],
        topics=Topics(topics),
        pins=Topics(pins),
        weights=weights or {},
        since=NOON - timedelta(days=1),
        until=NOON,
    )
    return entry


def part(entry: Entry, name: str) -> float:
    return sum(one.value for one in entry.score.parts if one.name == name)


@pytest.mark.parametrize("names", [("gold", "chips"), ("chips", "gold")])
def test_of_topics_that_fit_equally_the_first_named_wins(names: tuple[str, str]):
    """The order of the configuration decides, not the alphabet nor the order in the title."""
    topics = tuple(parse_topic(name, name) for name in names)

    assert scored(story(item("Chips and gold")), *topics).topic == topics[0].title


def test_the_weight_of_a_topic_decides_where_several_fit():
    """What the reader weighs twice wins over what is named first, and counts twice in the score."""
    heavy = parse_topic("chips", "chip*", weight=2.0)
    both = story(item("Chips and gold"))

    assert scored(both, GOLD, heavy).topic == "Chips"
    assert part(scored(both, heavy), "topic") == pytest.approx(2 * part(scored(both, CHIPS), "topic"))


def test_the_best_topic_is_the_best_of_all():
    """A later topic that fits better than the first, but not as well as the second, does not win."""
    first, second, third = (
        parse_topic(name, name, weight=weight) for name, weight in (("a1", 1), ("b2", 3), ("c3", 2))
    )

    assert scored(story(item("A1, b2 and c3")), first, second, third).topic == "B2"


def test_the_weight_of_a_term_counts_like_that_of_a_topic():
    """Of two topics the one with the heavier term wins, and its weight counts in the score."""
    heavy = parse_topic("chips", "chip*^2")
    both = story(item("Chips and gold"))

    assert scored(both, GOLD, heavy).topic == "Chips"
    assert part(scored(both, heavy), "topic") == pytest.approx(2 * part(scored(both, CHIPS), "topic"))


@pytest.mark.parametrize(("hours", "points"), [(0, 1.0), (6, 0.75), (24, 0.0)])
def test_a_story_is_as_recent_as_its_place_in_the_window(hours: float, points: float):
    """A point for what was reported at the edition's cutoff, none for what is as old as its window."""
    assert part(scored(story(item("Gold climbs", hours=hours))), "recency") == pytest.approx(points)


def test_a_story_without_a_topic_has_none_and_no_points_for_one():
    """It is ranked all the same: by its outlets and its time."""
    entry = scored(story(item("Rain delays the regatta")), GOLD)

    assert (entry.topic, part(entry, "topic")) == ("", 0.0)
    assert part(entry, "recency") > 0
    assert not any("matches" in str(reason) for reason in entry.why)


def test_reasons_name_three_terms_at_most_and_no_number_of_outlets():
    """Every form names the outlets themselves; a long topic does not fill the line."""
    wide = parse_topic("wide", "gold, silver, copper, tin")
    entry = scored(story(item("Gold, silver, copper and tin climb"), item("Gold climbs", source="Ledger")), wide)

    assert [str(reason) for reason in entry.why if str(reason).startswith("matches")] == [
        "matches gold, silver, copper"
    ]
    assert part(entry, "coverage") > 0
    assert not any("outlets" in str(reason) for reason in entry.why)


def test_the_weight_of_a_feed_counts_for_its_outlet():
    """Twice the weight is one point more; a feed that is not named weighs 1."""
    one = story(item("Gold climbs", feed="wire"))

    assert part(scored(one, weights={"wire": 2.0}), "source") == pytest.approx(1.0)
    assert part(scored(one, weights={"other": 2.0}), "source") == 0.0


def test_the_link_is_the_first_there_is():
    """A lead without an address takes that of the next item; without any there is none."""
    bare, linked, other = item("Gold climbs", url=""), item("Gold climbs", source="Ledger"), item("Gold", source="Post")

    assert scored(story(bare, linked, other)).url == linked.url
    assert scored(story(bare)).url == ""


def test_the_outlets_are_those_that_ranking_counted():
    """Each once, by name."""
    one = story(item("Does gold climb?"), item("Gold climbs", source="Ledger"))

    assert sorted(source.name for source in scored(one).sources) == ["Gazette", "Ledger"]


def test_only_parts_that_have_a_reason_give_one():
    """A part such as recency says nothing: every line under a story is a sentence."""
    entry = scored(story(item("Gold climbs")), GOLD)

    assert part(entry, "recency") > 0
    assert [str(reason) for reason in entry.why] == ["matches gold"]


def test_a_pin_comes_before_the_heaviest_topic():
    """No weight that can be set lifts a story over a pinned one, though its only outlet weighs nothing."""
    heavy = parse_topic("gold", f"gold^{MAX_WEIGHT:g}", weight=parse_weight("10"))
    pins = (parse_topic("pin", "regatta"),)
    weights = {"gazette": parse_weight("0"), "ledger": parse_weight("10")}

    pinned = scored(story(item("Rain delays the regatta", hours=20)), heavy, pins=pins, weights=weights)
    best = scored(story(item("Gold climbs", source="Ledger", hours=0)), heavy, pins=pins, weights=weights)

    assert pinned.score.total > best.score.total


def test_a_pin_is_added_to_what_a_story_has():
    """Pinned stories keep their order among themselves, and their other reasons follow the pin's."""
    pins = (parse_topic("pin", "gold"),)
    plain, pinned = (scored(story(item("Gold climbs")), GOLD, pins=those) for those in ((), pins))

    assert pinned.score.parts[0].name == "pin"
    assert pinned.score.parts[1:] == plain.score.parts
    assert [str(reason) for reason in pinned.why] == ["you pinned gold", "matches gold"]


def test_of_several_pins_the_first_named_is_told():
    """One reason is enough: the reader's own order decides which."""
    pins = tuple(parse_topic(word, word) for word in ("gold", "copper"))

    assert [str(reason) for reason in scored(story(item("Copper and gold climb")), pins=pins).why] == [
        "you pinned gold"
    ]


def test_a_pin_comes_first_and_says_so():
    """More than any other story can reach, with the reader's own word; the topic stays, and without one it is Pinned."""
    pins = (parse_topic("pin", "regatta"),)
    pinned = scored(story(item("Rain delays the regatta", hours=20)), GOLD, pins=pins)
    best = scored(story(*(item("Gold climbs", source=f"Outlet {n}", id=str(n)) for n in range(200))), GOLD, pins=pins)

    assert (pinned.topic, best.topic) == (PINNED, "Gold")
    assert pinned.score.total > best.score.total
    assert str(pinned.why[0]) == "you pinned regatta"
    assert scored(story(item("Gold regatta")), GOLD, pins=pins).topic == "Gold"


def test_a_house_has_the_weight_of_its_best_feed():
    """Two channels of one house carry a story: the one that its reader trusts decides, in whatever order they came."""
    both = (item("Gold", source="Tide", feed="world"), item("Gold up", source="Tide", feed="markets"))
    for items in (both, both[::-1]):
        assert part(scored(story(*items), weights={"world": 4.0, "markets": 0.5}), "source") == 2


def test_a_section_moves_a_story_and_costs_it_no_score():
    """A story stands under the topic its outlets print it for, at the worth its words have."""
    town, world = parse_topic("town", "police"), parse_topic("world", "Norland, Sudmark")
    recent = [
        item(title, url=f"https://x.example/{section}/{number}/a", text=f"Report {number}.")
        for title, section in (("Norland votes", "world"), ("The police report", "town"))
        for number in range(8)
    ]
    told = story(item("Crowd waits as police free a man of Norland", url="https://x.example/town/9/a"))
    moved = story(item("Crowd waits as Norland man is freed by police", url="https://x.example/world/9/a"))

    in_town, in_world = score_stories(
        [told, moved],
        topics=Topics((town, world)),
        pins=Topics(()),
        weights={},
        since=NOON - timedelta(days=1),
        until=NOON,
        recent=recent,
    )

    assert (in_town.topic, in_world.topic) == ("Town", "World")
    assert part(in_town, "topic") == part(in_world, "topic") == part(scored(told, town), "topic")


def test_a_section_alone_is_told_as_the_reason():
    """Where none of a topic's terms is found, readers are told why the story stands there."""
    town, world = parse_topic("town", "police"), parse_topic("world", "Norland")
    recent = [item("Norland votes", url=f"https://x.example/world/{n}/a", text=f"Report {n}.") for n in range(8)]
    crash = story(item("Car hits a crowd", text="The police came.", url="https://x.example/world/99/a"))

    (entry,) = score_stories(
        [crash], topics=Topics((town, world)), pins=Topics(()), weights={}, since=NOON, until=NOON, recent=recent
    )

    assert entry.topic == "World"
    assert [str(one.msgid) for one in entry.why if "section" in one.msgid] == [
        "most outlets print it in a section for this"
    ]


def test_of_topics_that_fit_nearly_alike_more_terms_win():
    """Three of a topic's words say more than one of another, even where that one was named first."""
    gold, money = parse_topic("gold", "gold"), parse_topic("money", "rates, yields, dollar")

    assert scored(story(item("Gold, rates, yields and the dollar")), gold, money).topic == "Money"


def test_three_terms_outweigh_one_that_fits_a_little_better():
    """A word that every headline has ("stock") says less than three of another topic, of which one stands behind it."""
    stocks, results = parse_topic("stocks", "stock"), parse_topic("results", "earnings, revenue, guidance")
    first = item("Tidal stock falls after earnings", text="Guidance and revenue were lower.", source="Gazette")
    second = item("Tidal earnings hit stock", source="Ledger")

    assert scored(story(first, second), stocks, results).topic == "Results"
    assert scored(story(first), stocks, results).topic == "Stocks", "far from alike, the better fit decides"
