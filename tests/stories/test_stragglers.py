"""Few headlines near the middle of a large story belong to it; reports, and what is far from it, do not."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import sparse

from digestbot.stories.stragglers import with_stragglers

LARGE = list(range(22))
WITHIN = 0.4


def similarity(to_story: float, *, more: int = 1) -> sparse.csr_array:
    """A story of 22 items, and `more` items that are all this similar to it."""
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
    found = with_stragglers([LARGE, [22]], similarity(share * WITHIN), is_headline=headlines(23))
    assert (found == [[*LARGE, 22]]) is joins


def test_a_report_does_not_join() -> None:
    """Near a hot spot there are reports of everything around it."""
    is_headline = headlines(23)
    is_headline[22] = False
    assert with_stragglers([LARGE, [22]], similarity(0.3), is_headline=is_headline) == [LARGE, [22]]


@pytest.mark.parametrize("few", [3, 4])
def test_up_to_three_join_at_once(few: int) -> None:
    """More than three headlines that found each other are a story of their own."""
    others = list(range(22, 22 + few))
    found = with_stragglers([LARGE, others], similarity(0.3, more=few), is_headline=headlines(22 + few))
    assert found == ([[*LARGE, *others]] if few == 3 else [LARGE, others])


def test_a_small_story_draws_nothing_in() -> None:
    """Of nineteen items clustering finds all."""
    small, rest = LARGE[:19], [[19], [20], [21], [22]]
    assert with_stragglers([small, *rest], similarity(0.3), is_headline=headlines(23)) == [small, *rest]


def test_the_nearest_of_two_large_stories_takes_it() -> None:
    """A headline between two stories is of the one whose middle it is nearest to."""
    found = np.full((45, 45), 0.0)
    found[:22, :22] = found[22:44, 22:44] = WITHIN
    found[44, :22] = found[:22, 44] = 0.15
    found[44, 22:44] = found[22:44, 44] = 0.2
    np.fill_diagonal(found, 1)
    groups = [list(range(22)), list(range(22, 44)), [44]]
    assert with_stragglers(groups, sparse.csr_array(found), is_headline=headlines(45)) == [groups[0], [*groups[1], 44]]


def test_no_group_given_is_changed() -> None:
    """The groups are the caller's."""
    groups = [list(LARGE), [22]]
    with_stragglers(groups, similarity(0.3), is_headline=headlines(23))
    assert groups == [LARGE, [22]]
