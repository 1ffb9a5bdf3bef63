"""Linkage: which groups become one, whatever way of counting is fast."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from digestbot.stories.linkage import ItemGroup, link, stable_order

_CUT = 0.2


def _free(_one: ItemGroup, _other: ItemGroup, _between: float) -> bool:
    return False


def _one_pair_at_a_time(dense: np.ndarray) -> set[frozenset[int]]:
    groups = [[number] for number in range(len(dense))]
    while True:
        means = {(a, b): dense[np.ix_(groups[a], groups[b])].mean() for a, b in combinations(range(len(groups)), 2)}
        best = max(means, key=lambda pair: means[pair], default=None)
        if best is None or means[best] < _CUT:
            return {frozenset(group) for group in groups}
        groups[best[0]] += groups.pop(best[1])


def _similarities(size: int, seed: int) -> np.ndarray:
    """Random, no two alike, a third of the pairs without any; symmetric, ones on the diagonal."""
    dice = np.random.default_rng(seed)
    dense = np.triu(dice.random((size, size)) * (dice.random((size, size)) > 1 / 3), k=1).astype(np.float32)
    return np.asarray(dense + dense.T + np.eye(size, dtype=np.float32))


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 14), st.integers(0, 10_000))
def test_groups_are_those_of_merging_the_closest_pair_again_and_again(size: int, seed: int) -> None:
    """Merging all nearest neighbours at once is only faster (Murtagh 1983)."""
    dense = _similarities(size, seed)
    found = link(sparse.csr_array(dense), cut=_CUT, centroid=0.0, must_not_merge=_free)
    assert {frozenset(group) for group in found} == _one_pair_at_a_time(dense)


@settings(max_examples=40, deadline=None)
@given(st.integers(2, 14), st.integers(0, 10_000))
def test_what_is_refused_stays_apart_and_hinders_nobody_else(size: int, seed: int) -> None:
    """Even and odd numbers are never merged, and each half is grouped as if it were alone."""
    dense = _similarities(size, seed)

    def refuse(one: ItemGroup, other: ItemGroup, _between: float) -> bool:
        return one.members[0] % 2 != other.members[0] % 2

    def merged(numbers: np.ndarray) -> set[frozenset[int]]:
        groups = link(sparse.csr_array(dense[np.ix_(numbers, numbers)]), cut=_CUT, centroid=0.0, must_not_merge=_free)
        return {frozenset(numbers[group].tolist()) for group in groups}

    found = link(sparse.csr_array(dense), cut=_CUT, centroid=0.0, must_not_merge=refuse)
    apart = merged(np.arange(0, size, 2)) | merged(np.arange(1, size, 2))
    assert {frozenset(group) for group in found} == apart


def test_of_equals_the_lowest_numbers_go_first() -> None:
    """Three items that are all alike end as one group, two pairs that compete for one item by their order."""
    chain = sparse.csr_array(np.eye(3, dtype=np.float32) + 0.3 * np.eye(3, k=1) + 0.3 * np.eye(3, k=-1))
    assert link(chain, cut=_CUT, centroid=0.0, must_not_merge=_free) == [[0, 1], [2]]


@pytest.mark.parametrize("most", [3, 1 << 40, 1 << 62])
def test_equal_keys_stay_in_their_order_however_large_keys_are(most: int) -> None:
    """Sums over a pair's parts are added in one order on every machine, also where a key leaves no room for a position."""
    keys = np.random.default_rng(0).integers(3, size=50) * (most // 3)
    assert stable_order(keys).tolist() == np.argsort(keys, kind="stable").tolist()
