"""Clustering: a partition, whatever the order; reports of one event together, everything else apart."""

import random
from dataclasses import replace
from datetime import timedelta

import pytest
from builders import NOON, item
from hypothesis import given, settings
from hypothesis import strategies as st

from digestbot.model import Item, Story
from digestbot.stories import CorpusStatistics, cluster

STRIKE = item("Dock workers strike at Rotterdam port halts container ships", source="Ledger")
STRIKE_TOO = item("Rotterdam container port stands still as dock workers strike", source="Courier")
OTHER = item("Cheese museum opens in Alkmaar", source="Courier")

WORDS = [
    "port",
    "strike",
    "dock",
    "ship",
    "museum",
    "cheese",
    "storm",
    "bridge",
    "harbour",
    "vote",
    "budget",
    "mayor",
    "fire",
    "rescue",
    "12",
    "2026",
]
ITEMS = st.lists(
    st.builds(
        lambda number, words, outlet, day: item(
            " ".join(words), source=outlet, id=f"{number:03}", published=NOON - timedelta(days=day), url=""
        ),
        st.integers(0, 999),
        st.lists(st.sampled_from(WORDS), min_size=0, max_size=6),
        st.sampled_from(["Ledger", "Courier", ""]),
        st.integers(0, 5),
    ),
    max_size=12,
    unique_by=lambda item: item.id,
)


def together(stories: tuple[Story, ...]) -> set[frozenset[str]]:
    """Ids of stories with more than one item."""
    return {frozenset(item.id for item in story.items) for story in stories if len(story.items) > 1}


def merged(*items: Item) -> bool:
    return len(cluster(items)) == 1


@settings(max_examples=60, deadline=None)
@given(ITEMS, st.randoms())
def test_stories_are_a_partition_whatever_the_order(items: list[Item], chance: random.Random) -> None:
    """Every item is in one story, and shuffling the items changes nothing at all."""
    stories = cluster(items)
    assert sorted(item.id for story in stories for item in story.items) == sorted(item.id for item in items)
    shuffled = list(items)
    chance.shuffle(shuffled)
    assert cluster(shuffled) == stories


@settings(max_examples=30, deadline=None)
@given(ITEMS)
def test_duplicates_change_nothing(items: list[Item]) -> None:
    """A feed that is read twice under two names groups the rest as before."""
    once = cluster(items)
    twice = cluster([*items, *(replace(item, feed="again") for item in items)])
    assert [{item.id for item in story.items} for story in twice] == [
        {item.id for item in story.items} for story in once
    ]


def test_two_reports_of_one_event_are_one_story() -> None:
    """What two outlets tell in other words is one story, the rest stays apart."""
    assert together(cluster([STRIKE, OTHER, STRIKE_TOO])) == {frozenset({STRIKE.id, STRIKE_TOO.id})}


def test_nothing_gives_nothing() -> None:
    """A day without items has no stories, and an item without words is a story of its own."""
    assert cluster([]) == ()
    assert len(cluster([item("..."), item("!!!")])) == 2


def test_one_address_is_one_story_however_its_titles_differ() -> None:
    """An article that two feeds carry under two titles is the same article."""
    assert merged(replace(STRIKE, url="https://a.example/1"), replace(OTHER, url="https://a.example/1"))


def test_the_id_stays_as_a_story_grows_and_the_earliest_with_text_leads() -> None:
    """The id follows from the oldest item; a headline-only first report does not lead before one that says something."""
    first = replace(STRIKE, published=NOON - timedelta(hours=9))
    second = replace(STRIKE_TOO, published=NOON - timedelta(hours=5), text="Cranes stood still at Rotterdam port.")
    (alone,), (grown,) = cluster([first]), cluster([second, first])
    assert alone.id == grown.id
    assert grown.items == (second, first)


def test_an_outlets_name_in_titles_is_no_news() -> None:
    """Appending " - Reuters" to every title of Reuters changes no story; nor is a shared ending a reason to merge."""
    plain = [
        replace(STRIKE, source="Reuters"),
        STRIKE_TOO,
        item("Wheat harvest fails in Odessa", source="Reuters"),
        item("Tenor cancels Vienna gala", source="Reuters"),
    ]
    for ending in (" - Reuters", " | Reuters"):
        named = [replace(each, title=each.title + ending) if each.source == "Reuters" else each for each in plain]
        assert together(cluster(named)) == together(cluster(plain)) != set()
    aggregated = [
        item(f"{title} - The Evening Ledger", source="Aggregator")
        for title in ("Wheat harvest fails", "Tenor cancels gala", "Bridge toll doubles", "Otter seen in canal")
    ]
    assert together(cluster(aggregated)) == set()


