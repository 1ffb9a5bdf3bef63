"""Settles the headlines around large stories: each in the one it is most like, what says the same as a large one in that one."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from scipy import sparse

from .linkage import ItemGroup, MustNotMerge

# A story that many outlets tell has headlines about every side of it. Most share its one name and little else: near the
# middle of the story, yet not as near as clustering asks. Reports have words enough to be found by them, and on days with a
# hot spot the same rule draws in what is only near it, so for reports it was left out. From ten items on, what else a bank
# did that day stood under the jobs report of a real day; from 15 to 40 labelled headlines are grouped alike (docs/design.md).
_LARGE = 20  # items from which a story is large
# Of the mean similarity inside a large story, which a smaller group must have to it on average. Its words then decide. Chosen
# on labelled headlines; F1 is flat from .03 to .10.
_SHARE_OF_WITHIN = 0.07
# How many times likelier a group's words must be in the story than in the rest of the day, as a logarithm. F1 is flat from
# .5 to 2.
_MIN_LIKELIER = 1.1
_MOST_ROUNDS = 10  # all headlines move at once, so that two stories might exchange the same ones for ever


def with_stragglers(
    groups: Sequence[list[int]],
    similarity: sparse.csr_array,
    *,
    vectors: sparse.csr_array,
    is_headline: npt.NDArray[np.bool_],
    must_not_merge: MustNotMerge,
) -> list[list[int]]:
    """The same groups, but the headlines of large ones stand where they fit best, with other groups that say the same.

    Args:
        groups: the row numbers of each group; they are not changed.
        similarity: symmetric, ones on the diagonal; a pair that is not stored counts as 0.
        vectors: by row, the stems of each item; what they weigh does not count.
        is_headline: by row, whether the item has too few words to be a report.
        must_not_merge: may forbid that two large groups become one, given the mean similarity between them.
    """
    if not is_headline.any() or all(len(group) < _LARGE for group in groups):
        return [list(group) for group in groups]
    large = [group for group in groups if len(group) >= _LARGE]
    others = [group for group in groups if len(group) < _LARGE]
    says = sparse.csr_array((np.ones_like(vectors.data), vectors.indices, vectors.indptr), shape=vectors.shape)
    stories = _exchanged(large, similarity, is_headline)
    told = [story for story in stories if len(story) >= _LARGE and is_headline[story].all()]
    rest = [story for story in stories if story not in told]
    whole = _made_whole(told, similarity, says, must_not_merge)
    return _with_near(rest + whole + others, similarity, says, is_headline)


def _exchanged(
    stories: Sequence[list[int]], similarity: sparse.csr_array, is_headline: npt.NDArray[np.bool_]
) -> list[list[int]]:
    """The stories, each headline in the one whose other items it is most similar to on average.

    Linkage joins a headline to what is there at that time, and never asks again.
    """
    rows = np.concatenate(stories)
    home = np.repeat(np.arange(len(stories)), [len(story) for story in stories])
    asked = np.flatnonzero(is_headline[rows])
    if not len(asked):
        return list(stories)
    between = similarity[rows[asked]][:, rows]
    for _ in range(_MOST_ROUNDS):
        sizes = np.bincount(home, minlength=len(stories))
        of_story = sparse.csr_array((np.ones(len(rows)), (np.arange(len(rows)), home)), shape=(len(rows), len(stories)))
        means = sparse.csr_array(between @ of_story)
        # An item is in its story once, and that is no pair.
        own = means.indices == np.repeat(home[asked], np.diff(means.indptr))
        means.data = (means.data - own) / np.maximum(sizes[means.indices] - own, 1)
        better = means.max(axis=1).toarray().ravel() > means[np.arange(len(asked)), home[asked]]
        if not better.any():
            break
        home[asked[better]] = means.argmax(axis=1)[better]
    return [rows[home == number].tolist() for number in np.unique(home)]


def _made_whole(
    stories: Sequence[list[int]], similarity: sparse.csr_array, says: sparse.csr_array, must_not_merge: MustNotMerge
) -> list[list[int]]:
    """The stories, those made one that are each likely in the words of the other.

    The sides of what everybody tells are as far apart as linkage lets two stories be, and yet are not told in other words.
    """
    whole = [ItemGroup(story, float(similarity[story][:, story].sum())) for story in stories]
    while pairs := _in_the_same_words([story.members for story in whole], says):
        for a, b in pairs:
            one, other = whole[a], whole[b]
            between = float(similarity[one.members][:, other.members].sum())
            if not must_not_merge(one, other, between / (len(one.members) * len(other.members))):
                whole[a] = ItemGroup(one.members + other.members, one.length + other.length + 2 * between)
                del whole[b]
                break
        else:
            break
    return [story.members for story in whole]


def _in_the_same_words(stories: Sequence[Sequence[int]], says: sparse.csr_array) -> list[tuple[int, int]]:
    """The pairs of stories, by their places, that are likely in each other's words; the likeliest first."""
    if len(stories) < 2:
        return []
    likelier = _likelier(stories, stories, says)
    both = np.minimum(likelier, likelier.T)
    pairs = [pair for pair in itertools.combinations(range(len(stories)), 2) if both[pair] >= _MIN_LIKELIER]
    return sorted(pairs, key=lambda pair: -both[pair])


