"""The words of a day, numbered, so that weighing them is arithmetic on arrays."""

from __future__ import annotations

import itertools
from array import array
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse

from .tokens import Reading, stem_of


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Vocabulary:
    """Words and their stems by language, since a word of one is never a word of another."""

    words: Mapping[str, Mapping[str, int]]  # by language: each word's number
    stems: Mapping[str, Mapping[str, int]]  # by language: each stem's column, 0 for what tells nothing
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


def count_words(readings: Sequence[Reading]) -> tuple[Vocabulary, sparse.csr_array]:
    """The vocabulary of these readings, and how often each has each word: a row a reading, a column a word."""
    numbers: defaultdict[str, defaultdict[str, int]] = defaultdict(defaultdict)
    count = itertools.count()
    tokens, starts = array("i"), [0]
    for reading in readings:
        known = numbers[reading.language]
        known.default_factory = count.__next__
        tokens.extend(map(known.__getitem__, reading.words))
        starts.append(len(tokens))
    vocabulary = _stemmed(numbers, size=next(count))
    told = np.array(tokens, dtype=np.int32)
    shape = (len(readings), len(vocabulary.column_of))
    counts = sparse.csr_array((np.ones(len(told), dtype=np.float32), told, starts), shape=shape)
    return vocabulary, counts


def _stemmed(words: Mapping[str, Mapping[str, int]], *, size: int) -> Vocabulary:
    stems: dict[str, Mapping[str, int]] = {}
    column_of = np.zeros(size, dtype=np.int32)
    count = itertools.count(1)
    for language, known in words.items():
        columns = defaultdict(count.__next__, {"": 0})
        column_of[list(known.values())] = [columns[stem_of(word, language)] for word in known]
        stems[language] = columns
    return Vocabulary(words=words, stems=stems, column_of=column_of)
