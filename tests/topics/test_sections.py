"""Sections of outlets: which topic they are for, and what they say of a story."""

from __future__ import annotations

import pytest
from builders import item, story

from digestbot.model import Item, Story
from digestbot.text.clauses import main_clause
from digestbot.topics import Sections, Topics, parse_topic
from digestbot.topics.match import LATER_FIT, MIN_STORY_FIT, SECTION_FIT, TITLE_FIT, Match
from digestbot.topics.sections import section_of

TOPICS = Topics(
    (parse_topic("town", "police, mayor"), parse_topic("world", "Norland, Sudmark"), parse_topic("money", "rates"))
)


def printed(title: str, section: str, *, number: int = 1, source: str = "Gazette", text: str = "") -> Item:
    return item(title, text=text, source=source, url=f"https://{source.lower()}.example/{section}/{number}/{title[:5]}")


def many(title: str, section: str, *, count: int = 8, source: str = "Gazette") -> list[Item]:
    return [printed(title, section, number=number, source=source, text=f"Report {number}.") for number in range(count)]


ARCHIVE = [
    one
    for source in ("Gazette", "Ledger")
    for one in (*many("Norland votes", "world", source=source), *many("Mayor opens a bridge", "town", source=source))
]
CRASH = "Car hits a crowd in Westburg"


def crash(section: str) -> Story:
    text = "A driver was held by police."
    return story(*(printed(CRASH, section, number=99, source=source, text=text) for source in ("Gazette", "Ledger")))


def seen(one: Story, archive: list[Item] = ARCHIVE) -> dict[str, Match]:
    _, as_printed = TOPICS.match_printed(one, Sections(TOPICS, archive, used=(*archive, *one.items)).of)
    return as_printed


def best(matches: dict[str, Match]) -> str:
    return max(matches, key=lambda name: matches[name].strength)


def test_a_section_places_a_story_that_a_passing_word_would_misplace():
    """What all print under World is World's, though only a word of another topic is found in it."""
    assert list(TOPICS.match_story(crash("world"))) == ["town"]
    assert best(seen(crash("world"))) == "world"
    assert seen(crash("world"))["world"] == Match(fit=pytest.approx(SECTION_FIT), terms=())
    assert best(seen(crash("town"))) == "town"


def test_a_section_lessens_words_it_seldom_prints_and_no_others():
    """Words of a topic that the section never tells of count for nothing there; those it tells of as often as all, in full."""
    archive = [
        *many("Norland votes", "world", count=16),
        *many("Mayor opens a bridge", "town"),
        *many("Mayor warns on rates", "town"),
    ]
    by_police, by_rates = (
        story(printed("A quiet day", "world", number=99, text="Police came.")),
        story(printed("A quiet day", "town", number=99, text="All about rates.")),
    )

    assert "town" not in seen(by_police, archive)
    assert seen(by_rates, archive)["money"].fit == pytest.approx(TOPICS.match_story(by_rates)["money"].fit)


def test_what_matches_no_topic_by_its_words_matches_none_by_its_section():
    """Topics stay what their words say: a section only chooses among them."""
    assert seen(story(printed("A quiet day", "world", number=99))) == {}


@pytest.mark.parametrize(
    "archive",
    [
        many("Norland votes", "world", count=7),
        [*many("Norland votes", "world", count=4), *many("A quiet day", "world", count=9)],
        [*many("Norland votes", "world"), *many("Mayor opens a bridge", "world")],
        [],
    ],
    ids=["too few", "mostly of none", "two topics alike", "nothing"],
)
def test_a_section_without_a_topic_says_nothing(archive: list[Item]):
    """Less than eight reports, a section of anything, and one of two topics leave it to the words."""
    assert list(seen(crash("world"), archive)) == ["town"]


def test_with_a_single_topic_sections_say_nothing():
    """There is nothing to choose: its words decide."""
    one = Topics((parse_topic("town", "police"),))

    assert Sections(one, many("Police news", "town"), used=crash("town").items).of(crash("town").lead) is None


def test_only_the_newest_reports_of_a_section_tell_what_it_is_for():
    """A section that changed its subject is soon known for the new one."""
    old = [item("Mayor opens a bridge", url=f"https://x.example/news/{n}/a", hours=500 + n) for n in range(40)]
    new = [item("Norland votes", url=f"https://x.example/news/{n}/b", hours=n) for n in range(25)]
    asked = item("A quiet day", url="https://x.example/news/9/c")

    found = Sections(TOPICS, [*old, *new], used=[asked]).of(asked)

    assert found is not None
    assert found.topic == "world"


@pytest.mark.parametrize(
    ("url", "section"),
    [
        ("https://x.example/world/europe/2026/05/27/vote-in-norland", ("gazette", "world", "europe")),
        ("https://x.example/%E5%9C%8B%E9%9A%9B/1028701/title", ("gazette", "國際")),
        ("https://x.example/a-title.html", ("gazette",)),
        ("", ("gazette",)),
    ],
)
def test_a_section_is_what_addresses_share(url: str, section: tuple[str, ...]):
    """The feed, and the parts of the path before the last that hold no figure."""
    assert section_of(item(url=url)) == section


@pytest.mark.parametrize(
    ("title", "says_first"),
    [
        ("Shares slip as chip makers wait", "Shares slip"),
        ("Dow sinks 464 points, but chip firm surges", "Dow sinks 464 points,"),
        ("Exports jump; rates hold", "Exports jump"),
        ("Gold, oil and rates rise", "Gold, oil and rates rise"),
        ("Market wrap: rates rise", "Market wrap: rates rise"),
        ("食環署打擊冷氣機滴水 採用機械人巡查", "食環署打擊冷氣機滴水"),
        ("北港 大橋重開", "北港 大橋重開"),
    ],
)
def test_what_a_title_says_first(title: str, says_first: str):
    """A title is about its first statement; a list, a label and a short name before it belong to it."""
    assert main_clause(title) == says_first


@pytest.mark.parametrize("term", ["chip*", "/[Cc]hip/", "CHIP"])
def test_a_word_behind_what_a_title_says_first_counts_less(term: str):
    """In the first statement 1, behind it 0.8, whichever kind of term it is."""
    topics = Topics((parse_topic("chips", term),))
    word = "CHIP" if term == "CHIP" else "chip"

    assert topics.match_item(item(f"New {word} maker opens"))["chips"].fit == TITLE_FIT
    assert topics.match_item(item(f"Shares slip as {word} makers wait"))["chips"].fit == LATER_FIT
    assert topics.match_item(item(f"The {word} maker slips as {word} prices fall"))["chips"].fit == TITLE_FIT
    assert MIN_STORY_FIT < LATER_FIT
