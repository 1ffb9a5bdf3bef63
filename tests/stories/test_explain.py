"""Explaining: why items are together and why others stayed out."""

import pytest
from builders import item

from digestbot.stories import cluster, explain_grouping
from digestbot.stories.explain import Apart

STRIKE = item("Dock workers strike at Rotterdam port halts container ships", source="Ledger")
STRIKE_TOO = item("Rotterdam container port stands still as dock workers strike", source="Courier")
TRAINS = item("Train drivers strike in Lyon halts commuters", source="Courier")
MUSEUM = item("Cheese museum opens in Alkmaar", source="Courier")
STORIES = cluster([STRIKE, STRIKE_TOO, TRAINS, MUSEUM])


def test_a_story_is_explained_by_what_its_items_share() -> None:
    """The words are ones that readers see, the most telling first, with their shares of the similarity."""
    strike = next(story for story in STORIES if len(story.items) == 2)
    grouping = explain_grouping(strike, STORIES)
    words = [term.word for term in grouping.terms]
    assert {"rotterdam", "dock", "container", "port"} <= set(words)
    assert [term.share for term in grouping.terms] == sorted((term.share for term in grouping.terms), reverse=True)
    assert sum(term.share for term in grouping.terms) == pytest.approx(1, abs=0.05)
    assert grouping.closest is not None
    assert {grouping.closest.one, grouping.closest.other} == {STRIKE, STRIKE_TOO}
    assert [term.word for term in grouping.closest.terms] == words


def test_the_nearest_miss_says_how_much_was_missing() -> None:
    """A strike elsewhere came nearest to the story, and stayed below what one story needs."""
    trains = next(story for story in STORIES if TRAINS in story.items)
    miss = explain_grouping(trains, STORIES).miss
    assert miss is not None
    assert len(miss.story.items) == 2
    assert miss.closeness < miss.needed
    assert miss.reason is Apart.TOO_LITTLE
    assert "strike" in [term.word for term in miss.pair.terms]


@pytest.mark.parametrize(
    ("title", "text", "reason"),
    [
        (
            "Dock workers strike in Montreal over pay",
            "Dock workers in Montreal walked out on Monday over pay, halting grain ships.",
            Apart.LOOK_ALIKE,
        ),
        ("Museum workers elect Ann Lee in Montreal", "Ann Lee leads workers of Montreal's museum.", Apart.TOO_LITTLE),
    ],
)
def test_little_in_common_is_not_called_similar(title: str, text: str, reason: Apart) -> None:
    """Names of their own tell two reports apart that are alike enough; others are not alike, whatever they name."""
    one = item(
        "Dock workers strike in Rotterdam over pay",
        text="Dock workers in Rotterdam walked out on Monday over pay, halting container ships.",
        source="Ledger",
    )
    stories = cluster([one, item(title, text=text, source="Courier"), MUSEUM])
    miss = explain_grouping(next(story for story in stories if one in story.items), stories).miss
    assert miss is not None
    assert miss.reason is reason


def test_an_item_alone_has_nothing_to_share() -> None:
    """What has no word in common with anything has no nearest miss either."""
    museum = next(story for story in STORIES if MUSEUM in story.items)
    grouping = explain_grouping(museum, STORIES)
    assert (grouping.terms, grouping.closest, grouping.miss) == ((), None, None)
