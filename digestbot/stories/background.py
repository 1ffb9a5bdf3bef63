"""How much a word tells: what is rare in the language, and rare in what these feeds usually write."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from ..model import Item
from ..words import is_unspaced
from .tokens import read_items

_GENERAL = 0.6  # share of the language in a word's weight, the rest is the day's and the feeds' own
_WORDS = 60  # of an item: turns frequencies of words into those of items
_RAREST = 1e-5  # share of items: below this the language tells no differences
_A_YEAR = 0.05  # share of items taken for a year: it is in news of anything
_YEAR = re.compile(r"(?:19|20)\d\d")
_PAIR = 1e-4  # share of items taken for a pair of characters, which no list of words knows


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
            counts.update(reading.weights.keys())
        return cls(items=len(items), frequencies=counts)

    def weight(self, stem: str, forms: Iterable[str], language: str, *, items: int, frequency: int) -> float:
        """How much a stem tells that `frequency` of the day's `items` hold, written in these `forms`.

        The weighted geometric mean of two inverse document frequencies (Spärck Jones 1972): the language's, estimated
        from word frequencies, and that of the day together with the history. Each mends the other: a day of five
        items has no frequencies, and the language does not know what a field is all about.
        """
        share = _share(language, stem, forms)
        general = math.log(1 / (share + _RAREST))
        own = math.log((1 + items + self.items) / (1 + frequency + self.frequencies.get(stem, 0))) + 1
        return math.pow(general, _GENERAL) * math.pow(own, 1 - _GENERAL)


def _share(language: str, stem: str, forms: Iterable[str]) -> float:
    """Of the items of a language, those that hold the stem in a form that was seen, or as it is."""
    if is_unspaced(stem):
        return _PAIR
    if _YEAR.fullmatch(stem):
        return _A_YEAR
    known = _frequencies(language)
    return 1 - math.exp(-_WORDS * math.fsum(known.get(form, 0.0) for form in {stem, *forms}))


@lru_cache(maxsize=8)
def _frequencies(language: str) -> Mapping[str, float]:
    import wordfreq  # noqa: PLC0415 -- a tenth of a second that only clustering needs

    try:
        frequencies: Mapping[str, float] = wordfreq.get_frequency_dict(language, wordlist="small")
    except LookupError:
        return {}
    return frequencies
