"""A guard against look-alikes: two earthquakes, two men placed on injured reserve, this year's boxing match and last's."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from scipy import sparse

from .linkage import Group
from .similarity import Evidence

_GROUP = 3  # items: fewer do not tell what a group always or never says
_LESS = 0.75  # of the likeness within two groups: less than this between them is a gap,
_STRAY = 0.5  # and less than this between a group and one or two items
_ALWAYS = 0.5  # share of a group's items from which a stem is its own,
_NEVER = 0.1  # if no more than this share of the other side has it
_OWN = 2  # stems that a group must have of its own


class CannotLink:
    """Refuses to merge two groups that are each of one piece, and each name things that the other never names.

    A lone item is refused by the same measure, though what it never names tells less, so it may be less alike. Average
    linkage alone cannot see this: two tight groups may be closer to each other than the parts of one loose story.
    """

    def __init__(self, evidence: Evidence) -> None:
        self._vectors = evidence.vectors

    def refuse(self, one: Group, other: Group, between: float) -> bool:
        few, many = sorted((one, other), key=lambda group: len(group.members))
        if len(many.members) < _GROUP:
            return False
        stray = len(few.members) < _GROUP
        expected = _STRAY * many.within if stray else _LESS * math.sqrt(few.within * many.within)
        if between >= expected:
            return False
        theirs, ours = self._shares(few.members), self._shares(many.members)
        return _names_more(ours, theirs) and (stray or _names_more(theirs, ours))

    def _shares(self, group: Sequence[int]) -> npt.NDArray[np.float64]:
        """By stem, the share of members that have it."""
        rows: sparse.csr_array = self._vectors[list(group)]
        return np.bincount(rows.indices, minlength=self._vectors.shape[1]) / len(group)


def _names_more(own: npt.NDArray[np.float64], foreign: npt.NDArray[np.float64]) -> bool:
    return bool(np.count_nonzero((own >= _ALWAYS) & (foreign <= _NEVER)) >= _OWN)
