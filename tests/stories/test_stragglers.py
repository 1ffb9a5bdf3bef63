"""Headlines near the middle of a large story belong to it, and each to the nearest; reports, and what is far, do not."""

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


def all_say(size: int, *, rest: int = 500, own: int = 0) -> sparse.csr_array:
    """One word that all of these say, and none of 500 further items; each of these with so many words of its own."""
    words = np.zeros((size + rest, 1 + own * size))
    words[:size, 0] = 1
    words[np.repeat(np.arange(size), own), 1 + np.arange(own * size)] = 1
    return sparse.csr_array(words[: size + rest])


def each_says(*sizes: int, rest: int = 500) -> sparse.csr_array:
    """So many items in a row that say one word, so many that say the next, and 500 that say nothing."""
    words = np.zeros((sum(sizes) + rest, len(sizes)))
    words[np.arange(sum(sizes)), np.repeat(np.arange(len(sizes)), sizes)] = 1
    return sparse.csr_array(words)


def settled(
    groups: list[list[int]],
    alike: sparse.csr_array,
    words: sparse.csr_array | None = None,
    *,
    is_headline: np.ndarray | None = None,
    refused: bool = False,
) -> list[list[int]]:
    """The groups with their headlines settled, beside many other items that are like nothing."""
    size = alike.shape[0]
    words = all_say(size) if words is None else words
    rest = words.shape[0] - size
    found = with_stragglers(
        [*groups, *([row] for row in range(size, size + rest))],
        sparse.csr_array(sparse.block_diag([alike, sparse.eye_array(rest)])),
        vectors=words,
        is_headline=np.append(headlines(size) if is_headline is None else is_headline, headlines(rest)),
        must_not_merge=lambda *_: refused,
    )
    return [group for group in found if group[0] < size]


@pytest.mark.parametrize(("share", "joins"), [(0.06, False), (0.08, True)])
def test_a_headline_joins_by_its_share_of_the_likeness_inside(share: float, joins: bool) -> None:
    """What decides is how alike the story's own items are, not a number that a large story never reaches."""
    assert (settled([LARGE, [22]], similarity(share * WITHIN)) == [[*LARGE, 22]]) is joins


@pytest.mark.parametrize(("own", "joins"), [(5, True), (6, False)])
def test_its_words_must_be_likelier_in_the_story_than_elsewhere(own: int, joins: bool) -> None:
    """A name that the story alone says outweighs five words that nobody else says, and not six."""
    assert (settled([LARGE, [22]], similarity(0.3), all_say(23, own=own)) == [[*LARGE, 22]]) is joins


def test_what_the_rest_of_the_day_says_as_often_draws_nothing_in() -> None:
    """A word in every headline of the day is no evidence for one story."""
    words = sparse.csr_array(np.ones((523, 1)))
    assert settled([LARGE, [22]], similarity(0.3), words) == [LARGE, [22]]


def test_a_group_joins_by_the_mean_of_its_headlines() -> None:
    """Two of them weigh no more than one: a group is no evidence for itself."""
    pair = [22, 23]
    assert settled([LARGE, pair], similarity(0.3, more=2), all_say(24, own=5)) == [LARGE, pair]


def test_a_report_does_not_join() -> None:
    """Near a hot spot there are reports of everything around it."""
    is_headline = headlines(23)
    is_headline[22] = False
    assert settled([LARGE, [22]], similarity(0.3), is_headline=is_headline) == [LARGE, [22]]


@pytest.mark.parametrize("others", [19, 20])
def test_a_smaller_group_joins_whole_but_no_large_one(others: int) -> None:
    """What nineteen headlines found together is a side of the large story; twenty are a large story of their own."""
    group = list(range(22, 22 + others))
    words = all_say(22 + others) if others == 19 else each_says(22, others)
    found = settled([LARGE, group], similarity(0.3, more=others), words)
    assert found == ([[*LARGE, *group]] if others == 19 else [LARGE, group])


