"""How alike the items of a day are: the numbers that clustering decides on and `explain` shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse

from ..model import Item
from .cosine import FLOOR, compare
from .idf import CorpusStatistics
from .tokens import Reading, read_items
from .vocabulary import Vocabulary, count_words

_CLOSE = 0.30  # cosine from which an item is so surely about the same that its words help a short one
_NEIGHBOURS = 10
_BORROW = 0.5  # weight of what a headline takes from its neighbours; longer items take less
_HEADLINE = 12  # stems
_EVERYWHERE = 0.02  # share of the items from which a stem tells no two of them apart,
_MANY = 400  # once that are more than any story has


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """Items, their stems, and how alike they are."""

    items: tuple[Item, ...]
    vectors: sparse.csr_array  # one row an item, one column a stem, rows of length 1
    likeness: sparse.csr_array  # symmetric, ones on the diagonal, nothing below FLOOR
    vocabulary: Vocabulary


def weigh(items: Sequence[Item], background: CorpusStatistics) -> Evidence:
    """Compare every item with every other; the order of items decides the order of rows and nothing else."""
    readings = read_items(items)
    vocabulary, vectors = _vectors(readings, background)
    days = np.array([item.effective_time.timestamp() / 86400 if item.effective_time else np.nan for item in items])
    likeness = compare(vectors, figures=_are_figures(vocabulary), days=days)
    likeness = _neighbourly(likeness, sizes=np.diff(vectors.indptr))
    return Evidence(items=tuple(items), vectors=vectors, likeness=likeness, vocabulary=vocabulary)


def _vectors(readings: Sequence[Reading], background: CorpusStatistics) -> tuple[Vocabulary, sparse.csr_array]:
    """TF-IDF with sublinear counts (Salton and Buckley 1988), rows of length 1."""
    vocabulary, counts = count_words(readings)
    size = len(readings)
    vectors = sparse.csr_array(
        (counts.data, vocabulary.column_of[counts.indices], counts.indptr), shape=(size, vocabulary.columns)
    )
    vectors.sum_duplicates()
    frequency = np.bincount(vectors.indices, minlength=vocabulary.columns)
    weights = background.weights(vocabulary, frequency=frequency, items=size)
    weights[frequency > max(_MANY, _EVERYWHERE * size)] = 0
    vectors.data = ((1 + np.log(vectors.data)) * weights[vectors.indices]).astype(np.float32)
    vectors.eliminate_zeros()
    return vocabulary, _scaled(vectors)


def _scaled(vectors: sparse.csr_array) -> sparse.csr_array:
    length = np.sqrt(np.asarray(vectors.multiply(vectors).sum(axis=1))).ravel()
    vectors.data /= np.repeat(np.where(length > 0, length, 1), np.diff(vectors.indptr)).astype(np.float32)
    return vectors


def _are_figures(vocabulary: Vocabulary) -> npt.NDArray[np.bool_]:
    figures = np.zeros(vocabulary.columns, dtype=bool)
    for columns in vocabulary.stems.values():
        figures[list(columns.values())] = [not any(map(str.isalpha, stem)) for stem in columns]
    return figures


def _neighbourly(likeness: sparse.csr_array, *, sizes: np.ndarray) -> sparse.csr_array:
    """Items compared together with their nearest neighbours, the more so the fewer words they have of their own.

    Two headlines about one event may share no word, but both be near a third: document expansion from neighbours
    (Singhal and Pereira 1999, Tao et al. 2006), done on similarities, so that nothing grows dense.
    """
    whole = likeness.tocoo()
    close = (whole.data >= _CLOSE) & (whole.row != whole.col)
    rows, columns, values = whole.row[close], whole.col[close], whole.data[close]
    # By row, the most alike first, since the bits of positive numbers are ordered as they are; equal ones by column.
    order = np.argsort((rows.astype(np.int64) << 32) - values.view(np.int32), kind="stable")
    rows, columns, values = rows[order], columns[order], values[order]
    nearest = np.arange(len(rows)) - np.searchsorted(rows, rows) < _NEIGHBOURS
    rows, columns, values = rows[nearest], columns[nearest], values[nearest]
    if not len(rows):
        return likeness
    values = values * (_BORROW * np.minimum(1.0, _HEADLINE / np.maximum(sizes[rows], 1))).astype(np.float32)
    size = likeness.shape[0]
    borrowed = sparse.csr_array((values, (rows, columns)), shape=(size, size), dtype=np.float32)
    mixing = sparse.csr_array(sparse.eye_array(size, dtype=np.float32, format="csr") + borrowed)
    product = mixing @ likeness @ mixing.T.tocsr()
    length = np.sqrt(product.diagonal())
    mixed = product.tocoo()
    value = mixed.data / (length[mixed.row] * length[mixed.col])
    keep = value >= FLOOR
    return sparse.csr_array((value[keep], (mixed.row[keep], mixed.col[keep])), shape=(size, size), dtype=np.float32)
