"""Keeps look-alikes apart: two earthquakes, two players on the injured list, this year's boxing match and last year's.

A "cannot-link" constraint, as in constrained clustering (Wagstaff and Cardie 2000), except that it is derived from the
words of two groups instead of being given.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from scipy import sparse

from .linkage import ItemGroup
from .similarity import Evidence

# What a group always or never says shows only from so many items on.
_MIN_GROUP_ITEMS = 3
# Two groups are apart when the similarity between them is less than this share of the similarity inside them. One or two
# items show little of what their event never mentions, so for them the gap has to be wider.
# Without this rule, B-cubed F1 on news that was kept apart from development falls from .864 to .836. A known limit: a
# name in Chinese is several pairs of characters, so two own stems are reached easily there, and a big story is
# sometimes split.
_GAP_SHARE = 0.75
_GAP_SHARE_OF_FEW = 0.5
# A stem is a group's own when at least this share of its items has it, and at most that share of the other group.
_OWN_STEM_MIN_SHARE = 0.5
_FOREIGN_STEM_MAX_SHARE = 0.1
_MIN_OWN_STEMS = 2  # one may be chance: a misspelt name, an outlet's own phrase


class CannotLink:
    """Forbids merging two groups that are each consistent, and each name things that the other never names.

    One or two items are held apart from a group by the same rule, with a wider gap. Average linkage alone cannot decide
    this: two tight groups may be closer to each other than the parts of one loose story are.
    """

    def __init__(self, evidence: Evidence) -> None:
        self._vectors = evidence.vectors

    def must_not_merge(self, one: ItemGroup, other: ItemGroup, between: float) -> bool:
        """Whether the groups are about two events, given the mean similarity between their items (0 to 1)."""
        few, many = sorted((one, other), key=lambda group: len(group.members))
        if len(many.members) < _MIN_GROUP_ITEMS:
            return False
        is_few = len(few.members) < _MIN_GROUP_ITEMS
        # A single item is always consistent with itself, so only the inside of the larger group says what to expect.
        expected = _GAP_SHARE_OF_FEW * many.within if is_few else _GAP_SHARE * math.sqrt(few.within * many.within)
        if between >= expected:
            return False
        theirs, ours = self._shares(few.members), self._shares(many.members)
        return _has_own_stems(ours, theirs) and (is_few or _has_own_stems(theirs, ours))

    def _shares(self, group: Sequence[int]) -> npt.NDArray[np.float64]:
        """By stem, the share of the group's items that have it."""
        rows: sparse.csr_array = self._vectors[list(group)]
        return np.bincount(rows.indices, minlength=self._vectors.shape[1]) / len(group)


def _has_own_stems(own: npt.NDArray[np.float64], foreign: npt.NDArray[np.float64]) -> bool:
    return bool(np.count_nonzero((own >= _OWN_STEM_MIN_SHARE) & (foreign <= _FOREIGN_STEM_MAX_SHARE)) >= _MIN_OWN_STEMS)
