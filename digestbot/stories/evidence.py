"""How alike the items of a day are: the numbers that clustering decides on and `explain` shows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from ..model import Item
from .background import Background
from .tokens import Reading, read_items

FLOOR = 0.08  # cosine below which two items have nothing in common
_CLOSE = 0.30  # cosine from which an item is so surely about the same that its words help a short one
_NEIGHBOURS = 10
_BORROW = 0.5  # weight of what a headline takes from its neighbours; longer items take less
_HEADLINE = 12  # stems
_FIGURES = 4.0  # times what two items have in common in words that they may have in all
_GRACE = 4.0  # days apart that make no difference
_HALVES = 3.0  # days beyond the grace in which what two items have in common counts half
_EVERYWHERE = 0.05  # share of the items from which a stem tells no two of them apart,
_MANY = 400  # once that are more than any story has
_BLOCK = 1024  # rows multiplied at a time: bounds the memory


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """Items, their stems, and how alike they are."""

    items: tuple[Item, ...]
    readings: tuple[Reading, ...]
    stems: tuple[str, ...]
    vectors: sparse.csr_array  # one row an item, one column a stem, rows of length 1
    likeness: sparse.csr_array  # symmetric, ones on the diagonal, nothing below FLOOR


def weigh(items: Sequence[Item], background: Background) -> Evidence:
    """Compare every item with every other; the order of items decides the order of rows and nothing else."""
    readings = read_items(items)
    stems, vectors = _vectors(readings, background)
    likeness = _neighbourly(_likeness(vectors, stems, items, readings), sizes=np.diff(vectors.indptr))
    return Evidence(items=tuple(items), readings=readings, stems=stems, vectors=vectors, likeness=likeness)


def _vectors(readings: Sequence[Reading], background: Background) -> tuple[tuple[str, ...], sparse.csr_array]:
    """TF-IDF with sublinear counts (Salton and Buckley 1988), rows of length 1."""
    columns: defaultdict[str, int] = defaultdict()
    columns.default_factory = columns.__len__
    indices: list[int] = []
    data: list[float] = []
    starts = [0]
    written: defaultdict[str, set[tuple[str, str]]] = defaultdict(set)
    for reading in readings:
        indices.extend(map(columns.__getitem__, reading.weights))
        data.extend(reading.weights.values())
        starts.append(len(indices))
        written[reading.language].update(reading.words.items())
    shape = (len(readings), max(len(columns), 1))
    frequency = np.bincount(np.asarray(indices, dtype=np.int32), minlength=shape[1])
    weights = np.ones(shape[1])
    for language in sorted(written, reverse=True):
        forms: defaultdict[str, list[str]] = defaultdict(list)
        for stem, form in written[language]:
            forms[stem].append(form)
        for stem, each in forms.items():
            column = columns[stem]
            weights[column] = background.weight(
                stem, each, language, items=len(readings), frequency=int(frequency[column])
            )
    weights[frequency > max(_MANY, _EVERYWHERE * len(readings))] = 0
    vectors = sparse.csr_array(
        (np.asarray(data, dtype=np.float32) * weights[indices].astype(np.float32), indices, starts), shape=shape
    )
    vectors.eliminate_zeros()
    return tuple(columns), _scaled(vectors)


def _scaled(vectors: sparse.csr_array) -> sparse.csr_array:
    length = np.sqrt(np.asarray(vectors.multiply(vectors).sum(axis=1))).ravel()
    vectors.data /= np.repeat(np.where(length > 0, length, 1), np.diff(vectors.indptr)).astype(np.float32)
    return vectors


def _likeness(
    vectors: sparse.csr_array, stems: Sequence[str], items: Sequence[Item], readings: Sequence[Reading]
) -> sparse.csr_array:
    """Cosines at or above FLOOR between items of one language, less for those that are days apart.

    Figures count for no more than words do: they tell this quake from last year's, but not what happened.
    """
    size = vectors.shape[0]
    languages = np.unique([reading.language for reading in readings], return_inverse=True)[1]
    days = np.array([item.moment.timestamp() / 86400 if item.moment else np.nan for item in items])
    turned = vectors.T.tocsr()
    figures = np.array([not any(map(str.isalpha, stem)) for stem in stems] or [False])
    numbers = vectors * figures
    counted = numbers.T.tocsr()
    blocks = []
    for start in range(0, size, _BLOCK):
        alike = vectors[start : start + _BLOCK] @ turned
        alike.data[alike.data < FLOOR] = 0
        alike.eliminate_zeros()
        in_words = alike - numbers[start : start + _BLOCK] @ counted
        block = alike.minimum(_FIGURES * in_words).tocoo()
        row, column, value = block.row, block.col, block.data
        keep = (value >= FLOOR) & (languages[row + start] == languages[column]) & (column != row + start)
        row, column, value = row[keep], column[keep], value[keep]
        gap = np.nan_to_num(np.abs(days[row + start] - days[column]))
        value = value * np.exp2(-np.maximum(gap - _GRACE, 0) / _HALVES).astype(np.float32)
        near = value >= FLOOR
        blocks.append(
            sparse.csr_array((value[near], (row[near], column[near])), shape=(block.shape[0], size), dtype=np.float32)
        )
    return sparse.csr_array(
        sparse.vstack(blocks, format="csr") + sparse.eye_array(size, dtype=np.float32, format="csr")
    )


def _neighbourly(likeness: sparse.csr_array, *, sizes: np.ndarray) -> sparse.csr_array:
    """Items compared together with their nearest neighbours, the more so the fewer words they have of their own.

    Two headlines about one event may share no word, but both be near a third: document expansion from neighbours
    (Singhal and Pereira 1999, Tao et al. 2006), done on similarities, so that nothing grows dense.
    """
    rows, columns, values = [], [], []
    starts = likeness.indptr
    for row in np.flatnonzero(np.diff(starts) > 1):
        column = likeness.indices[starts[row] : starts[row + 1]]
        value = likeness.data[starts[row] : starts[row + 1]]
        close = np.flatnonzero((value >= _CLOSE) & (column != row))
        if len(close):
            # Equal ones by column: the choice must not hang on how a sort treats them.
            best = close[np.lexsort((column[close], -value[close]))[:_NEIGHBOURS]]
            rows.append(np.full(len(best), row))
            columns.append(column[best])
            values.append(value[best] * _BORROW * min(1.0, _HEADLINE / max(int(sizes[row]), 1)))
    if not rows:
        return likeness
    size = likeness.shape[0]
    borrowed = sparse.csr_array(
        (np.concatenate(values), (np.concatenate(rows), np.concatenate(columns))), shape=(size, size), dtype=np.float32
    )
    mixing = sparse.csr_array(sparse.eye_array(size, dtype=np.float32, format="csr") + borrowed)
    mixed = (mixing @ likeness @ mixing.T.tocsr()).tocoo()
    length = np.sqrt(mixed.tocsr().diagonal())
    value = mixed.data / (length[mixed.row] * length[mixed.col])
    keep = value >= FLOOR
    return sparse.csr_array((value[keep], (mixed.row[keep], mixed.col[keep])), shape=(size, size), dtype=np.float32)