def _with_near(
    groups: Sequence[list[int]],
    similarity: sparse.csr_array,
    says: sparse.csr_array,
    is_headline: npt.NDArray[np.bool_],
) -> list[list[int]]:
    """The groups, but those of headlines alone that lie near the middle of a large one, in its words, are in it."""
    large = [number for number, group in enumerate(groups) if len(group) >= _LARGE]
    small = [number for number, group in enumerate(groups) if len(group) < _LARGE and is_headline[group].all()]
    joined = [list(group) for group in groups]
    if not large or not small:
        return joined
    size = similarity.shape[0]
    theirs = _shares(groups, large, size)
    between = (theirs @ similarity @ _shares(groups, small, size).T).toarray()
    counts = np.array([[len(groups[number])] for number in large])
    # The ones on the diagonal are the items themselves, which are no pairs.
    within = ((theirs @ similarity).multiply(theirs).sum(axis=1).reshape(-1, 1) * counts - 1) / (counts - 1)
    nearness = between / within
    near = np.flatnonzero(nearness.max(axis=0) >= _SHARE_OF_WITHIN).tolist()
    if not near:
        return joined
    likelier = _likelier([groups[small[column]] for column in near], [groups[number] for number in large], says)
    for row, column in enumerate(near):
        number, home = small[column], nearness[:, column].argmax()
        if likelier[row, home] >= _MIN_LIKELIER:
            joined[large[home]].extend(groups[number])
            joined[number] = []
    return [group for group in joined if group]


def _likelier(
    groups: Sequence[Sequence[int]], stories: Sequence[Sequence[int]], says: sparse.csr_array
) -> npt.NDArray[np.float64]:
    """By group and story: the logarithm of how many times likelier what an item of the group says is there than elsewhere.

    The odds of naive Bayes, the words of a story taken from itself and from the day in equal parts (Jelinek and Mercer
    1980), since most of a headline's words are new to any story.
    """
    size = says.shape[0]
    frequency = np.bincount(says.indices, minlength=says.shape[1])
    told = sparse.csr_array(_shares(stories, range(len(stories)), size) @ says)
    sizes = np.repeat([len(story) for story in stories], np.diff(told.indptr))
    # One more item than there is, as if it said everything: what only the story says is not infinitely likelier there.
    elsewhere = (frequency[told.indices] - told.data * sizes + 1) / (size - sizes + 1)
    told.data = np.log1p(told.data / elsewhere)
    own = sparse.csr_array(_shares(groups, range(len(groups)), size) @ says)
    found: npt.NDArray[np.float64] = (own @ told.T).toarray() - math.log(2) * own.sum(axis=1)[:, np.newaxis]
    return found


def _shares(groups: Sequence[Sequence[int]], chosen: Sequence[int], items: int) -> sparse.csr_array:
    """A row for each chosen group, with the share of each of its items."""
    sizes = [len(groups[number]) for number in chosen]
    columns = [item for number in chosen for item in groups[number]]
    shares = np.repeat([1 / size for size in sizes], sizes)
    return sparse.csr_array((shares, columns, np.cumsum([0, *sizes])), shape=(len(chosen), items))
