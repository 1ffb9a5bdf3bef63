"""Agglomerative linkage over sparse similarities, so that fifty thousand items fit on a laptop."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse
from scipy.sparse.csgraph import connected_components

_SETTLE = 8  # rounds between looks at which groups can still change


@dataclass(frozen=True, slots=True)
class Group:
    """Members of one group, and the squared length of the sum of their vectors."""

    members: list[int]
    length: float

    @property
    def within(self) -> float:
        """Mean similarity of two different members; 1 for a single one."""
        size = len(self.members)
        return (self.length - size) / (size * (size - 1)) if size > 1 else 1.0


Refuse = Callable[[Group, Group, float], bool]


def link(similarity: sparse.csr_array, *, cut: float, centroid: float, refuse: Refuse) -> list[list[int]]:
    """Merge the two closest groups until no two are as close as `cut`; a pair that is not given counts as 0.

    Groups are as close as their members on average (UPGMA, Sokal and Michener 1958) where `centroid` is 0, as their
    centroids' cosine where it is 1, and a geometric mean of the two between: the average is too strict for a story of
    hundreds of items, the centroid too lax for a few. All groups that are each other's nearest merge at once, which
    comes to the same as one pair at a time (Murtagh 1983) and is fast in arrays. Of equals the lowest numbers go first.

    Args:
        similarity: symmetric; what lies on the diagonal does not count.
        cut: the least closeness of a merge.
        centroid: between average linkage (0) and the centroids' cosine (1).
        refuse: may forbid a merge of two groups, given the mean similarity between them.
    """
    groups = [Group([number], 1.0) for number in range(similarity.shape[0])]
    done: list[Group] = []
    sums = _without_diagonal(similarity.astype(np.float64))
    refused: set[tuple[int, int]] = set()
    rounds = 0
    while True:
        if rounds % _SETTLE == 0:
            active = _active(sums, groups, refused, cut=cut, centroid=centroid)
            if not active.all():
                done.extend(group for group, alive in zip(groups, active, strict=True) if not alive)
                home = np.cumsum(active) - 1
                groups = [group for group, alive in zip(groups, active, strict=True) if alive]
                refused = {(int(home[a]), int(home[b])) for a, b in refused if active[a] and active[b]}
                sums = sparse.csr_array(sums[active][:, active])
        rounds += 1
        if not groups:
            return [group.members for group in done]
        pairs = _nearest(sums, groups, refused, cut=cut, centroid=centroid)
        joined: dict[int, tuple[int, Group]] = {}
        for a, b in pairs:
            one, other, between = groups[a], groups[b], float(sums[a, b])
            if refuse(one, other, between / (len(one.members) * len(other.members))):
                refused.add((a, b))
            else:
                joined[a] = b, Group(one.members + other.members, one.length + other.length + 2 * between)
        if joined:
            groups, sums, refused = _contracted(groups, sums, refused, joined)


def _nearest(
    sums: sparse.csr_array, groups: list[Group], refused: set[tuple[int, int]], *, cut: float, centroid: float
) -> list[tuple[int, int]]:
    """Pairs of groups, the lower number first, that are each other's nearest and close enough."""
    close, rows = _closeness(sums, groups, refused, centroid=centroid)
    best = np.zeros(len(groups))
    filled = np.flatnonzero(np.diff(sums.indptr))
    best[filled] = np.maximum.reduceat(close, sums.indptr[filled]) if len(filled) else 0.0
    near = np.full(len(groups), -1)
    hits = np.flatnonzero((close == best[rows]) & (close >= cut))[::-1]
    near[rows[hits]] = sums.indices[hits]  # written backwards: of equals the lowest number stays
    lower = np.flatnonzero((near >= 0) & (near[near] == np.arange(len(groups))) & (np.arange(len(groups)) < near))
    return list(zip(lower.tolist(), near[lower].tolist(), strict=True))


def _closeness(
    sums: sparse.csr_array, groups: list[Group], refused: set[tuple[int, int]], *, centroid: float
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.int64]]:
    scale = np.array([_scale(group, centroid) for group in groups])
    rows = np.repeat(np.arange(len(groups)), np.diff(sums.indptr))
    close = sums.data / (scale[rows] * scale[sums.indices])
    for a, b in refused:
        for row, column in ((a, b), (b, a)):
            start, end = sums.indptr[row], sums.indptr[row + 1]
            close[start + int(np.searchsorted(sums.indices[start:end], column))] = 0.0
    return close, rows


def _contracted(
    groups: list[Group],
    sums: sparse.csr_array,
    refused: set[tuple[int, int]],
    joined: Mapping[int, tuple[int, Group]],
) -> tuple[list[Group], sparse.csr_array, set[tuple[int, int]]]:
    """The same, renumbered, after these merges: each lower number with its partner and what they become."""
    gone = {b for b, _ in joined.values()}
    stay = [number for number in range(len(groups)) if number not in gone]
    home = np.empty(len(groups), dtype=np.int64)
    home[stay] = np.arange(len(stay))
    for a, (b, _) in joined.items():
        home[b] = home[a]
    changed = gone | joined.keys()
    merged = sparse.csr_array((np.ones(len(groups)), (np.arange(len(groups)), home)), shape=(len(groups), len(stay)))
    return (
        [joined[number][1] if number in joined else groups[number] for number in stay],
        _without_diagonal(merged.T.tocsr() @ sums @ merged),
        {(int(home[a]), int(home[b])) for a, b in refused if a not in changed and b not in changed},
    )


def closeness(one: Group, other: Group, total: float, *, centroid: float) -> float:
    """How close two groups are, given the sum of the similarities between their members; see `link`."""
    return total / (_scale(one, centroid) * _scale(other, centroid))


def _scale(group: Group, centroid: float) -> float:
    return math.pow(len(group.members), 1 - centroid) * math.pow(group.length, centroid / 2)


def _without_diagonal(similarity: sparse.csr_array) -> sparse.csr_array:
    """Symmetric to the last bit, whatever order the sums were made in: else two groups may disagree on who is nearest."""
    upper = sparse.triu(similarity, k=1, format="csr")
    both = sparse.csr_array(upper + upper.T)
    both.sort_indices()
    return both


def _active(
    sums: sparse.csr_array, groups: list[Group], refused: set[tuple[int, int]], *, cut: float, centroid: float
) -> npt.NDArray[np.bool_]:
    """Groups in whose part of the graph something is close enough to merge."""
    close, rows = _closeness(sums, groups, refused, centroid=centroid)
    part = connected_components(sums, directed=False)[1]
    alive = np.zeros(part.max(initial=-1) + 1, dtype=bool)
    alive[part[rows[close >= cut]]] = True
    kept: npt.NDArray[np.bool_] = alive[part]
    return kept
