"""How much a word tells: what is rare in the language, and rare in what these feeds usually write."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from ..model import Item
from ..text.tokenize import is_unspaced
from .tokens import read_items, stems_of
from .vocabulary import Vocabulary

_GENERAL = 0.6  # share of the language in a word's weight, the rest is the day's and the feeds' own
_WORDS = 60  # of an item: turns frequencies of words into those of items
_RAREST = 1e-5  # share of items: below this the language tells no differences
_A_YEAR = 0.05  # share of items taken for a year: it is in news of anything
_YEAR = re.compile(r"(?:19|20)\d\d")
_PAIR = 1e-4  # share of items taken for a pair of characters, which no list of words knows


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CorpusStatistics:
    """In how many of the items collected so far each stem occurred: a narrow field's own words say little in it."""

    items: int = 0
    frequencies: Mapping[str, int] = field(default_factory=dict)

    @classmethod
    def from_items(cls, items: Sequence[Item]) -> CorpusStatistics:
        """What the stored history of the reader's feeds tells; quality grows with it."""
        counts: Counter[str] = Counter()
        for reading in read_items(items):
            counts.update(set(stems_of(reading.words, reading.language)))
        return cls(items=len(items), frequencies=counts)

    def weights(
        self, vocabulary: Vocabulary, *, frequency: npt.NDArray[np.int64], items: int
    ) -> npt.NDArray[np.float64]:
        """By column, how much a stem tells that `frequency` of the day's `items` hold; 0 for what tells nothing.

        The weighted geometric mean of two inverse document frequencies (Spärck Jones 1972): the language's, estimated
        from word frequencies, and that of the day together with the history. Each mends the other: a day of five
        items has no frequencies, and the language does not know what a field is all about.
        """
        past = np.zeros(vocabulary.columns)
        for columns in vocabulary.stems.values():
            past[list(columns.values())] = [self.frequencies.get(stem, 0) for stem in columns]
        general: npt.NDArray[np.float64] = -np.log(np.minimum(_shares(vocabulary) + _RAREST, 1))
        own: npt.NDArray[np.float64] = np.log((1 + items + self.items) / (1 + frequency + past)) + 1
        weights = np.power(general, _GENERAL) * np.power(own, 1 - _GENERAL)
        weights[0] = 0
        return weights


def _shares(vocabulary: Vocabulary) -> npt.NDArray[np.float64]:
    """By column: of the items of a language, those that hold the stem in a form that was seen, or as it is."""
    column_of = vocabulary.column_of
    usual = np.zeros(len(column_of))
    as_it_is = np.zeros(vocabulary.columns)
    shares: dict[int, float] = {}
    for language, words in vocabulary.words.items():
        frequencies, columns = _frequencies(language), vocabulary.stems[language]
        usual[list(words.values())] = [frequencies.get(word, 0.0) for word in words]
        unseen = {
            stem: column for stem, column in columns.items() if stem not in words or column_of[words[stem]] != column
        }
        as_it_is[list(unseen.values())] = [frequencies.get(stem, 0.0) for stem in unseen]
        shares.update((column, _PAIR) for stem, column in columns.items() if not stem.isascii() and is_unspaced(stem))
        shares.update(
            (column, _A_YEAR) for stem, column in columns.items() if stem[:1] in "12" and _YEAR.fullmatch(stem)
        )
    seen = np.bincount(column_of, weights=usual, minlength=vocabulary.columns)
    known: npt.NDArray[np.float64] = 1 - np.exp(-_WORDS * (seen + as_it_is))
    known[list(shares)] = list(shares.values())
    return known


@lru_cache(maxsize=8)
def _frequencies(language: str) -> Mapping[str, float]:
    import wordfreq  # noqa: PLC0415 -- a tenth of a second that only clustering needs

    try:
        frequencies: Mapping[str, float] = wordfreq.get_frequency_dict(language, wordlist="small")
    except LookupError:
        return {}
    return frequencies
