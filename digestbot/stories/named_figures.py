"""Numbers that belong to a name: after "S&P", "500" says nothing that "S&P" has not said."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy import sparse

from .vocabulary import NumberedItems


def without_named(
    vectors: sparse.csr_array, numbered: NumberedItems, *, figures: npt.NDArray[np.bool_]
) -> sparse.csr_array:
    """The vectors without numbers that every item has right after the same word: the names of an index, a make, a series.

    A name in two words counts like two names otherwise, and all items about one index like one event.

    Args:
        vectors: one row an item, one column a stem; a word that weighs nothing takes no number away.
        numbered: the same items.
        figures: by column, whether its stem is a number.
    """
    columns, rows, size = numbered.vocabulary.column_of[numbered.words], numbered.rows, vectors.shape[1]
    is_figure = figures[columns]
    follows = (rows[1:] == rows[:-1]) & (numbered.in_title[1:] == numbered.in_title[:-1])
    at = 1 + np.flatnonzero(is_figure[1:] & ~is_figure[:-1] & (columns[:-1] > 0) & follows)
    pairs, pair = np.unique(columns[at - 1].astype(np.int64) * size + columns[at], return_inverse=True)
    together = np.bincount(np.unique(pair * len(numbered.languages) + rows[at]) // len(numbered.languages))
    word, figure = np.divmod(pairs, size)
    holding = np.bincount(vectors.indices, minlength=size)
    # Of a single item nobody knows. From three quarters of the items on, labelled sets are grouped alike (docs/design.md).
    is_named = (holding[word] > 0) & (together > 1) & (together >= holding[figure])
    if not is_named.any():
        return vectors
    left = vectors.copy()
    left.data[np.isin(left.indices, figure[is_named])] = 0
    left.eliminate_zeros()
    return left
