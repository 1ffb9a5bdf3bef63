"""Few headlines near the middle of a large story belong to it; reports, and what is far from it, do not."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import sparse

from digestbot.stories.stragglers import with_stragglers

LARGE = list(range(12))
WITHIN = 0.4


def similarity(to_story: float, *, more: int = 1) -> sparse.csr_array:
    """A story of twelve items, and `more` items that are all this similar to it."""
    size = len(LARGE) + more
    found = np.full((size, size), WITHIN)
    found[len(LARGE) :, : len(LARGE)] = found[: len(LARGE), len(LARGE) :] = to_story
    np.fill_diagonal(found, 1)
    return sparse.csr_array(found)


def headlines(size: int) -> np.ndarray:
    return np.ones(size, dtype=bool)


@pytest.mark.parametrize(("share", "joins"), [(0.24, False), (0.26, True)])
def test_a_headline_joins_from_a_quarter_of_the_likeness_inside(share: float, joins: bool) -> None:
    """What decides is how alike the story's own items are, not a number that a large story never reaches."""
    found = with_stragglers([LARGE, [12]], similarity(share * WITHIN), is_headline=headlines(13))
    assert (found == [[*LARGE, 12]]) is joins


def test_a_report_does_not_join() -> None:
    """Near a hot spot there are reports of everything around it."""
    is_headline = headlines(13)
    is_headline[12] = False
    assert with_stragglers([LARGE, [12]], similarity(0.3), is_headline=is_headline) == [LARGE, [12]]


@pytest.mark.parametrize("few", [3, 4])
def test_up_to_three_join_at_once(few: int) -> None:
    """More than three headlines that found each other are a story of their own."""
    others = list(range(12, 12 + few))
    found = with_stragglers([LARGE, others], similarity(0.3, more=few), is_headline=headlines(12 + few))
    assert found == ([[*LARGE, *others]] if few == 3 else [LARGE, others])


def test_a_small_story_draws_nothing_in() -> None:
    """Nine items are alike enough for clustering to find all of them."""
    small, rest = LARGE[:9], [[9], [10], [11], [12]]
    assert with_stragglers([small, *rest], similarity(0.3), is_headline=headlines(13)) == [small, *rest]


def test_the_nearest_of_two_large_stories_takes_it() -> None:
    """A headline between two stories is of the one whose middle it is nearest to."""
    found = np.full((25, 25), 0.0)
    found[:12, :12] = found[12:24, 12:24] = WITHIN
    found[24, :12] = found[:12, 24] = 0.15
    found[24, 12:24] = found[12:24, 24] = 0.2
    np.fill_diagonal(found, 1)
    groups = [list(range(12)), list(range(12, 24)), [24]]
    assert with_stragglers(groups, sparse.csr_array(found), is_headline=headlines(25)) == [
        groups[0],
        [*groups[1], 24],
    ]


def test_no_group_given_is_changed() -> None:
    """The groups are the caller's."""
    groups = [list(LARGE), [12]]
    with_stragglers(groups, similarity(0.3), is_headline=headlines(13))
    assert groups == [LARGE, [12]]
