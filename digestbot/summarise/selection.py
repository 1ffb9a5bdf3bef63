"""Which of the ranked sentences stand together: a budget, no repetition, nothing that starts in mid-air."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from .document import Quotable
from .vectors import Matrix

OVERSHOOT = 0.2  # a budget is "about": the last sentence may end this share of it later
ALONE = 0.5  # and a single sentence this share, where nothing shorter is worth quoting
_CANDIDATES = 16  # so many of the best are tried with one another,
_BEAM = 12  # so many sets at a time
_LENGTH = 0.7  # how far a longer sentence counts for more: between 0, not at all, and 1, word for word
_REDUNDANCY = 0.7  # what a likeness costs against a rating
_SAME = 0.67  # the share of the shorter one's words from which two sentences tell one thing
_NEWS = 3  # words beyond the headline that make a sentence worth quoting

_POINTS_BACK = re.compile(
    r"[\"'“‘]*(?:(?:he|she|it|they)(?:['’](?:s|d|ll|re|ve))?|him|her|his|hers|its|their|theirs|them|this|that|these|"
    r"those|such|but|and|or|so|yet|also|however|meanwhile|moreover|furthermore|nevertheless|nonetheless|instead|then|"
    r"there|thus|therefore|besides|still|too|another|both|otherwise|similarly|likewise|separately|in addition|as a "
    r"result|for example|for instance|on the other hand|by contrast|in contrast|the (?:former|latter|pair|duo|two|"
    r"three))\b",
    re.IGNORECASE,
)
_KNOWN_ALREADY = re.compile(
    r"[\"'“‘]*(?:(?:Mr|Mrs|Ms|Dr)\.? |(?:The|the) (?:move|decision|company|firm|group|report|statement|announcement|"
    r"plan|deal|agency|official|officials|spokesman|spokeswoman|spokesperson|incident|attack|study|directive)\b)"
)


@dataclass(frozen=True, slots=True)
class _Set:
    worth: float = 0.0
    members: frozenset[int] = frozenset()
    length: int = 0


class Selection:
    """Picks the best set of sentences for a budget: sumy's `sentences_count`, as the callable that sumy allows there.

    A set is worth the ratings of its sentences, the longer counting for more, less what they have in common: the
    objective of McDonald 2007, "A study of global inference algorithms in multi-document summarization". A beam search
    finds it. `contents` holds the content words of every sentence in the order of the document, `similar` their cosine.
    """

    def __init__(
        self,
        *,
        words: int,
        sentences: int | None = None,
        contents: Sequence[frozenset[str]],
        similar: Matrix,
        title: frozenset[str] = frozenset(),
        told: Sequence[frozenset[str]] = (),
    ) -> None:
        self._words = words
        self._most = sentences
        self._contents = contents
        self._similar = similar
        self._title = title
        self._told = told

    def __call__(self, ranked: Sequence[Any]) -> list[Any]:
        pool = [info for info in ranked if not any(is_same(self._contents[info.order], told) for told in self._told)]
        pool = [info for info in pool if self._news(info) >= _NEWS] or [info for info in pool if self._news(info)]
        fitting = [info for info in pool if info.sentence.length <= self._words * (1 + OVERSHOOT)]
        found = self._search(fitting[:_CANDIDATES])
        if found:
            return found
        alone = (info for info in pool if not leans(str(info.sentence)))
        return [info for info in alone if info.sentence.length <= self._words * (1 + ALONE)][:1]

    def _news(self, info: Any) -> int:
        return len(self._contents[info.order] - self._title)

    def _search(self, infos: Sequence[Any]) -> list[Any]:
        quotes: list[Quotable] = [info.sentence for info in infos]
        lengths = [quote.length for quote in quotes]
        # With a number of sentences to fill, a long one is no gain; with a number of words, it fills them.
        weights = [1.0 if self._most else length**_LENGTH for length in lengths]
        values = [rating * weight for rating, weight in zip(_up_to_1(infos), weights, strict=True)]
        costs = [
            [
                self._cost(one.order, other.order) * min(mine, theirs)
                for other, theirs in zip(infos, weights, strict=True)
            ]
            for one, mine in zip(infos, weights, strict=True)
        ]
        needs = [[_introduces(other, quote) for other in quotes] if leans(str(quote)) else None for quote in quotes]
        limit = self._words * (1 + OVERSHOOT)
        best, beam = _Set(), [_Set()]
        while beam:
            grown: dict[frozenset[int], _Set] = {}
            for held in beam:
                if held.length >= self._words or len(held.members) == self._most:
                    continue
                for new, need in enumerate(needs):
                    members = held.members | {new}
                    if new in held.members or members in grown or held.length + lengths[new] > limit:
                        continue
                    if need and not any(need[other] for other in held.members):
                        continue
                    worth = held.worth + values[new] - sum(costs[new][other] for other in held.members)
                    grown[members] = _Set(worth, members, held.length + lengths[new])
            beam = sorted(grown.values(), key=lambda one: -one.worth)[:_BEAM]
            best = max([best, *beam[:1]], key=lambda one: one.worth)
        return [infos[member] for member in sorted(best.members)]

    def _cost(self, one: int, other: int) -> float:
        """What two sentences lose by standing together: everything when they tell one thing."""
        same = is_same(self._contents[one], self._contents[other])
        return math.inf if same else _REDUNDANCY * float(self._similar[one, other])


def leans(sentence: str) -> bool:
    """Whether it opens with words that point back, so that it cannot stand alone."""
    return (_POINTS_BACK.match(sentence) or _KNOWN_ALREADY.match(sentence)) is not None


def is_same(words: frozenset[str], others: frozenset[str]) -> bool:
    """Whether two sentences, as sets of content words, tell one thing."""
    return len(words & others) >= _SAME * max(min(len(words), len(others)), 1)


def _introduces(earlier: Quotable, leaning: Quotable) -> bool:
    if _POINTS_BACK.match(str(leaning)):
        return earlier.precedes(leaning)
    return earlier.item is leaning.item and earlier.position < leaning.position


def _up_to_1(infos: Sequence[Any]) -> list[float]:
    """The ratings as shares of the highest; where a method counts below nought, the lowest still gets a share."""
    ratings = [float(info.rating) for info in infos]
    low, high = min(ratings, default=0.0), max(ratings, default=0.0)
    floor = low if low > 0 else 0.2 * (high - low) or 1.0
    return [(rating - low + floor) / (high - low + floor) for rating in ratings]
