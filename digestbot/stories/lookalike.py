"""A guard against look-alikes: two earthquakes, two men placed on injured reserve, this year's boxing match and last's."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from scipy import sparse

from .evidence import Evidence

_GROUP = 3  # items: fewer do not tell what a group always or never says
_LESS = 0.6  # of the likeness within both groups: less than this between them is a gap
_ALWAYS = 0.5  # share of a group's items from which a stem is its own,
_NEVER = 0.1  # if no more than this share of the other group has it
_OWN = 2  # stems that each group must have of its own


class LookAlikes:
    """Refuses to merge two groups that are each of one piece, and each name things that the other never names."""

    def __init__(self, evidence: Evidence) -> None:
        self._vectors = evidence.vectors
        self._likeness = evidence.likeness

    def refuse(self, one: Sequence[int], other: Sequence[int], between: float) -> bool:
        if min(len(one), len(other)) < _GROUP:
            return False
        if between >= _LESS * math.sqrt(self._within(one) * self._within(other)):
            return False
        mine, theirs = self._shares(one), self._shares(other)
        own = np.count_nonzero((mine >= _ALWAYS) & (theirs <= _NEVER))
        return bool(own >= _OWN and np.count_nonzero((theirs >= _ALWAYS) & (mine <= _NEVER)) >= _OWN)

    def _within(self, group: Sequence[int]) -> float:
        """Mean likeness of two different members."""
        rows: sparse.csr_array = self._likeness[list(group)]
        inside = np.isin(rows.indices, group)
        size = len(group)
        return float(rows.data[inside].sum() - size) / (size * (size - 1))

    def _shares(self, group: Sequence[int]) -> np.ndarray:
        """By stem, the share of members that have it."""
        rows: sparse.csr_array = self._vectors[list(group)]
        return np.bincount(rows.indices, minlength=self._vectors.shape[1]) / len(group)
