"""How much a word tells: what is rare in the language, and rare in what these feeds usually write."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from ..model import Item
from ..words import is_unspaced
from .tokens import read_items, stems_of

_GENERAL = 0.6  # share of the language in a word's weight, the rest is the day's and the feeds' own
_WORDS = 60  # of an item: turns frequencies of words into those of items
_RAREST = 1e-5  # share of items: below this the language tells no differences
_A_YEAR = 0.05  # share of items taken for a year: it is in news of anything
_YEAR = re.compile(r"(?:19|20)\d\d")
_PAIR = 1e-4  # share of items taken for a pair of characters, which no list of words knows


class Forms(NamedTuple):
    """A stem and the words that have it."""

    language: str
    stem: str
    written: list[str]  # the most frequent first


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Background:
    """In how many of the items collected so far each stem occurred: a narrow field's own words say little in it."""

    items: int = 0
    frequencies: Mapping[str, int] = field(default_factory=dict)

    @classmethod
    def learn(cls, items: Sequence[Item]) -> Background:
        """What the stored history of the reader's feeds tells; quality grows with it."""
        counts: Counter[str] = Counter()
        for reading in read_items(items):
            counts.update(set(stems_of(reading.words, reading.language)))
        return cls(items=len(items), frequencies=counts)

    def weights(
        self, words: Sequence[Forms], *, frequency: npt.NDArray[np.int64], items: int
    ) -> npt.NDArray[np.float64]:
        """How much each of `words` tells that `frequency` of the day's `items` hold.

        The weighted geometric mean of two inverse document frequencies (Spärck Jones 1972): the language's, estimated
        from word frequencies, and that of the day together with the history. Each mends the other: a day of five
        items has no frequencies, and the language does not know what a field is all about.
        """
        shares = np.array([_share(word) for word in words], dtype=np.float64)
        past = np.array([self.frequencies.get(word.stem, 0) for word in words], dtype=np.float64)
        general: npt.NDArray[np.float64] = np.log(1 / (shares + _RAREST))
        own: npt.NDArray[np.float64] = np.log((1 + items + self.items) / (1 + frequency + past)) + 1
        return np.power(general, _GENERAL) * np.power(own, 1 - _GENERAL)


def _share(word: Forms) -> float:
    """Of the items of a language, those that hold the stem in a form that was seen, or as it is."""
    stem = word.stem
    if not stem.isascii() and is_unspaced(stem):
        return _PAIR
    if stem[0] in "12" and _YEAR.fullmatch(stem):
        return _A_YEAR
    known = _frequencies(word.language)
    return 1 - math.exp(-_WORDS * math.fsum([known.get(form, 0.0) for form in {stem, *word.written}]))


@lru_cache(maxsize=8)
def _frequencies(language: str) -> Mapping[str, float]:
    import wordfreq  # noqa: PLC0415 -- a tenth of a second that only clustering needs

    try:
        frequencies: Mapping[str, float] = wordfreq.get_frequency_dict(language, wordlist="small")
    except LookupError:
        return {}
    return frequencies
