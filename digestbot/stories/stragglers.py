"""Brings to a large story the few headlines of it that were left outside."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from scipy import sparse

# A story that many outlets tell has headlines about every side of it. Most share its one name and little else: near the
# middle of the story, yet not as near as clustering asks. Reports have words enough to be found by them, and on days with a
# hot spot the same rule draws in what is only near it, so for reports it was left out. The numbers were chosen on labelled
# headlines other than those they are reported on; from ten items on, what else a bank did that day stood under the jobs
# report of a real day (docs/design.md).
_LARGE = 20  # items from which a story is large
_FEW = 3  # at most so many join it at once
_SHARE_OF_WITHIN = 0.25  # of the mean similarity inside the story, which the few must have to it on average


def with_stragglers(
    groups: Sequence[list[int]], similarity: sparse.csr_array, *, is_headline: npt.NDArray[np.bool_]
) -> list[list[int]]:
    """The same groups, but few headlines that lie near the middle of a large group are in it.

    Args:
        groups: the row numbers of each group; they are not changed.
        similarity: symmetric, ones on the diagonal; a pair that is not stored counts as 0.
        is_headline: by row, whether the item has too few words to be a report.
    """
    large = [number for number, group in enumerate(groups) if len(group) >= _LARGE]
    joined = [list(group) for group in groups]
    if not large or not is_headline.any():
        return joined
    few = [number for number, group in enumerate(groups) if len(group) <= _FEW and is_headline[group].all()]
    if not few:
        return joined
    size = similarity.shape[0]
    theirs = _shares(groups, large, size)
    between = (theirs @ similarity @ _shares(groups, few, size).T).toarray()
    counts = np.array([[len(groups[number])] for number in large])
    # The ones on the diagonal are the items themselves, which are no pairs.
    within = ((theirs @ similarity).multiply(theirs).sum(axis=1).reshape(-1, 1) * counts - 1) / (counts - 1)
    nearness = between / within
    home = nearness.argmax(axis=0)
    for column, number in enumerate(few):
        if nearness[home[column], column] >= _SHARE_OF_WITHIN:
            joined[large[home[column]]].extend(groups[number])
            joined[number] = []
    return [group for group in joined if group]


def _shares(groups: Sequence[list[int]], chosen: Sequence[int], items: int) -> sparse.csr_array:
    """A row for each chosen group, with the share of each of its items."""
    sizes = [len(groups[number]) for number in chosen]
    columns = [item for number in chosen for item in groups[number]]
    shares = np.repeat([1 / size for size in sizes], sizes)
    return sparse.csr_array((shares, columns, np.cumsum([0, *sizes])), shape=(len(chosen), items))