@pytest.mark.parametrize("title", ["Daily briefing", "Daily briefing: {} May", "Live: markets", "Release notes {}"])
def test_a_series_title_is_no_event(title: str) -> None:
    """Issues of one series are as different as what they tell, and the same where they tell nothing."""
    texts = (
        "Wheat prices climbed after the harvest failed in Odessa.",
        "A tenor fell ill and the gala in Vienna was called off.",
        "The toll on the northern bridge doubles next month.",
    )
    for bodies in (texts, ("", "", "")):
        issues = [item(title.format(24 + at), text=text, id=f"{at}") for at, text in enumerate(bodies)]
        assert together(cluster(issues)) == set()


def test_labels_numbers_and_dates_alone_make_no_story() -> None:
    """A label, a year and a percentage are shared by half of a day's news."""
    titles = (
        "Live: Odessa harvest fails 2026",
        "Live: Vienna gala 2026",
        "Shares up 3% in Oslo",
        "Rents up 3% in Lyon",
    )
    assert together(cluster([item(title, source=f"Outlet {at}") for at, title in enumerate(titles)])) == set()


def test_a_tiny_day_merges_nothing_by_its_few_words() -> None:
    """Three items of one narrow field are three stories although each is about chips in China."""
    titles = (
        "China chip maker opens plant in Wuxi",
        "China chip exports surge on demand",
        "US weighs new curbs on chip sales to China",
    )
    assert together(cluster([item(title, source="Ledger") for title in titles])) == set()


def test_history_teaches_what_a_narrow_field_always_says() -> None:
    """Words that every item of the stored history holds weigh less than in the language at large."""
    history = [item(f"Kestrel foundry wafer {name}", id=f"{at}") for at, name in enumerate(["output", "yield"] * 400)]
    day = [
        item("Kestrel foundry opens wafer plant with windbreaks"),
        item("Kestrel foundry sues wafer rival over earplugs"),
    ]
    learnt = CorpusStatistics.from_items(history)
    assert learnt.items == 800
    assert merged(*day)
    assert not together(cluster(day, background=learnt))


def test_two_events_of_one_kind_stay_two() -> None:
    """Two quakes in a row, reported by many: each group names a place and a size that the other never names."""
    chile = [
        f"{verb} earthquake of magnitude 7.1 {hits} Valparaiso in Chile, {toll}"
        for verb, hits, toll in [
            ("Strong", "shakes", "buildings damaged"), ("Powerful", "strikes", "people flee buildings"),
            ("Major", "hits", "tsunami warning issued"), ("Big", "rattles", "damage reported"),
        ]
    ]  # fmt: skip
    japan = [title.replace("Valparaiso in Chile", "Sendai in Japan").replace("7.1", "6.4") for title in chile]
    items = [item(title, source=f"Outlet {at}", id=f"{at}") for at, title in enumerate(chile + japan)]
    assert together(cluster(items)) == {frozenset("0123"), frozenset("4567")}


def test_one_event_with_three_hundred_articles_is_one_story() -> None:
    """A great day for one event does not fall apart, nor swallow what else happened."""
    chance = random.Random(7)
    facts = [
        "Dover",
        "ferry",
        "capsizes",
        "Channel",
        "passengers",
        "rescued",
        "lifeboats",
        "captain",
        "arrested",
        "storm",
        "helicopters",
        "survivors",
    ]
    crowd = [item(" ".join(chance.sample(facts, 7)), source=f"Outlet {at}", id=f"{at:03}") for at in range(300)]
    stories = cluster([*crowd, OTHER, STRIKE])
    assert sorted(len(story.items) for story in stories) == [1, 1, 300]


def test_a_chain_of_similar_items_is_not_one_story() -> None:
    """A shares with B and B with C: the ends of a long chain are strangers."""
    words = [f"{a}{b}o" for a in "bdfgklmnprst" for b in "aeiu"]
    chain = [item(" ".join(words[at * 3 : at * 3 + 6]), source=f"Outlet {at}", id=f"{at:02}") for at in range(14)]
    assert max(len(story.items) for story in cluster(chain)) < 5


def test_items_days_apart_need_more_in_common() -> None:
    """What makes one story on one day makes two when three weeks lie between."""
    old = replace(STRIKE_TOO, published=NOON - timedelta(days=21))
    assert merged(STRIKE, STRIKE_TOO)
    assert not merged(STRIKE, old)


def test_languages_do_not_merge_by_accident() -> None:
    """A name in common is not a story in common; within one language, and without spaces, it is as everywhere."""
    german = item("Streik der Hafenarbeiter in Rotterdam legt den Containerhafen und die Schiffe lahm", source="Bote")
    german_too = item("Der Containerhafen in Rotterdam steht nach dem Streik der Hafenarbeiter still", source="Kurier")
    assert together(cluster([STRIKE, STRIKE_TOO, german, german_too])) == {
        frozenset({STRIKE.id, STRIKE_TOO.id}),
        frozenset({german.id, german_too.id}),
    }
    chinese = [
        item("鹿特丹港码头工人罢工", id="1"),
        item("码头工人罢工 鹿特丹港停摆", id="2"),
        item("奶酪博物馆开幕", id="3"),
    ]
    assert together(cluster(chinese)) == {frozenset("12")}
