"""How similar the items of a day are: the numbers that clustering decides on and `explain` shows."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse

from ..model import Item
from .cosine import FLOOR, Triples, mirrored, pairwise_cosines, side_by_side
from .idf import CorpusStatistics
from .meaning import Meaning, with_meaning
from .named_figures import without_named
from .title_support import without_unsaid
from .tokens import tokenise_items
from .vocabulary import NumberedItems, Vocabulary, number_words

# Document expansion: an item takes on words of its nearest neighbours, if they are at least this similar to it. Borrowing
# from more or from less similar neighbours gained nothing (docs/design.md).
_MIN_NEIGHBOUR_SIMILARITY = 0.30
_NEIGHBOURS = 10
_BORROWED_WEIGHT = 0.5  # of the neighbours' words in a headline; in longer items less
_HEADLINE_STEMS = 12  # an item of so few stems borrows at full weight
# A stem in more than this share of the items distinguishes none of them. Only once those are more items than any story
# has, or the main story of a small day would lose its own words.
_COMMON_SHARE = 0.02
_MIN_COMMON_ITEMS = 400
_ROWS_AT_ONCE = 512  # bounds the memory
_VERSION = re.compile(r"v\d+(?:\.\d+)+[a-z]*\d*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """Items, their stems, and how similar they are."""

    items: tuple[Item, ...]
    vectors: sparse.csr_array  # one row an item, one column a stem, rows of length 1
    similarity: sparse.csr_array  # symmetric, ones on the diagonal, nothing below FLOOR
    in_words: sparse.csr_array  # the same by their words alone: `similarity`, where no model of meaning was asked
    vocabulary: Vocabulary
    languages: tuple[str, ...]  # by row


def compare_items(
    items: Sequence[Item],
    background: CorpusStatistics,
    *,
    meaning: Meaning | None = None,
    across_languages: bool = False,
    numbered: NumberedItems | None = None,
) -> Evidence:
    """Compare every item with every other; the order of items decides the order of rows and nothing else.

    Args:
        items: what is compared.
        background: for the weights of words.
        meaning: a model to be asked, too; None for words alone.
        across_languages: whether items in two languages may be alike in meaning.
        numbered: their words, where they have been read already.
    """
    numbered = numbered or number_words(tokenise_items(items))
    vocabulary, languages = numbered.vocabulary, numbered.languages
    vectors = weighted_vectors(numbered, background)
    _forget_labels(vectors, numbered)
    figures = are_figures(vocabulary)
    vectors = without_named(vectors, numbered, figures=figures)
    titles = numbered.title_stems(without=figures)
    del numbered  # the words of a day are needed no longer, and what follows takes the most memory
    days = np.array([item.effective_time.timestamp() / 86400 if item.effective_time else np.nan for item in items])
    similarity = pairwise_cosines(vectors, figures=figures, days=days)
    similarity = without_unsaid(
        similarity, titles=titles, vectors=vectors, has_text=np.array([bool(item.text) for item in items])
    )
    in_words = similarity = _with_neighbours(similarity, sizes=np.diff(vectors.indptr))
    if meaning is not None:
        similarity = with_meaning(
            in_words,
            meaning.vectors(items),
            languages=languages,
            across_languages=across_languages,
        )
    return Evidence(
        items=tuple(items),
        vectors=vectors,
        similarity=similarity,
        in_words=in_words,
        vocabulary=vocabulary,
        languages=languages,
    )


def weighted_vectors(numbered: NumberedItems, background: CorpusStatistics) -> sparse.csr_array:
    """TF-IDF with sublinear counts (Salton and Buckley 1988), rows of length 1."""
    vectors = numbered.counts()
    size, columns = vectors.shape
    frequency = np.bincount(vectors.indices, minlength=columns)
    weights = background.weights(numbered.vocabulary, frequency=frequency, items=size)
    weights[frequency > max(_MIN_COMMON_ITEMS, _COMMON_SHARE * size)] = 0
    vectors.data = ((1 + np.log(vectors.data)) * weights[vectors.indices]).astype(np.float32)
    vectors.eliminate_zeros()
    return _scaled(vectors)


def _forget_labels(vectors: sparse.csr_array, numbered: NumberedItems) -> None:
    """Set what an outlet's labels weigh to 0. The other words weigh as before: they alone are no more of the item for it."""
    for row, labels in numbered.labels.items():
        own = slice(vectors.indptr[row], vectors.indptr[row + 1])
        vectors.data[own][np.isin(vectors.indices[own], numbered.vocabulary.column_of[labels])] = 0
    vectors.eliminate_zeros()


