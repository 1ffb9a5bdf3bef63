"""Agglomerative linkage over sparse similarities, so that fifty thousand items fit on a laptop."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse

_RETIRE_ROUNDS = 8  # every so many rounds, groups that cannot change any more are taken out


@dataclass(frozen=True, slots=True)
class ItemGroup:
    """The row numbers of one group's items, and the squared length of the sum of their vectors."""

    members: list[int]
    length: float

    @property
    def within(self) -> float:
        """Mean similarity of two different members; 1 for a single one."""
        size = len(self.members)
        return (self.length - size) / (size * (size - 1)) if size > 1 else 1.0


MustNotMerge = Callable[[ItemGroup, ItemGroup, float], bool]


def link(similarity: sparse.csr_array, *, cut: float, centroid: float, must_not_merge: MustNotMerge) -> list[list[int]]:
    """Merge the two closest groups until no two are as close as `cut`; a pair that is not stored counts as 0.

    Groups are as close as their members on average (UPGMA, Sokal and Michener 1958) where `centroid` is 0, as their
    centroids' cosine where it is 1, and a geometric mean of the two between: the average is too strict for a story of
    hundreds of items, the centroid too lax for a few. All groups that are each other's nearest merge at once, which
    gives the same result as one pair at a time (Murtagh 1983) and is fast in arrays. Of equals the lowest numbers go first.

    Args:
        similarity: symmetric; what lies on the diagonal does not count.
        cut: the least closeness of a merge.
        centroid: between average linkage (0) and the centroids' cosine (1).
        must_not_merge: may forbid the merge of two groups, given the mean similarity between them.
    """
    merging = _Merging(similarity, cut=cut, centroid=centroid)
    done: list[ItemGroup] = []
    for turn in itertools.count():
        if turn % _RETIRE_ROUNDS == 0:
            done.extend(merging.retire())
        if not merging.groups:
            break
        joined: dict[int, tuple[int, ItemGroup]] = {}
        for a, b, between in merging.nearest():
            one, other = merging.groups[a], merging.groups[b]
            if must_not_merge(one, other, between / (len(one.members) * len(other.members))):
                merging.refused.add((a, b))
            else:
                joined[a] = b, ItemGroup(one.members + other.members, one.length + other.length + 2 * between)
        if joined:
            merging.contract(joined)
    return [group.members for group in done]


def closeness(one: ItemGroup, other: ItemGroup, total: float, *, centroid: float) -> float:
    """How close two groups are, given the sum of the similarities between their members; see `link`."""
    return total / (_scale(one, centroid) * _scale(other, centroid))


def _scale(group: ItemGroup, centroid: float) -> float:
    return math.pow(len(group.members), 1 - centroid) * math.pow(group.length, centroid / 2)


class _Merging:
    """The groups that may still change, numbered as the rows of `sums` are."""

    def __init__(self, similarity: sparse.csr_array, *, cut: float, centroid: float) -> None:
        self.groups = [ItemGroup([number], 1.0) for number in range(similarity.shape[0])]
        self.refused: set[tuple[int, int]] = set()
        # In 64 bits, because sums over thousands of 32-bit floats would depend on the order of the merges.
        self._sums = _without_diagonal(similarity.astype(np.float64))  # of the similarities between two groups
        self._scales = np.ones(len(self.groups))
        self._cut = cut
        self._centroid = centroid

    def nearest(self) -> list[tuple[int, int, float]]:
        """Groups that are each other's nearest and close enough: the lower number, the higher, and the sum between them."""
        close, rows = self._closeness()
        sums, size = self._sums, len(self.groups)
        best = np.zeros(size)
        filled = np.flatnonzero(np.diff(sums.indptr))
        best[filled] = np.maximum.reduceat(close, sums.indptr[filled]) if len(filled) else 0.0
        hits = np.flatnonzero((close == best[rows]) & (close >= self._cut))[::-1]
        at = np.full(size, -1)
        at[rows[hits]] = hits  # written backwards: of equals the lowest number stays
        near = np.where(at >= 0, sums.indices[at], -1) if len(sums.indices) else at
        lower = np.flatnonzero((near >= 0) & (near[near] == np.arange(size)) & (np.arange(size) < near))
        return list(zip(lower.tolist(), near[lower].tolist(), sums.data[at[lower]].tolist(), strict=True))

    def contract(self, joined: Mapping[int, tuple[int, ItemGroup]]) -> None:
        """Renumber after these merges; `joined` gives each lower number its partner and the group that they become."""
        size = len(self.groups)
        gone = {b for b, _ in joined.values()}
        stay = [number for number in range(size) if number not in gone]
        home = np.empty(size, dtype=np.int64)
        home[stay] = np.arange(len(stay))
        for a, (b, group) in joined.items():
            home[b] = home[a]
            self.groups[a] = group
            self._scales[a] = _scale(group, self._centroid)
        self.groups = [self.groups[number] for number in stay]
        self._scales = self._scales[stay]
        merged = sparse.csr_array((np.ones(size), (np.arange(size), home)), shape=(size, len(stay)))
        self._sums = _without_diagonal(merged.T.tocsr() @ self._sums @ merged)
        # A group that has grown is another one: what was refused to its parts has to be asked anew.
        changed = gone | joined.keys()
        self.refused = {(int(home[a]), int(home[b])) for a, b in self.refused if a not in changed and b not in changed}

    def retire(self) -> list[ItemGroup]:
        """Take out, and return, the groups in whose part of the graph nothing is close enough to merge."""
        close, rows = self._closeness()
        part = _parts(self._sums, rows)
        busy = np.zeros(part.max(initial=-1) + 1, dtype=bool)
        busy[part[rows[close >= self._cut]]] = True
        alive = busy[part]
        home = np.cumsum(alive) - 1
        retired = [group for group, kept in zip(self.groups, alive, strict=True) if not kept]
        self.groups = [group for group, kept in zip(self.groups, alive, strict=True) if kept]
        self.refused = {(int(home[a]), int(home[b])) for a, b in self.refused if alive[a] and alive[b]}
        self._scales = self._scales[alive]
        self._sums = sparse.csr_array(self._sums[alive][:, alive])
        return retired

    def _closeness(self) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.int64]]:
        """Of every pair that `sums` holds, in its order, and the pair's row; 0 where a merge was refused."""
        sums = self._sums
        rows = np.repeat(np.arange(len(self.groups)), np.diff(sums.indptr))
        close = sums.data / (self._scales[rows] * self._scales[sums.indices])
        for pair in self.refused:
            for row, column in (pair, pair[::-1]):
                start, end = sums.indptr[row], sums.indptr[row + 1]
                close[start + int(np.searchsorted(sums.indices[start:end], column))] = 0.0
        return close, rows


def _parts(graph: sparse.csr_array, rows: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """By row of a symmetric graph, the number of its part, from 0 in order of their first rows.

    What `scipy.sparse.csgraph.connected_components` answers, whose import brings all of scipy.linalg: a sixth of a second and 15 MB.
    """
    part = np.arange(graph.shape[0])
    while True:
        least = part.copy()
        np.minimum.at(least, rows, part[graph.indices])
        least = np.minimum(least, least[least])  # a chain of n rows takes log n turns, not n
        if np.array_equal(least, part):
            return np.unique(part, return_inverse=True)[1]
        part = least


def _without_diagonal(similarity: sparse.csr_array) -> sparse.csr_array:
    """Symmetric to the last bit, whatever order the sums were made in: else two groups may disagree on who is nearest."""
    upper = sparse.triu(similarity, k=1, format="csr")
    both = sparse.csr_array(upper + upper.T)
    both.sort_indices()
    return both
