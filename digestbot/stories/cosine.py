"""Which items of a day have words in common, and how much: every pair, without holding every pair."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import partial

import numpy as np
import numpy.typing as npt
from scipy import sparse

FLOOR = 0.08  # cosine below which two items have nothing in common
_FIGURES = 4.0  # times what two items have in common in words that they may have in all
_NAME = 0.15  # what one name in common is worth to two reports at most,
_BESIDE = 2.5  # unless they have so many times less beside it
_REPORT = 20  # stems from which an item is a report: a headline is known by a name or not at all
_GRACE = 4.0  # days apart that make no difference
_HALVES = 3.0  # days beyond the grace in which what two items have in common counts half
_BLOCK = 256  # rows multiplied at a time: bounds the memory
_SPAN = 8  # blocks after which the columns of items already compared are left out
_PAIRS = 500  # of an item with later ones, on average over a block: a story of a thousand reports stays whole
_THREADS = 2  # scipy multiplies without the interpreter's lock; each more holds another block

Triples = tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], npt.NDArray[np.float32]]  # rows, columns, values


def compare(
    vectors: sparse.csr_array, *, figures: npt.NDArray[np.bool_], days: npt.NDArray[np.float64]
) -> sparse.csr_array:
    """Cosines at or above FLOOR, less between items that are days apart; symmetric, ones on the diagonal.

    Figures count for no more than words do: they tell this quake from last year's, but not what happened. Nor is one
    rare name that stands in two reports enough: a company has more than one piece of news a day.

    Args:
        vectors: one row an item, of length 1.
        figures: by column, whether it stands for a number.
        days: by row, the moment in days from any start; not a number where it is unknown.
    """
    rows = _Rows(vectors, figures, days)
    size = vectors.shape[0]
    found: list[Triples] = []
    with ThreadPoolExecutor(max_workers=_THREADS) as pool:
        for first in range(0, size, _SPAN * _BLOCK):
            later = partial(rows.with_later, *rows.turned(first))
            found.extend(pool.map(later, range(first, min(first + _SPAN * _BLOCK, size), _BLOCK)))
    row, column, value = (np.concatenate(parts) for parts in zip(*found, strict=True))
    upper = sparse.csr_array((value, (row, column)), shape=(size, size), dtype=np.float32)
    return sparse.csr_array(upper + upper.T + sparse.eye_array(size, dtype=np.float32, format="csr"))


class _Rows:
    def __init__(
        self, vectors: sparse.csr_array, figures: npt.NDArray[np.bool_], days: npt.NDArray[np.float64]
    ) -> None:
        stems = np.diff(vectors.indptr)
        self._vectors = vectors
        self._numbers = vectors.copy()
        self._numbers.data *= figures[vectors.indices]
        self._numbers.eliminate_zeros()
        self._report = stems >= _REPORT
        self._days = days

    def turned(self, first: int) -> tuple[sparse.csr_array, sparse.csr_array]:
        """The rows from `first` on as columns, and what of them is numbers."""
        return self._vectors[first:].T.tocsr(), self._numbers[first:].T.tocsr()

    def with_later(self, turned: sparse.csr_array, counted: sparse.csr_array, start: int) -> Triples:
        """A block of rows from `start`, each with those after it; the columns are the last rows, turned."""
        first = self._vectors.shape[0] - turned.shape[1]
        alike = self._vectors[start : start + _BLOCK] @ turned
        alike.data[alike.data < FLOOR] = 0
        alike.eliminate_zeros()
        in_words = alike - self._numbers[start : start + _BLOCK] @ counted
        found = alike.minimum(_FIGURES * in_words).tocoo()
        row, column, value = found.row + start, found.col + first, found.data
        keep = (value >= FLOOR) & (column > row)
        row, column, value = row[keep], column[keep], value[keep]
        reports = np.flatnonzero((value > _NAME) & self._report[row] & self._report[column])
        value[reports] = self._beyond_a_name(row[reports], column[reports], value[reports])
        gap = np.nan_to_num(np.abs(self._days[row] - self._days[column]))
        value = value * np.exp2(-np.maximum(gap - _GRACE, 0) / _HALVES).astype(np.float32)
        near = value >= _floor(value)
        return row[near], column[near], value[near]

    def _beyond_a_name(
        self, row: npt.NDArray[np.int64], column: npt.NDArray[np.int64], value: npt.NDArray[np.float32]
    ) -> npt.NDArray[np.float32]:
        """The length of what each word adds to a cosine is their sum if there is only one, and far less if many."""
        terms = self._vectors[row].multiply(self._vectors[column])
        length = np.sqrt(terms.multiply(terms).sum(axis=1))
        beyond: npt.NDArray[np.float32] = np.minimum(value, np.maximum(_NAME, _BESIDE * (value - length)))
        return beyond


def _floor(values: npt.NDArray[np.float32]) -> float:
    """FLOOR, or more where thousands of items are all alike: their weakest pairs are given up for memory's sake."""
    most = _PAIRS * _BLOCK
    return FLOOR if len(values) <= most else max(FLOOR, float(np.partition(values, -most)[-most]))
