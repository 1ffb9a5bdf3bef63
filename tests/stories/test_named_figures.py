"""Numbers that belong to a name count as that name."""

import numpy as np
import pytest

from digestbot.model import Item
from digestbot.stories import CorpusStatistics
from digestbot.stories.named_figures import without_named
from digestbot.stories.similarity import are_figures, weighted_vectors
from digestbot.stories.tokens import tokenise_items
from digestbot.stories.vocabulary import number_words


def left_of(number: str, titles: list[str]) -> list[float]:
    """By title, which part of the number's weight is left; 0 where there was none."""
    numbered = number_words(tokenise_items([Item(id=title, title=title) for title in titles]))
    before = weighted_vectors(numbered, CorpusStatistics())
    after = without_named(before, numbered, figures=are_figures(numbered.vocabulary))
    column = numbered.vocabulary.stems["en"][number]
    weights = before[:, [column]].toarray().ravel()
    return [
        round(float(left), 3) for left in after[:, [column]].toarray().ravel() / np.where(weights > 0, weights, np.inf)
    ]


INDEX = ["Tidal 400 ends the week higher", "Futures on the Tidal 400 slip", "Why a fund left the Tidal 400"]


@pytest.mark.parametrize(
    ("titles", "left"),
    [
        (INDEX, [0, 0, 0]),
        ([*INDEX, "Mill lays off 400 workers"], [1, 1, 1, 1]),
        (["Tidal 400 ends the week higher", "Futures on the harbour slip"], [1, 0]),
        (["Ferry sinks with 400 aboard", "All 400 aboard the ferry are safe"], [1, 1]),
    ],
    ids=["always", "not always", "one item", "after common words"],
)
def test_a_number_that_follows_one_name_weighs_nothing(titles: list[str], left: list[float]) -> None:
    """Who says "Tidal 400" has said one name; a number that stands elsewhere, too, weighs as before."""
    assert left_of("400", titles) == left