def test_a_small_story_draws_nothing_in() -> None:
    """Of nineteen items clustering finds all."""
    small, rest = LARGE[:19], [[19], [20], [21], [22]]
    assert settled([small, *rest], similarity(0.3)) == [small, *rest]


def test_the_nearest_of_two_large_stories_takes_it() -> None:
    """A headline between two stories is of the one whose middle it is nearest to."""
    found = np.full((45, 45), 0.0)
    found[:22, :22] = found[22:44, 22:44] = WITHIN
    found[44, :22] = found[:22, 44] = 0.15
    found[44, 22:44] = found[22:44, 44] = 0.2
    np.fill_diagonal(found, 1)
    groups = [list(range(22)), list(range(22, 44)), [44]]
    assert settled(groups, sparse.csr_array(found), each_says(22, 23)) == [groups[0], [*groups[1], 44]]


def two_stories(misplaced: int = 1) -> sparse.csr_array:
    """Two stories of 22, the first items of the first more like those of the second than like their own."""
    found = np.full((44, 44), 0.02)
    found[:22, :22] = found[22:, 22:] = WITHIN
    found[:misplaced, misplaced:22] = found[misplaced:22, :misplaced] = 0.1
    found[:misplaced, 22:] = found[22:, :misplaced] = 0.12
    np.fill_diagonal(found, 1)
    return sparse.csr_array(found)


@pytest.mark.parametrize("misplaced", [1, 2])
def test_a_headline_moves_to_the_large_story_that_it_is_most_like(misplaced: int) -> None:
    """It was joined early, when the story that it is of was not there; two that came together may leave one by one."""
    stories, alike = [list(range(22)), list(range(22, 44))], two_stories(misplaced)
    found = settled(stories, alike, each_says(22, 22))
    assert found == [list(range(misplaced, 22)), [*range(misplaced), *range(22, 44)]]


def test_a_report_of_a_large_story_stays() -> None:
    """Only headlines are moved: a report was joined for more than one word. The headline beside it goes alone."""
    is_headline = headlines(44)
    is_headline[0] = False
    stories = [list(range(22)), list(range(22, 44))]
    found = settled(stories, two_stories(misplaced=2), each_says(22, 22), is_headline=is_headline)
    assert found == [[0, *range(2, 22)], [1, *range(22, 44)]]


def test_a_headline_does_not_move_into_a_small_story() -> None:
    """Three headlines in the same words are more alike than any large story is, and are mostly a side of it."""
    small = [*range(22, 41)]
    alike = two_stories()[:41, :41]
    assert settled([LARGE, small], alike) == [LARGE, small]


@pytest.mark.parametrize("refused", [False, True])
def test_two_large_stories_in_the_same_words_are_one(refused: bool) -> None:
    """The sides of what everybody tells are far apart, and in the words of one story, unless they are look-alikes."""
    stories = [list(range(22)), list(range(22, 44))]
    found = settled(stories, two_stories(0), refused=refused)
    assert found == (stories if refused else [[*range(44)]])


def test_the_words_must_be_likely_in_both() -> None:
    """All that one story says is in the other, which says five words more: it is of something else."""
    more = sparse.hstack([each_says(22, 22).tocsc()[:, [1]]] * 5)
    stories = [list(range(22)), list(range(22, 44))]
    assert settled(stories, two_stories(0), sparse.csr_array(sparse.hstack([all_say(44), more]))) == stories


def test_a_large_story_with_a_report_is_made_one_with_no_other() -> None:
    """A report says more than its headline, and linkage has heard it."""
    is_headline = headlines(44)
    is_headline[0] = False
    stories = [list(range(22)), list(range(22, 44))]
    assert settled(stories, two_stories(0), is_headline=is_headline) == stories


def test_no_group_given_is_changed() -> None:
    """The groups are the caller's."""
    groups = [list(LARGE), [22]]
    settled(groups, similarity(0.3))
    assert groups == [LARGE, [22]]
