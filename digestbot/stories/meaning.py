"""Mixes how alike items are in their words with how alike they are in meaning, where a model of meaning is at hand.

Reports of one event may share hardly a word: dock workers and longshoremen, a port strike and a Hafenstreik.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
import numpy.typing as npt
from scipy import sparse

from ..model import Item
from .cosine import FLOOR, mirrored

# The numbers were chosen on labelled news, each set's on the other sets (docs/design.md, "Meaning").
_NEIGHBOURS = 30  # whose mean distance says how close together texts lie where an item lies
_USUAL_DISTANCE = 0.18  # what that is where a day has fewer items: between news of any kind
# That is at least so much: the neighbours of a headline of a large story are all of that story, and how close they lie says
# nothing of how far the next story is. From .108 to .126 every set is grouped alike.
_LEAST_DISTANCE = 0.115
_REACH = 1.4  # times the distance to the neighbours, from which on two items have nothing in common
# Parts of the mixture. They add up to less than 1 so that the cut of clustering is right for it as it is for words alone.
_OF_WORDS = 0.54
_OF_MEANING = 0.30
# Items in two languages share no words, so that meaning alone decides: from this nearness on, and steeply.
_ACROSS_FROM = 0.36
_ACROSS_SLOPE = 2.8
_ROWS_AT_ONCE = 512  # bounds the memory

Floats = npt.NDArray[np.float32]


class Meaning(Protocol):
    """Places texts in a space in which those that mean the same lie close together, in whatever language."""

    def vectors(self, items: Sequence[Item]) -> Floats:
        """One row an item, of length 1; a row of zeros for an item that it does not place."""


def with_meaning(
    in_words: sparse.csr_array, vectors: Floats, *, languages: Sequence[str], across_languages: bool
) -> sparse.csr_array:
    """Similarities that take meaning into account; those of items without a vector stay as they are.

    Args:
        in_words: symmetric, ones on the diagonal.
        vectors: as `Meaning.vectors` gives them.
        languages: of each row.
        across_languages: whether items in two languages may be alike in meaning, too.
    """
    language = np.unique(np.asarray(languages), return_inverse=True)[1]
    is_placed = np.any(vectors, axis=1)
    words = sparse.triu(in_words, k=1, format="coo")
    is_mixed = is_placed[words.row] & is_placed[words.col] & (language[words.row] == language[words.col])
    values = np.where(is_mixed, _OF_WORDS * words.data, words.data)
    rows, columns, nearness = _near_pairs(vectors)
    is_across = language[rows] != language[columns]
    across = np.clip(_ACROSS_SLOPE * (nearness - _ACROSS_FROM), 0, 1) * across_languages
    nearness = np.where(is_across, across, _OF_MEANING * nearness)
    mixed = sparse.csr_array(
        (
            np.concatenate([values, nearness]),
            (np.concatenate([words.row, rows]), np.concatenate([words.col, columns])),
        ),
        shape=in_words.shape,
        dtype=np.float32,
    ).tocoo()
    # As low as the floor of words is in the mixture: what is weakly alike in words holds large stories together.
    near = mixed.data >= _OF_WORDS * FLOOR
    return mirrored([(mixed.row[near], mixed.col[near], mixed.data[near])], size=in_words.shape[0])


def _near_pairs(vectors: Floats) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], Floats]:
    """Rows, columns and nearness in meaning (0 to 1) of the pairs that have any, each pair once.

    A model finds all news of one field alike, so a distance is measured by how far an item is from its neighbours: the
    local scaling of Zelnik-Manor and Perona 2004, used for words across languages by Conneau et al. 2018 (CSLS).
    """
    placed = np.flatnonzero(vectors.any(axis=1))
    own = vectors[placed]
    usual = _distances_to_neighbours(own)
    found = []
    for first in range(0, len(placed), _ROWS_AT_ONCE):
        block = 1 - own[first : first + _ROWS_AT_ONCE] @ own.T
        scale = np.sqrt(np.outer(usual[first : first + _ROWS_AT_ONCE], usual))
        near = np.triu(1 - block / (_REACH * scale), k=first + 1)
        row, column = np.nonzero(near > 0)
        found.append((placed[row + first], placed[column], near[row, column].astype(np.float32)))
    if not found:
        return np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0, np.float32)
    rows, columns, nearness = (np.concatenate(parts) for parts in zip(*found, strict=True))
    return rows, columns, np.minimum(nearness, 1)


def _distances_to_neighbours(vectors: Floats) -> Floats:
    """By row, the mean distance to its nearest neighbours; as many as are missing count as usually far."""
    size = len(vectors)
    count = min(_NEIGHBOURS, max(size - 1, 0))
    total = np.full(size, (_NEIGHBOURS - count) * _USUAL_DISTANCE, dtype=np.float32)
    if count:
        for first in range(0, size, _ROWS_AT_ONCE):
            cosines = vectors[first : first + _ROWS_AT_ONCE] @ vectors.T
            rows = np.arange(len(cosines))
            cosines[rows, rows + first] = -1  # an item is no neighbour of itself
            nearest = np.partition(cosines, size - count, axis=1)[:, size - count :]
            total[first : first + _ROWS_AT_ONCE] += count - nearest.sum(axis=1)
    return np.maximum(total / _NEIGHBOURS, np.float32(_LEAST_DISTANCE))