def _scaled(vectors: sparse.csr_array) -> sparse.csr_array:
    length = np.sqrt(np.asarray(vectors.multiply(vectors).sum(axis=1))).ravel()
    vectors.data /= np.repeat(np.where(length > 0, length, 1), np.diff(vectors.indptr)).astype(np.float32)
    return vectors


def are_figures(vocabulary: Vocabulary) -> npt.NDArray[np.bool_]:
    """By column, whether the stem is a number."""
    figures = np.zeros(vocabulary.columns, dtype=bool)
    for columns in vocabulary.stems.values():
        # One letter is enough to be no figure: `5g` and `g7` are names. A version is one: every project has its `v1.0.0`.
        figures[list(columns.values())] = [
            not stem.isalpha() and (not any(map(str.isalpha, stem)) or _VERSION.fullmatch(stem) is not None)
            for stem in columns
        ]
    return figures


def _with_neighbours(similarity: sparse.csr_array, *, sizes: np.ndarray) -> sparse.csr_array:
    """Similarities between items that each take on some of their nearest neighbours' words; short items take most.

    Two headlines about one event may share no word, but both be near a third: document expansion from neighbours
    (Singhal and Pereira 1999, Tao et al. 2006), done on similarities, so that the matrix stays sparse.
    """
    whole = similarity.tocoo()
    close = (whole.data >= _MIN_NEIGHBOUR_SIMILARITY) & (whole.row != whole.col)
    rows, columns, values = whole.row[close], whole.col[close], whole.data[close]
    # One sort key a pair: by row, the most similar first, equal ones by column. It works because the bits of positive
    # floats, read as integers, are in the order of the floats.
    order = np.argsort((rows.astype(np.int64) << 32) - values.view(np.int32), kind="stable")
    rows, columns, values = rows[order], columns[order], values[order]
    starts = np.searchsorted(rows, np.arange(similarity.shape[0]))
    nearest = np.arange(len(rows)) - starts[rows] < _NEIGHBOURS
    rows, columns, values = rows[nearest], columns[nearest], values[nearest]
    if not len(rows):
        return similarity
    values = values * (_BORROWED_WEIGHT * np.minimum(1.0, _HEADLINE_STEMS / np.maximum(sizes[rows], 1))).astype(
        np.float32
    )
    size = similarity.shape[0]
    borrowed = sparse.csr_array((values, (rows, columns)), shape=(size, size), dtype=np.float32)
    mixing = sparse.csr_array(sparse.eye_array(size, dtype=np.float32, format="csr") + borrowed)
    back = mixing.T.tocsr()

    def products(start: int) -> tuple[Triples, npt.NDArray[np.float32]]:
        block = mixing[start : start + _ROWS_AT_ONCE]
        half = block @ similarity
        length: npt.NDArray[np.float32] = np.sqrt(half.multiply(block).sum(axis=1))
        product = (half @ back).tocoo()
        row, column, value = product.row + np.int32(start), product.col, product.data
        # No item gets shorter by what it takes on, so a smaller product is no cosine that counts.
        keep = (value >= FLOOR) & (column > row)
        return (row[keep], column[keep], value[keep]), length

    found = side_by_side(products, range(0, size, _ROWS_AT_ONCE))
    length = np.concatenate([lengths for _, lengths in found])

    def scaled(triples: Triples) -> Triples:
        row, column, value = triples
        value = value / (length[row] * length[column])
        keep = value >= FLOOR
        return row[keep], column[keep], value[keep]

    return mirrored([scaled(triples) for triples, _ in found], size=size)
