"""What other terms would change, over the items of a week: the operation behind the topic editor."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from builders import NOON, item
from memory_items import MemoryItems

from digestbot.model import FeedState, Item
from digestbot.operations.topic_editor import MOST_SHOWN, try_terms
from digestbot.topics import Topic, parse_topic, with_feeds

NEWS = (
    item("Gold climbs to a record", source="Ledger", hours=3),
    item("Chip maker opens a wafer plant", source="Gazette", hours=2),
    item("Chip exports of Veldhaven rise", source="Ledger", hours=30),
    item("Potato chips get dearer", source="Gazette", hours=24 * 6),
    item("Chips of last month", source="Gazette", hours=24 * 8),
)


def stored(*items: Item) -> MemoryItems:
    made = MemoryItems()
    made.save(FeedState(name="gazette"), sorted(items, key=lambda one: one.published or NOON), now=NOON)
    return made


def topic(terms: str) -> Topic:
    return parse_topic("chips", terms)


def test_what_comes_in_and_goes_out_is_told_with_why():
    """Of a week's items: the new ones with the words that bring them, the lost ones with what keeps them out, newest first."""
    tried = try_terms(topic("chip*"), topic("chip*, gold, -potato"), stored(*NEWS), now=NOON)

    assert [(one.item.title, one.terms) for one in tried.comes_in.shown] == [("Gold climbs to a record", ("gold",))]
    assert [(seen.term, seen.words) for seen in tried.comes_in.shown[0].seen] == [("gold", "Gold")]
    assert [(one.item.title, one.out) for one in tried.goes_out.shown] == [
        ("Potato chips get dearer", "-potato is found: “Potato”")
    ]
    assert [one.item.title for one in tried.stays.shown] == [
        "Chip maker opens a wafer plant",
        "Chip exports of Veldhaven rise",
    ]
    assert (tried.looked_at, tried.complete) == (4, True)


def test_a_new_topic_brings_all_that_it_finds():
    """Without terms before, nothing stays or goes."""
    tried = try_terms(None, topic("gold"), stored(*NEWS), now=NOON)
    assert (tried.comes_in.count, tried.stays.count, tried.goes_out.count) == (1, 0, 0)


def test_a_word_inside_another_name_is_told():
    """A line says where its term stands only in a longer name, and which exclusion leaves that out."""
    tried = try_terms(None, topic("cyber*"), stored(item("Studio delays Cyberpunk 2077 again")), now=NOON)
    (line,) = tried.comes_in.shown
    assert [one.exclusion for one in line.inside] == ['-"Cyberpunk 2077"']


def test_what_a_feed_brings_whole_stays():
    """A feed that belongs to the topic counts before and after: no word of the terms changes that."""
    of_feed = NEWS[0]
    before, after = (with_feeds(topic(terms), [of_feed.feed]) for terms in ("chip*", "wafer*"))
    tried = try_terms(before, after, stored(of_feed), now=NOON)
    assert tried.stays.count == 1


def test_many_are_counted_and_few_are_shown():
    """Counts are of all; as many lines are shown as a page can hold, the newest."""
    many = [item(f"Chip {number}", hours=number / 60) for number in range(MOST_SHOWN + 10)]
    tried = try_terms(None, topic("chip*"), stored(*many), now=NOON)
    assert (tried.comes_in.count, len(tried.comes_in.shown)) == (MOST_SHOWN + 10, MOST_SHOWN)
    assert tried.comes_in.shown[0].item.title == "Chip 0"


def test_after_its_time_it_stops_and_says_how_far_it_came():
    """It looks at the newest first and stops after the given seconds: what it did not look at is said."""
    ticks: Iterator[float] = iter(range(100))
    tried = try_terms(None, topic("chip*"), stored(*NEWS), now=NOON, seconds=3.0, elapsed=lambda: next(ticks))
    assert not tried.complete
    assert tried.since == NOON - timedelta(hours=18)
    assert [one.item.title for one in tried.comes_in.shown] == ["Chip maker opens a wafer plant"]


@pytest.mark.parametrize(("most", "complete", "looked_at"), [(1, False, 2), (5, True, 4)])
def test_no_more_items_are_looked_at_than_the_bound(most: int, complete: bool, looked_at: int):
    """A week of more items than the bound is looked at from its newest end, by quarters of a day."""
    tried = try_terms(None, topic("chip*"), stored(*NEWS), now=NOON, most=most)
    assert (tried.complete, tried.looked_at) == (complete, looked_at)


def test_tickers_find_companies_of_the_whole_week():
    """The company behind a ticker may have been named days before: it is learned from all that is looked at."""
    news = stored(
        item("Brightwave climbs", hours=1), item("Brightwave Corp (NYSE: BRW) reports", text="", hours=24 * 5)
    )
    tried = try_terms(None, topic("NYSE:BRW"), news, now=NOON)
    assert tried.comes_in.shown[0].item.title == "Brightwave climbs"
    assert tried.comes_in.shown[0].seen[0].words == "Brightwave"
