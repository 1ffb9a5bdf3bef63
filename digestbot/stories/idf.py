"""Word weights: how rare a word is in its language, and how rare in what these feeds usually write."""

from __future__ import annotations

import gzip
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

import msgpack
import numpy as np
import numpy.typing as npt

from ..model import Item
from ..text.tokenize import is_unspaced
from .vocabulary import Vocabulary
from .word_counts import WordCounts, prints_of

# With a stronger share of the language F1 changes by no more than .01, mostly downwards (docs/design.md).
_LANGUAGE_SHARE = 0.6  # of the language in a word's weight; the rest comes from the day and the feeds' history
# About what a title and the TEXT_CHARACTERS of a text hold.
_WORDS_PER_ITEM = 60  # turns frequencies of words into frequencies of items
# The small lists end at a word in a million. Rarer ones are close to _MIN_FREQUENCY anyway, and the large lists take longer to load.
_LIST = "small"
_MIN_FREQUENCY = 1e-5  # lower bound for document frequency: lists of words are noise below it
_YEAR_FREQUENCY = 0.05  # assumed share of items that name a year: news of any kind does
_YEAR = re.compile(r"(?:19|20)\d\d")
_PAIR_FREQUENCY = 1e-4  # assumed share of items that hold a pair of Han or Kana characters: no word list has them


@dataclass(frozen=True, slots=True, kw_only=True)
class CorpusStatistics:
    """In how many of the stored items each stem occurs: in feeds about chips, the word "chip" says little.

    The default, without any item, leaves word weights to the language and the day.
    """

    counted: tuple[WordCounts, ...] = ()  # in no order; each of other items

    @classmethod
    def from_items(cls, items: Sequence[Item]) -> CorpusStatistics:
        """Count the stored history of the reader's feeds; the more items, the better the weights."""
        return cls(counted=(WordCounts.of_items(items),) if items else ())

    @property
    def items(self) -> int:
        """How many were counted."""
        return sum(counted.items for counted in self.counted)

    def holding(self, stems: Sequence[str]) -> npt.NDArray[np.int64]:
        """How many of the items hold each of these stems."""
        found = np.zeros(len(stems), dtype=np.int64)
        if self.counted:
            prints = prints_of(stems)
            order = np.argsort(prints)
            for counted in self.counted:
                found[order] += counted.of_prints(prints[order])
        return found

    def weights(
        self, vocabulary: Vocabulary, *, frequency: npt.NDArray[np.int64], items: int
    ) -> npt.NDArray[np.float64]:
        """By column, the weight of a stem that `frequency` of the day's `items` hold; 0 for stop words.

        The weighted geometric mean of two inverse document frequencies (Spärck Jones 1972): the language's, estimated
        from word frequencies, and that of the day together with the history. Each makes up for the other: a day of five
        items has no reliable frequencies, and the language does not know what is common in a field.
        """
        past = np.zeros(vocabulary.columns)
        for columns in vocabulary.stems.values():
            past[list(columns.values())] = self.holding(list(columns))
        general: npt.NDArray[np.float64] = -np.log(np.minimum(_shares(vocabulary) + _MIN_FREQUENCY, 1))
        # The 1 that is added leaves a weight to stems that every item holds: a small day may be one story.
        own: npt.NDArray[np.float64] = np.log((1 + items + self.items) / (1 + frequency + past)) + 1
        weights = np.power(general, _LANGUAGE_SHARE) * np.power(own, 1 - _LANGUAGE_SHARE)
        weights[0] = 0
        return weights


def _shares(vocabulary: Vocabulary) -> npt.NDArray[np.float64]:
    """By column: the share of a language's items that are expected to hold the stem, in a form seen today or as it is."""
    column_of = vocabulary.column_of
    columns_of_words = column_of.tolist()
    usual = np.zeros(len(column_of))
    as_it_is = np.zeros(vocabulary.columns)
    shares: dict[int, float] = {}
    for language, words in vocabulary.words.items():
        frequencies, columns = _frequencies(language), vocabulary.stems[language]
        usual[list(words.values())] = [frequencies.get(word, 0.0) for word in words]
        unseen = {
            stem: column
            for stem, column in columns.items()
            if stem not in words or columns_of_words[words[stem]] != column
        }
        as_it_is[list(unseen.values())] = [frequencies.get(stem, 0.0) for stem in unseen]
        shares.update(
            (column, _PAIR_FREQUENCY) for stem, column in columns.items() if not stem.isascii() and is_unspaced(stem)
        )
        shares.update(
            (column, _YEAR_FREQUENCY) for stem, column in columns.items() if stem[:1] in "12" and _YEAR.fullmatch(stem)
        )
    seen = np.bincount(column_of, weights=usual, minlength=vocabulary.columns)
    # The chance that an item of so many words holds the word at all, if words fell independently (Poisson).
    known: npt.NDArray[np.float64] = 1 - np.exp(-_WORDS_PER_ITEM * (seen + as_it_is))
    known[list(shares)] = list(shares.values())
    return known


def _listed(language: str) -> Mapping[str, float]:
    """A list of wordfreq's, read without its code; empty where there is none of exactly this name and form.

    The form is "cBpack": MessagePack, a header and then the words of 0, -1, -2, ... centibels (wordfreq.read_cBpack).
    """
    package = find_spec("wordfreq")
    if package is None or package.origin is None or not language.isalpha():
        return {}
    file = Path(package.origin).parent / "data" / f"{_LIST}_{language}.msgpack.gz"
    if not file.is_file():
        return {}
    header, *words = msgpack.unpackb(gzip.decompress(file.read_bytes()), raw=False)
    if header != {"format": "cB", "version": 1}:
        return {}
    listed: dict[str, float] = {}
    for at, alike in enumerate(words):
        frequency = 10 ** (-at / 100)
        for word in alike:  # `fromkeys` would make a dictionary of each, which takes longer
            listed[word] = frequency
    return listed


@lru_cache(maxsize=8)
def _frequencies(language: str) -> Mapping[str, float]:
    if frequencies := _listed(language):
        return frequencies
    import wordfreq  # noqa: PLC0415 -- a tenth of a second, and the code that splits texts into words, which is not ours

    try:
        frequencies = wordfreq.get_frequency_dict(language, wordlist=_LIST)
    # No list of this language: the day and the history decide alone.
    except LookupError:
        return {}
    return frequencies
