"""Exact average linkage (UPGMA) over the pairs that matter, so that fifty thousand items fit on a laptop."""

from __future__ import annotations

import heapq
from collections.abc import Iterable


def average_linkage(size: int, pairs: Iterable[tuple[int, int, float]], *, cut: float) -> list[list[int]]:
    """Merge the two closest groups until no two are as close as `cut`; a pair that is not given counts as 0.

    Sokal and Michener's average linkage: groups are as close as their members on average. Of equal pairs the one with
    the lowest numbers goes first, so the same input always gives the same groups.
    """
    near: dict[int, dict[int, float]] = {}
    heap: list[tuple[float, int, int]] = []
    for a, b, similarity in pairs:
        near.setdefault(a, {})[b] = near.setdefault(b, {})[a] = similarity
        if similarity >= cut:
            heap.append((-similarity, a, b))
    heapq.heapify(heap)
    members: dict[int, list[int]] = {number: [number] for number in range(size)}
    newest = size
    while heap:
        _, a, b = heapq.heappop(heap)
        if a not in members or b not in members:
            continue
        joined = members.pop(a) + members.pop(b)
        total = _joined(near.pop(a, {}), near.pop(b, {}), drop=(a, b))
        for other, similarity in total.items():
            row = near[other]
            row.pop(a, None)
            row.pop(b, None)
            row[newest] = similarity
            mean = similarity / (len(joined) * len(members[other]))
            if mean >= cut:
                heapq.heappush(heap, (-mean, other, newest))
        members[newest] = joined
        near[newest] = total
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
