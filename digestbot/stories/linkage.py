"""Agglomerative linkage over sparse similarities, so that fifty thousand items fit on a laptop."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse

_BITS = 63  # of a number in an array, without its sign


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
    groups = merging.groups
    while pairs := merging.nearest():
        joined: dict[int, tuple[int, ItemGroup]] = {}
        for pair, a, b, between in pairs:
            one, other = groups[a], groups[b]
            if must_not_merge(one, other, between / (len(one.members) * len(other.members))):
                merging.refuse(pair)
            else:
                joined[a] = b, ItemGroup(one.members + other.members, one.length + other.length + 2 * between)
        if joined:
            merging.contract(joined)
    return [group.members for group in groups.values()]


def closeness(one: ItemGroup, other: ItemGroup, total: float, *, centroid: float) -> float:
    """How close two groups are, given the sum of the similarities between their members; see `link`."""
    return total / (scale(one, centroid) * scale(other, centroid))


def scale(group: ItemGroup, centroid: float) -> float:
    """What the sum of similarities is divided by, once for either group; see `link`."""
    return math.pow(len(group.members), 1 - centroid) * math.pow(group.length, centroid / 2)


class _Merging:
    """The groups so far, each under the lowest row number of its items, and the pairs of them that have a similarity."""

    def __init__(self, similarity: sparse.csr_array, *, cut: float, centroid: float) -> None:
        size = similarity.shape[0]
        self.groups = {number: ItemGroup([number], 1.0) for number in range(size)}
        rows = np.repeat(np.arange(size, dtype=np.int32), np.diff(similarity.indptr))
        above = similarity.indices > rows
        # Each pair once and in no order: the lower number, the higher, and the sum of the similarities between the two. In
        # 64 bits, because sums over thousands of 32-bit floats would depend on the order of the merges.
        self._lower = rows[above]
        self._higher = similarity.indices[above].astype(np.int32)
        self._sums = similarity.data[above].astype(np.float64)
        self._scales = np.ones(size)
        self._close = self._sums.copy()  # 0 where a merge was refused
        self._gone = 0  # how many of the pairs are of one group with itself
        self._cut = cut
        self._centroid = centroid

    def nearest(self) -> list[tuple[int, int, int, float]]:
        """Groups that are each other's nearest and close enough: the pair, its lower and higher number, and its sum."""
        hot = np.flatnonzero(self._close >= self._cut)
        # By numbers of 64 bits numpy takes from an array in half the time.
        lower, higher = self._lower[hot].astype(np.intp), self._higher[hot].astype(np.intp)
        close = self._close[hot]
        size = len(self._scales)
        best = np.zeros(size)
        np.maximum.at(best, lower, close)
        np.maximum.at(best, higher, close)
        near = np.full(size, size, dtype=np.intp)  # of equals the lowest number
        is_best = close == best[lower], close == best[higher]
        for these, those, its_best in ((lower, higher, is_best[0]), (higher, lower, is_best[1])):
            at = np.flatnonzero(its_best)
            np.minimum.at(near, these[at], those[at])
        both = np.flatnonzero(is_best[0] & is_best[1])
        both = both[(near[lower[both]] == higher[both]) & (near[higher[both]] == lower[both])]
        both = hot[both[np.argsort(lower[both])]]
        found = (both, self._lower[both], self._higher[both], self._sums[both])
        return list(zip(*(each.tolist() for each in found), strict=True))

    def refuse(self, pair: int) -> None:
        """Never again, unless one of the two grows: then it is another group, and is asked anew."""
        self._close[pair] = 0.0

    def contract(self, joined: Mapping[int, tuple[int, ItemGroup]]) -> None:
        """Make these merges; `joined` gives each lower number its partner and the group that they become."""
        size = len(self._scales)
        for a, (b, group) in joined.items():
            self.groups[a] = group
            del self.groups[b]
        lowest, partners = list(joined), [b for b, _ in joined.values()]
        self._scales[lowest] = [scale(group, self._centroid) for _, group in joined.values()]
        home = np.arange(size, dtype=np.int32)
        home[partners] = lowest
        is_new = np.zeros(size, dtype=bool)
        is_new[lowest] = is_new[partners] = True
        changed = np.flatnonzero(is_new.take(self._lower) | is_new.take(self._higher))
        one, other = home[self._lower[changed]], home[self._higher[changed]]
        apart = one != other
        one, other, sums = one[apart], other[apart], self._sums[changed[apart]]
        keys = np.minimum(one, other).astype(np.int64) * size + np.maximum(one, other)
        order = stable_order(keys)
        keys = keys[order]
        starts = np.flatnonzero(np.append(True, keys[1:] != keys[:-1])[: len(keys)])
        lower, higher = np.divmod(keys[starts], size)
        sums = np.add.reduceat(sums[order], starts) if len(starts) else sums
        # No merge makes more pairs than it takes away: what is new stands where those stood, and the rest is of one group
        # with itself, which is never close.
        self._lower[changed] = self._higher[changed] = self._close[changed] = 0
        these = changed[: len(starts)]
        self._lower[these], self._higher[these], self._sums[these] = lower, higher, sums
        self._close[these] = sums / (self._scales[lower] * self._scales[higher])
        self._gone += len(changed) - len(these)
        if 2 * self._gone > len(self._lower):
            self._forget_gone()

    def _forget_gone(self) -> None:
        stays = np.flatnonzero(self._lower != self._higher)
        self._lower, self._higher = self._lower[stays], self._higher[stays]
        self._sums, self._close = self._sums[stays], self._close[stays]
        self._gone = 0


def stable_order(keys: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """What `argsort(kind="stable")` answers for keys that are not negative, mostly in a tenth of its time.

    Numbers alone are sorted far faster than an order of them is found, so each key takes its position along in its low bits.
    """
    bits = len(keys).bit_length()
    if int(keys.max(initial=0)).bit_length() + bits > _BITS:
        return np.argsort(keys, kind="stable")
    return np.sort((keys << bits) | np.arange(len(keys))) & ((1 << bits) - 1)
