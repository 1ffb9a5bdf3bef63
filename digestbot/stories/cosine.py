"""The cosine similarity of every pair of items that have enough words in common, computed block by block.

A full matrix would need memory for every pair; here only pairs at or above FLOOR are kept.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import numpy as np
import numpy.typing as npt
from scipy import sparse

# Against linkage over all pairs a floor of .10 cost at most .0014 of B-cubed F1; a lower one costs memory.
FLOOR = 0.08  # cosine below which two items count as unrelated
# A cosine counts at most this many times its part in words that are not figures: "7.1" tells this earthquake from last
# year's, but two items that share figures alone are not about one event.
_MAX_FIGURES_RATIO = 4.0
# One rare name that two reports share makes them this similar at most. More counts only as far as other shared words
# support it: this many times the part of the cosine that does not come from a single word.
_MAX_SINGLE_NAME = 0.15
_SUPPORT_FACTOR = 2.5
# The rule above holds for reports only, items of at least so many stems. Headlines share a name or nothing: with the rule
# they lost .06 to .17 of B-cubed F1 (docs/design.md).
_MIN_REPORT_STEMS = 20
# A yearly match or an anniversary uses the words of the last one: only time tells them apart.
GRACE_DAYS = 4.0  # a gap up to this costs nothing
_HALF_LIFE_DAYS = 3.0  # beyond it, similarity halves every so many days
_ROUNDING = 0.999  # less than a 32-bit float may be off by
_BLOCK_ROWS = 256  # rows multiplied at a time: bounds the memory
_PART_ROWS = 4096  # with so many rows at a time: what is summed up fits into fast memory
_PAIRS_PER_ROW = 500  # kept on average over a block: enough for a story of a thousand reports
_THREADS = 2  # scipy multiplies outside the interpreter's lock; each further thread holds another block in memory

Chunk = TypeVar("Chunk")
Result = TypeVar("Result")
Triples = tuple[npt.NDArray[np.int32], npt.NDArray[np.int32], npt.NDArray[np.float32]]  # rows, columns, values


def pairwise_cosines(
    vectors: sparse.csr_array, *, figures: npt.NDArray[np.bool_], days: npt.NDArray[np.float64]
) -> sparse.csr_array:
    """Cosines at or above FLOOR, reduced for items that are days apart; symmetric, ones on the diagonal.

    Shared figures and one shared rare name count for less than their cosine: figures do not say what happened, and a
    company has more than one piece of news a day.

    Args:
        vectors: one row an item, of length 1.
        figures: by column, whether its stem is a number.
        days: by row, the item's time in days from any start; NaN where it is unknown.
    """
    rows = _Rows(vectors, figures, days)
    size = vectors.shape[0]
    return mirrored(side_by_side(rows.with_later, range(0, size, _BLOCK_ROWS)), size=size)


def side_by_side(work: Callable[[Chunk], Result], chunks: Iterable[Chunk]) -> list[Result]:
    """What `work` answers to each chunk, in order; two at a time, which helps where scipy or numpy do the work."""
    with ThreadPoolExecutor(max_workers=_THREADS) as pool:
        return list(pool.map(work, chunks))


def mirrored(above: Sequence[Triples], *, size: int) -> sparse.csr_array:
    """A symmetric matrix of similarities, ones on the diagonal, from what lies above it."""
    row, column, value = (np.concatenate(parts) for parts in zip(*above, strict=True))
    upper = sparse.csr_array((value, (row, column)), shape=(size, size), dtype=np.float32)
    return sparse.csr_array(upper + upper.T + sparse.eye_array(size, dtype=np.float32, format="csr"))


def are_reports(vectors: sparse.csr_array) -> npt.NDArray[np.bool_]:
    """By row, whether the item has stems enough to be a report; the others are headlines."""
    found: npt.NDArray[np.bool_] = np.diff(vectors.indptr) >= _MIN_REPORT_STEMS
    return found


class _Rows:
    def __init__(
        self, vectors: sparse.csr_array, figures: npt.NDArray[np.bool_], days: npt.NDArray[np.float64]
    ) -> None:
        self._vectors = vectors
        self._figures = vectors.copy()
        self._figures.data *= figures[vectors.indices]
        self._figures.eliminate_zeros()
        self._is_report = are_reports(vectors)
        self._strongest = vectors.max(axis=1).toarray().ravel()
        self._days = days
        self._parts = [
            sparse.csr_array(vectors[start : start + _PART_ROWS].T) for start in range(0, vectors.shape[0], _PART_ROWS)
        ]
        self._figures_across = sparse.csr_array(self._figures.T)

    def with_later(self, start: int) -> Triples:
        """The pairs of a block of rows from `start` with the rows after each."""
        block, figures = (each[start : start + _BLOCK_ROWS] for each in (self._vectors, self._figures))
        first = start // _PART_ROWS
        products = [
            _near(block @ part, number * _PART_ROWS) for number, part in enumerate(self._parts[first:], start=first)
        ]
        row, column, value = (np.concatenate(each) for each in zip(*products, strict=True))
        row += np.int32(start)
        later = np.flatnonzero(column > row)
        row, column, value = row[later], column[later], value[later]
        self._limit_figures(row, column, value, shared=(figures @ self._figures_across).tocoo(), start=start)
        keep = np.flatnonzero(value >= FLOOR)
        row, column, value = row[keep], column[keep], value[keep]
        reports = np.flatnonzero((value > _MAX_SINGLE_NAME) & self._is_report[row] & self._is_report[column])
        value[reports] = self._limit_single_name(row[reports], column[reports], value[reports])
        # An item without a date is close to every other in time: feeds without dates could form no story otherwise.
        gap = np.nan_to_num(np.abs(self._days[row] - self._days[column]))
        value = value * np.exp2(-np.maximum(gap - GRACE_DAYS, 0) / _HALF_LIFE_DAYS).astype(np.float32)
        near = value >= _floor(value)
        return row[near], column[near], value[near]

    def _limit_figures(
        self,
        row: npt.NDArray[np.int32],
        column: npt.NDArray[np.int32],
        value: npt.NDArray[np.float32],
        *,
        shared: sparse.coo_array,
        start: int,
    ) -> None:
        """Limits, in place, the cosines that come from figures; `shared` are their parts, by row from `start` on."""
        # A smaller part of a cosine that is not below FLOOR limits nothing, and hardly any part is larger.
        many = np.flatnonzero(shared.data > (1 - 1 / _MAX_FIGURES_RATIO) * FLOOR * _ROUNDING)
        if not len(many):
            return
        size = np.int64(self._vectors.shape[0])
        known = (shared.row[many] + start) * size + shared.col[many]
        order = np.argsort(known)
        known, parts = known[order], shared.data[many[order]]
        pairs = row * size + column
        at = np.minimum(np.searchsorted(known, pairs), len(known) - 1)
        found = np.flatnonzero(known[at] == pairs)
        in_words = value[found] - parts[at[found]]
        value[found] = np.minimum(value[found], np.float32(_MAX_FIGURES_RATIO) * in_words)

    def _limit_single_name(
        self, row: npt.NDArray[np.int64], column: npt.NDArray[np.int64], value: npt.NDArray[np.float32]
    ) -> npt.NDArray[np.float32]:
        """Limits cosines that come from one word alone.

        The Euclidean length of the words' contributions equals their sum when one word contributes everything, and is far
        smaller when many do: the difference measures the support beside the strongest word.
        """
        limited = value.copy()
        # The squared length is at most the strongest word's contribution times their sum. Most pairs need no closer look.
        longest = np.sqrt(self._strongest[row] * self._strongest[column] * value)
        at = np.flatnonzero(_SUPPORT_FACTOR * (value - longest) < value)
        terms = self._vectors[row[at]].multiply(self._vectors[column[at]])
        length = np.sqrt(terms.multiply(terms).sum(axis=1))
        limited[at] = np.minimum(value[at], np.maximum(_MAX_SINGLE_NAME, _SUPPORT_FACTOR * (value[at] - length)))
        return limited


def _near(products: sparse.csr_array, first: int) -> Triples:
    """What of a block's products is not below FLOOR, which is little; its columns are those from `first` on."""
    keep = np.flatnonzero(products.data >= FLOOR)
    row = np.searchsorted(products.indptr, keep, side="right").astype(np.int32) - np.int32(1)
    return row, products.indices[keep] + np.int32(first), products.data[keep]


def _floor(values: npt.NDArray[np.float32]) -> float:
    """FLOOR, or more where thousands of items are all similar: their weakest pairs are dropped to bound the memory."""
    most = _PAIRS_PER_ROW * _BLOCK_ROWS
    return FLOOR if len(values) <= most else max(FLOOR, float(np.partition(values, -most)[-most]))
