"""The words of a day, numbered, so that their weights can be computed on arrays."""

from __future__ import annotations

import itertools
from array import array
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse

from .tokens import TITLE_COUNT, TokenisedItem, stems_in

Numbers = npt.NDArray[np.int32]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Vocabulary:
    """Words and their stems by language, since a word of one is never a word of another."""

    words: Mapping[str, Mapping[str, int]]  # by language: each word's number
    stems: Mapping[str, Mapping[str, int]]  # by language: each stem's column, 0 for stop words
    column_of: Numbers  # by a word's number

    @property
    def columns(self) -> int:
        """How many stems there are, with the empty one."""
        return 1 + sum(len(columns) - 1 for columns in self.stems.values())

    def written(self, column: int) -> str:
        """A word that has this stem, the shortest of them."""
        return min(
            (
                word
                for words in self.words.values()
                for word, number in words.items()
                if self.column_of[number] == column
            ),
            key=lambda word: (len(word), word),
        )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class NumberedItems:
    """The words of a day's items as numbers, in the order in which they are read: those of a title, then of its text."""

    vocabulary: Vocabulary
    languages: tuple[str, ...]  # by row
    words: Numbers  # of all rows, one row after the other
    rows: Numbers  # by position in `words`
    in_title: npt.NDArray[np.bool_]  # by position in `words`
    labels: Mapping[int, Numbers]  # by row, where there are any: the words that its outlet writes into many titles

    def counts(self) -> sparse.csr_array:
        """How often each item has each stem, in its title TITLE_COUNT times: a row an item, a column a stem."""
        times = np.where(self.in_title, np.float32(TITLE_COUNT), np.float32(1))
        return self._by_stem(times, self.rows, self.vocabulary.column_of[self.words])

    def title_stems(self, *, without: npt.NDArray[np.bool_]) -> sparse.csr_array:
        """A one for each stem of an item's title that is no stop word, no label and, by column, not `without`."""
        rows, words = self.rows[self.in_title], self.words[self.in_title]
        columns = self.vocabulary.column_of[words]
        told = (columns > 0) & ~without[columns]
        for row, labels in self.labels.items():
            own = slice(*np.searchsorted(rows, [row, row + 1]))
            told[own] &= ~np.isin(words[own], labels)
        found = self._by_stem(np.ones(int(told.sum()), dtype=np.float32), rows[told], columns[told])
        found.data[:] = 1
        return found

    def _by_stem(self, values: npt.NDArray[np.float32], rows: Numbers, columns: Numbers) -> sparse.csr_array:
        shape = (len(self.languages), self.vocabulary.columns)
        starts = np.searchsorted(rows, np.arange(shape[0] + 1)).astype(np.int32)
        found = sparse.csr_array((values, columns, starts), shape=shape)
        found.sum_duplicates()
        return found


def number_words(tokenised: Iterable[TokenisedItem]) -> NumberedItems:
    """The words of these items by number; the items may come one by one, their words are not kept."""
    numbers: defaultdict[str, defaultdict[str, int]] = defaultdict(defaultdict)
    count = itertools.count()
    words, sizes, title_sizes = array("i"), array("i"), array("i")
    languages: list[str] = []
    labels: dict[int, Numbers] = {}
    for row, item in enumerate(tokenised):
        known = numbers[item.language]
        # A new word takes the next number as it is looked up: no Python code runs for each word.
        known.default_factory = count.__next__
        words.extend(map(known.__getitem__, item.words))
        sizes.append(len(item.words))
        title_sizes.append(item.title_words)
        languages.append(item.language)
        if item.labels:
            labels[row] = np.array([known[word] for word in item.labels], dtype=np.int32)
    size = np.array(sizes, dtype=np.int32)
    rows = np.repeat(np.arange(len(size), dtype=np.int32), size)
    places = np.arange(len(rows), dtype=np.int32) - np.repeat(np.cumsum(size, dtype=np.int32) - size, size)
    return NumberedItems(
        vocabulary=_stemmed(numbers, size=next(count)),
        languages=tuple(languages),
        words=np.array(words, dtype=np.int32),
        rows=rows,
        in_title=places < np.array(title_sizes, dtype=np.int32)[rows],
        labels=labels,
    )


def _stemmed(words: Mapping[str, defaultdict[str, int]], *, size: int) -> Vocabulary:
    stems: dict[str, Mapping[str, int]] = {}
    column_of = np.zeros(size, dtype=np.int32)
    # Column 0 is kept for the empty stem, which every stop word has: one weight of 0 then takes all of them out.
    count = itertools.count(1)
    for language, known in words.items():
        known.default_factory = None
        columns = defaultdict(count.__next__, {"": 0})
        column_of[list(known.values())] = [columns[stem] for stem in stems_in(list(known), language)]
        columns.default_factory = None
        stems[language] = columns
    return Vocabulary(words=words, stems=stems, column_of=column_of)
