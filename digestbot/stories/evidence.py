"""How alike the items of a day are: the numbers that clustering decides on and `explain` shows."""

from __future__ import annotations

import itertools
from array import array
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse

from ..model import Item
from .background import Background, Forms
from .tokens import Reading, read_items, stem_of

FLOOR = 0.08  # cosine below which two items have nothing in common
_CLOSE = 0.30  # cosine from which an item is so surely about the same that its words help a short one
_NEIGHBOURS = 10
_BORROW = 0.5  # weight of what a headline takes from its neighbours; longer items take less
_HEADLINE = 12  # stems
_FIGURES = 4.0  # times what two items have in common in words that they may have in all
_GRACE = 4.0  # days apart that make no difference
_HALVES = 3.0  # days beyond the grace in which what two items have in common counts half
_EVERYWHERE = 0.02  # share of the items from which a stem tells no two of them apart,
_MANY = 400  # once that are more than any story has
_BLOCK = 256  # rows multiplied at a time: bounds the memory


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """Items, their stems, and how alike they are."""

    items: tuple[Item, ...]
    words: tuple[str, ...]  # by column: how the stem is most often written
    vectors: sparse.csr_array  # one row an item, one column a stem, rows of length 1
    likeness: sparse.csr_array  # symmetric, ones on the diagonal, nothing below FLOOR


def weigh(items: Sequence[Item], background: Background) -> Evidence:
    """Compare every item with every other; the order of items decides the order of rows and nothing else."""
    readings = read_items(items)
    stems, words, vectors = _vectors(readings, background)
    likeness = _neighbourly(_likeness(vectors, stems, items, readings), sizes=np.diff(vectors.indptr))
    return Evidence(items=tuple(items), words=words, vectors=vectors, likeness=likeness)


def _vectors(
    readings: Sequence[Reading], background: Background
) -> tuple[tuple[str, ...], tuple[str, ...], sparse.csr_array]:
    """TF-IDF with sublinear counts (Salton and Buckley 1988), rows of length 1; the stems, and how each is written."""
    numbers: defaultdict[str, defaultdict[str, int]] = defaultdict(defaultdict)
    count = itertools.count()
    tokens = array("l")
    starts = [0]
    for reading in readings:
        known = numbers[reading.language]
        known.default_factory = count.__next__
        tokens.extend(map(known.__getitem__, reading.words))
        starts.append(len(tokens))
    told = np.array(tokens, dtype=np.int64)
    words = sorted((number, language, word) for language, known in numbers.items() for word, number in known.items())
    columns: dict[str, int] = {"": 0}  # words that tell nothing, left out below
    stems = [stem_of(word, language) for _, language, word in words]
    column_of = np.array([columns.setdefault(stem, len(columns)) for stem in stems] or [0])
    size = len(starts) - 1
    vectors = sparse.csr_array(
        (np.ones(len(told), dtype=np.float32), column_of[told].astype(np.int32), starts), shape=(size, len(columns))
    )
    vectors.sum_duplicates()
    frequency = np.bincount(vectors.indices, minlength=len(columns))
    forms = _forms(words, stems, np.bincount(told, minlength=len(words)))
    places = np.array([columns[form.stem] for form in forms], dtype=np.int64)
    weights = np.zeros(len(columns))
    weights[places] = background.weights(forms, frequency=frequency[places], items=size)
    weights[frequency > max(_MANY, _EVERYWHERE * size)] = 0
    vectors.data = (1 + np.log(vectors.data)) * weights[vectors.indices]
    vectors.eliminate_zeros()
    names = list(columns)
    for place, form in zip(places, forms, strict=True):
        names[place] = form.written[0]
    return tuple(columns), tuple(names), _scaled(vectors.astype(np.float32))


def _forms(words: Iterable[tuple[int, str, str]], stems: Iterable[str], counts: npt.NDArray[np.int64]) -> list[Forms]:
    """What has the same stem in the same language."""
    found: defaultdict[tuple[str, str], list[tuple[int, str]]] = defaultdict(list)
    for (_, language, word), stem, count in zip(words, stems, counts.tolist(), strict=True):
        if stem:
            found[language, stem].append((-count, word))
    return [Forms(*key, [word for _, word in sorted(written)]) for key, written in found.items()]


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
    figures = np.array([not any(map(str.isalpha, stem)) for stem in stems])
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
    whole = likeness.tocoo()
    close = (whole.data >= _CLOSE) & (whole.row != whole.col)
    rows, columns, values = whole.row[close], whole.col[close], whole.data[close]
    order = np.lexsort((columns, -values, rows))  # equal ones by column: the choice must not hang on how a sort works
    rows, columns, values = rows[order], columns[order], values[order]
    nearest = np.arange(len(rows)) - np.searchsorted(rows, rows) < _NEIGHBOURS
    rows, columns, values = rows[nearest], columns[nearest], values[nearest]
    if not len(rows):
        return likeness
    values = values * (_BORROW * np.minimum(1.0, _HEADLINE / np.maximum(sizes[rows], 1))).astype(np.float32)
    size = likeness.shape[0]
    borrowed = sparse.csr_array((values, (rows, columns)), shape=(size, size), dtype=np.float32)
    mixing = sparse.csr_array(sparse.eye_array(size, dtype=np.float32, format="csr") + borrowed)
    mixed = (mixing @ likeness @ mixing.T.tocsr()).tocoo()
    length = np.sqrt(mixed.tocsr().diagonal())
    value = mixed.data / (length[mixed.row] * length[mixed.col])
    keep = value >= FLOOR
    return sparse.csr_array((value[keep], (mixed.row[keep], mixed.col[keep])), shape=(size, size), dtype=np.float32)
