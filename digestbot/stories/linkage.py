"""Agglomerative linkage over the pairs that matter, so that fifty thousand items fit on a laptop."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable, Sequence

Refuse = Callable[[Sequence[int], Sequence[int], float], bool]


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
        refuse: may forbid a merge of two groups, given their members and the mean similarity between them.
    """
    near: dict[int, dict[int, float]] = {number: {} for number in range(size)}
    heap: list[tuple[float, int, int]] = []
    for a, b, similarity in pairs:
        near[a][b] = near[b][a] = similarity
        if similarity >= cut:
            heap.append((-similarity, a, b))
    heapq.heapify(heap)
    members = {number: [number] for number in range(size)}
    inner = dict.fromkeys(range(size), 1.0)  # squared length of the sum of a group's vectors
    newest = size
    while heap:
        _, a, b = heapq.heappop(heap)
        if a not in members or b not in members:
            continue
        between = near[a][b]
        if refuse(members[a], members[b], between / (len(members[a]) * len(members[b]))):
            continue
        joined = members.pop(a) + members.pop(b)
        length = inner.pop(a) + inner.pop(b) + 2 * between
        row = _joined(near.pop(a), near.pop(b), drop=(a, b))
        for other, similarity in row.items():
            theirs = near[other]
            theirs.pop(a, None)
            theirs.pop(b, None)
            theirs[newest] = similarity
            sizes, lengths = len(joined) * len(members[other]), length * inner[other]
            closeness = similarity / (sizes ** (1 - centroid) * lengths ** (centroid / 2))
            if closeness >= cut:
                heapq.heappush(heap, (-closeness, other, newest))
        members[newest], inner[newest], near[newest] = joined, length, row
        newest += 1
    return list(members.values())


def _joined(left: dict[int, float], right: dict[int, float], *, drop: tuple[int, int]) -> dict[int, float]:
    if len(left) < len(right):
        left, right = right, left
    for other, similarity in right.items():
        left[other] = left.get(other, 0.0) + similarity
    for gone in drop:
        left.pop(gone, None)
    return left
