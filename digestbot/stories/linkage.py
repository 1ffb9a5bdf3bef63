"""Agglomerative linkage over the pairs that matter, so that fifty thousand items fit on a laptop."""

from __future__ import annotations

import heapq
import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass


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


def link(
    size: int,
    pairs: Iterable[tuple[int, int, float]],
    *,
    cut: float,
    centroid: float,
    refuse: Refuse,
) -> list[list[int]]:
    """Merge the two closest groups until no two are as close as `cut`; a pair that is not given counts as 0.

    Groups are as close as their members on average (UPGMA, Sokal and Michener 1958) where `centroid` is 0, as their
    centroids' cosine where it is 1, and a geometric mean of the two between: the average is too strict for a story of
    hundreds of items, the centroid too lax for a few. Of equal pairs the lowest numbers go first.

    Args:
        size: how many items there are.
        pairs: two items, the lower number first, and their similarity.
        cut: the least closeness of a merge.
        centroid: between average linkage (0) and the centroids' cosine (1).
        refuse: may forbid a merge of two groups, given the mean similarity between them.
    """
    near: dict[int, dict[int, float]] = {number: {} for number in range(size)}
    heap: list[tuple[float, int, int]] = []
    for a, b, similarity in pairs:
        near[a][b] = near[b][a] = similarity
        if similarity >= cut:
            heap.append((-similarity, a, b))
    heapq.heapify(heap)
    groups = {number: Group([number], 1.0) for number in range(size)}
    scales = dict.fromkeys(range(size), 1.0)
    newest = size
    while heap:
        _, a, b = heapq.heappop(heap)
        if a not in groups or b not in groups:
            continue
        one, other, between = groups[a], groups[b], near[a][b]
        if refuse(one, other, between / (len(one.members) * len(other.members))):
            continue
        del groups[a], groups[b]
        joined = Group(one.members + other.members, one.length + other.length + 2 * between)
        scale = _scale(joined, centroid)
        row = _joined(near.pop(a), near.pop(b), drop=(a, b))
        for number, similarity in row.items():
            theirs = near[number]
            theirs.pop(a, None)
            theirs.pop(b, None)
            theirs[newest] = similarity
            close = similarity / (scale * scales[number])
            if close >= cut:
                heapq.heappush(heap, (-close, number, newest))
        scales[newest] = scale
        groups[newest], near[newest] = joined, row
        newest += 1
    return [group.members for group in groups.values()]


def closeness(one: Group, other: Group, total: float, *, centroid: float) -> float:
    """How close two groups are, given the sum of the similarities between their members; see `link`."""
    return total / (_scale(one, centroid) * _scale(other, centroid))


def _scale(group: Group, centroid: float) -> float:
    return math.pow(len(group.members), 1 - centroid) * math.pow(group.length, centroid / 2)


def _joined(left: dict[int, float], right: dict[int, float], *, drop: tuple[int, int]) -> dict[int, float]:
    if len(left) < len(right):
        left, right = right, left
    for other, similarity in right.items():
        left[other] = left.get(other, 0.0) + similarity
    for gone in drop:
        left.pop(gone, None)
    return left
