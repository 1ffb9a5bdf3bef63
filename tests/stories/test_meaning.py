"""Meaning: with a model at hand, stories are found in other words and, where wanted, in other languages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pytest
from builders import item
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from digestbot.model import Item
from digestbot.stories import CorpusStatistics, cluster, explain_grouping
from digestbot.stories.meaning import Floats, with_meaning
from digestbot.stories.similarity import compare_items

DOCKERS = item("Longshoremen walk out at Antwerp terminals", source="Ledger")
PORT = item("Dock workers stop work in harbour of Antwerp", source="Courier")
HAFEN = item("Hafenarbeiter in Antwerpen legen die Arbeit nieder", source="Bote", language="de")
MUSEUM = item("Cheese museum opens in Alkmaar", source="Courier")
TAX = item("Parliament votes on the sugar tax", source="Ledger")
ITEMS = (DOCKERS, PORT, HAFEN, MUSEUM, TAX)


class Model:
    """A model of meaning that was told where each title lies: 0 to 1 on an arc, near ones mean nearly the same."""

    def __init__(self, places: Mapping[str, float]) -> None:
        self._places = places

    def vectors(self, items: Sequence[Item]) -> Floats:
        found = np.zeros((len(items), 2), dtype=np.float32)
        for row, one in enumerate(items):
            if one.title in self._places:
                angle = self._places[one.title]
                found[row] = np.cos(angle), np.sin(angle)
        return found


MODEL = Model({DOCKERS.title: 0.0, PORT.title: 0.02, HAFEN.title: 0.04, MUSEUM.title: 1.0, TAX.title: 2.0})


class Forbidden:
    """A model that nobody may ask."""

    def vectors(self, items: Sequence[Item]) -> Floats:
        raise AssertionError(f"asked about {len(items)} items")


def together(*items: Item, model: Model | None = None, across_languages: bool = False) -> set[frozenset[str]]:
    """The titles of each story."""
    stories = cluster(items, meaning=model, across_languages=across_languages)
    return {frozenset(one.title for one in story.items) for story in stories}


def test_other_words_for_one_event_are_one_story():
    """By their words they are two; a model that finds them near makes them one, and leaves the rest alone."""
    assert frozenset({DOCKERS.title, PORT.title}) not in together(*ITEMS)
    assert together(*ITEMS, model=MODEL) == {
        frozenset({DOCKERS.title, PORT.title}),
        *(frozenset({one.title}) for one in (HAFEN, MUSEUM, TAX)),
    }


def test_languages_come_together_only_where_that_is_wanted():
    """ACROSS_LANGUAGES=yes: the German report joins the English ones; without it, it stays apart."""
    assert frozenset({DOCKERS.title, PORT.title, HAFEN.title}) in together(*ITEMS, model=MODEL, across_languages=True)
    assert frozenset({HAFEN.title}) in together(*ITEMS, model=MODEL)


def test_without_a_model_nobody_is_asked_and_across_languages_does_nothing():
    """`cluster(items)` is what it is without the extra."""
    assert together(*ITEMS, across_languages=True) == together(*ITEMS)


def test_items_that_the_model_does_not_place_are_compared_by_their_words():
    """To the last bit: an old item beyond the newest, an item without words."""
    alone = compare_items(ITEMS, CorpusStatistics())
    asked = compare_items(ITEMS, CorpusStatistics(), meaning=Model({}))
    assert (alone.similarity != asked.similarity).nnz == 0
    one = compare_items(ITEMS, CorpusStatistics(), meaning=Model({DOCKERS.title: 0.0}))
    assert (alone.similarity != one.similarity).nnz == 0


def test_words_that_mean_something_else_weigh_less():
    """Two strikes in nearly the same words, far apart in meaning, are less alike than words alone have it."""
    one = item("Strike at Rotterdam port halts ships", source="Ledger")
    other = item("Strike at Rotterdam port delights anglers", source="Courier")
    near, far = (
        compare_items([one, other], CorpusStatistics(), meaning=Model({one.title: 0.0, other.title: angle}))
        for angle in (0.01, 1.5)
    )
    assert far.similarity[0, 1] < far.in_words[0, 1]
    assert far.similarity[0, 1] < near.similarity[0, 1]


def mixed(in_words: np.ndarray, angles: Sequence[float]) -> np.ndarray:
    """Similarities with a model that places rows on an arc."""
    vectors = np.array([(np.cos(angle), np.sin(angle)) for angle in angles], dtype=np.float32)
    found = with_meaning(sparse.csr_array(in_words), vectors, languages=["en"] * len(angles), across_languages=False)
    return np.asarray(found.toarray())


def test_what_is_weakly_alike_in_words_stays_so():
    """A large story is held together by pairs just above the floor of words; mixed, they are below that floor."""
    assert mixed(np.array([[1, 0.1], [0.1, 1]]), (0.0, 1.5))[0, 1] == pytest.approx(0.054)


def test_two_angles_of_a_large_story_are_near():
    """The nearest forty of an item say the same as it does, and yet what lies close beyond them is no other event."""
    assert mixed(np.eye(80), [0.0] * 40 + [0.3] * 40)[0, 79] > 0.2


@settings(max_examples=40)
@given(
    angles=st.lists(st.floats(0, 3), min_size=2, max_size=40),
    languages=st.lists(st.sampled_from(["de", "en", "fr"]), min_size=40, max_size=40),
    across=st.booleans(),
)
def test_similarities_are_symmetric_whatever_the_order(angles: list[float], languages: list[str], across: bool):
    """A similarity of two items is the same from both sides, 1 with itself, at most 1, and no order of items changes it."""
    items = [
        item(f"Report {number} of a kind", id=f"{number:02}", language=languages[number])
        for number in range(len(angles))
    ]
    model = Model({one.title: angle for one, angle in zip(items, angles, strict=True)})

    def similarities(those: Sequence[Item]) -> Floats:
        found = compare_items(those, CorpusStatistics(), meaning=model, across_languages=across)
        dense: Floats = found.similarity.toarray()
        return dense

    forwards, backwards = similarities(items), similarities(items[::-1])[::-1, ::-1]
    assert np.array_equal(forwards, forwards.T)
    assert np.all(np.diag(forwards) == 1)
    assert forwards.max() <= 1 + 1e-6
    # Sums of floats in another order may differ in the last bit, and a value at the floor may then be dropped.
    assert np.abs(forwards - backwards).max() <= 0.08 + 1e-3
    assert (np.abs(forwards - backwards) > 1e-3).sum() <= 2


@pytest.mark.parametrize("size", [2, 40, 700])
def test_every_size_of_a_day_finds_the_near_pair(size: int):
    """With fewer items than an item has neighbours, and with more than are looked at in one piece."""
    rest = [item(f"Matter {number}", id=f"m{number}", source=f"Outlet {number}") for number in range(size - 2)]
    places = {one.title: 0.5 + 2 * number / size for number, one in enumerate(rest)}
    model = Model(places | {DOCKERS.title: 0.0, PORT.title: 0.0005})
    assert any({DOCKERS.title, PORT.title} <= titles for titles in together(DOCKERS, PORT, *rest, model=model))


def test_explaining_says_how_alike_two_are_in_words_alone():
    """Beside the similarity that decided, so that a reader sees that it was the meaning."""
    stories = cluster(ITEMS, meaning=MODEL)
    found = explain_grouping(next(each for each in stories if len(each.items) == 2), stories, meaning=MODEL)
    assert found.closest is not None
    assert found.closest.in_words < 0.28 <= found.closest.similarity
