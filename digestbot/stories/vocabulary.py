"""The words of a day, numbered, so that their weights can be computed on arrays."""

from __future__ import annotations

import itertools
from array import array
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse

from .tokens import TokenisedItem, stem_of


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Vocabulary:
    """Words and their stems by language, since a word of one is never a word of another."""

    words: Mapping[str, Mapping[str, int]]  # by language: each word's number
    stems: Mapping[str, Mapping[str, int]]  # by language: each stem's column, 0 for stop words
    column_of: npt.NDArray[np.int32]  # by a word's number

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


def count_words(tokenised: Sequence[TokenisedItem]) -> tuple[Vocabulary, sparse.csr_array]:
    """The vocabulary of these items, and how often each has each word: a row an item, a column a word."""
    numbers: defaultdict[str, defaultdict[str, int]] = defaultdict(defaultdict)
    count = itertools.count()
    tokens, starts = array("i"), [0]
    for item in tokenised:
        known = numbers[item.language]
        # A new word takes the next number as it is looked up: no Python code runs for each word.
        known.default_factory = count.__next__
        tokens.extend(map(known.__getitem__, item.words))
        starts.append(len(tokens))
    vocabulary = _stemmed(numbers, size=next(count))
    columns = np.array(tokens, dtype=np.int32)
    shape = (len(tokenised), len(vocabulary.column_of))
    counts = sparse.csr_array((np.ones(len(columns), dtype=np.float32), columns, starts), shape=shape)
    return vocabulary, counts


def _stemmed(words: Mapping[str, Mapping[str, int]], *, size: int) -> Vocabulary:
    stems: dict[str, Mapping[str, int]] = {}
    column_of = np.zeros(size, dtype=np.int32)
    # Column 0 is kept for the empty stem, which every stop word has: one weight of 0 then takes all of them out.
    count = itertools.count(1)
    for language, known in words.items():
        columns = defaultdict(count.__next__, {"": 0})
        column_of[list(known.values())] = [columns[stem_of(word, language)] for word in known]
        stems[language] = columns
    return Vocabulary(words=words, stems=stems, column_of=column_of)
