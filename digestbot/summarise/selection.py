"""Which of the ranked sentences stand together: a budget, no repetition, nothing that starts in mid-air."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from .anaphora import is_anaphoric, needs_antecedent
from .document import Quotable
from .vectors import Vectors

OVERSHOOT = 0.25  # a budget is "about": the last sentence may end this share of it later
ALONE = 0.5  # and a sentence that stands alone this share: the best one whole beats scraps that fit
_CANDIDATES = 16  # so many of the best are tried with one another,
_BEAM = 8  # so many sets at a time
_LENGTH = 0.55  # how far a longer sentence counts for more: between 0, not at all, and 1, word for word
_REDUNDANCY = 0.9  # what a likeness costs against a rating
_WORTH = 0.25  # the share of the best rating that a sentence must exceed to be worth its place
_SAME = 0.67  # the share of the shorter one's words from which two sentences of one outlet tell one thing;
_SAME_ELSEWHERE = 0.28  # of two outlets less will do, since each uses words of its own,
_SAME_EVENT = 0.18  # and less still where both open with what the headline tells, or give the same figure
_OPENING = 2  # so many sentences of an item are its opening: each outlet tells there what happened
_TOLD = 0.55  # the share of its words from which the others together have told a sentence, or an earlier digest has
_NEWS = 3  # words beyond the headline, or half of its own, make a sentence worth quoting


@dataclass(frozen=True, slots=True)
class _Set:
    worth: float = 0.0
    members: frozenset[int] = frozenset()
    length: int = 0


class Selection:
    """Picks the best set of sentences for a budget: sumy's `sentences_count`, as the callable that sumy allows there.

    A set is worth the ratings of its sentences, the longer counting for more, less what they have in common: the
    objective of McDonald 2007, "A study of global inference algorithms in multi-document summarization". A beam search
    finds it. `title` and `told` are stems, as in `vectors`.
    """

    def __init__(
        self,
        *,
        words: int,
        sentences: int | None = None,
        vectors: Vectors,
        title: frozenset[str] = frozenset(),
        told: Sequence[frozenset[str]] = (),
        language: str = "en",
    ) -> None:
        self._words = words
        self._most = sentences
        self._terms = vectors.terms
        self._similar = vectors.similar
        self._title = title
        self._told = told
        self._language = language
        self._openings = frozenset[int]()

    def __call__(self, ranked: Sequence[Any]) -> list[Any]:
        pool = [info for info in ranked if self._tells_something(self._terms[info.order])]
        self._openings = frozenset(_openings(pool, self._language))
        fitting = [info for info in pool if info.sentence.length <= self._words * (1 + ALONE)]
        return self._without_covered(self._search(fitting[:_CANDIDATES]))

    def _tells_something(self, terms: frozenset[str]) -> bool:
        """Whether it says more than the headline does, and nothing that readers have been told."""
        new = len(terms - self._title)
        return 2 * new >= min(2 * _NEWS, len(terms)) > 0 and all(
            len(terms & told) < _TOLD * len(terms) for told in self._told
        )

    def _search(self, infos: Sequence[Any]) -> list[Any]:
        quotes: list[Quotable] = [info.sentence for info in infos]
        lengths = [quote.length for quote in quotes]
        # With a number of sentences to fill, a long one is no gain; with a number of words, it fills them.
        weights = [1.0 if self._most else length**_LENGTH for length in lengths]
        values = [(rating - _WORTH) * weight for rating, weight in zip(_up_to_1(infos), weights, strict=True)]
        costs = [[0.0] * len(infos) for _ in infos]
        for (one, mine), (other, theirs) in combinations(enumerate(weights), 2):
            costs[one][other] = costs[other][one] = self._cost(infos[one], infos[other]) * min(mine, theirs)
        needs = [self._needs(quote, quotes) for quote in quotes]
        best, beam = _Set(), [_Set()]
        while beam:
            grown: dict[frozenset[int], _Set] = {}
            for held in beam:
                if held.length >= self._words or len(held.members) == self._most:
                    continue
                limit = self._words * (1 + (OVERSHOOT if held.members else ALONE))
                for new, need in enumerate(needs):
                    members = held.members | {new}
                    if new in held.members or members in grown or held.length + lengths[new] > limit:
                        continue
                    if need is not None and need.isdisjoint(held.members):
                        continue
                    worth = held.worth + values[new] - sum(costs[new][other] for other in held.members)
                    if worth > -math.inf:
                        grown[members] = _Set(worth, members, held.length + lengths[new])
            beam = sorted(grown.values(), key=lambda one: -one.worth)[:_BEAM]
            best = max([best, *beam[:1]], key=lambda one: one.worth)
        return [infos[member] for member in sorted(best.members)]

    def _without_covered(self, infos: list[Any]) -> list[Any]:
        """Leave out what the others together tell already, unless a later sentence of its item may lean on it."""
        kept = list(infos)
        for info in sorted(infos, key=lambda one: len(self._terms[one.order])):
            own, quote = self._terms[info.order], info.sentence
            others = [other for other in kept if other is not info]
            told = frozenset[str]().union(*(self._terms[other.order] for other in others))
            leant_on = any(o.sentence.item is quote.item and o.sentence.position > quote.position for o in others)
            if not leant_on and len(own & told) >= _TOLD * len(own):
                kept = others
        return kept

    def _needs(self, leaning: Quotable, others: Sequence[Quotable]) -> frozenset[int] | None:
        """Which of the others it may follow, when it cannot stand alone; None when it can."""
        if is_anaphoric(str(leaning), self._language):
            return frozenset(at for at, other in enumerate(others) if other.precedes(leaning))
        if needs_antecedent(str(leaning)):
            earlier = (other.item is leaning.item and other.position < leaning.position for other in others)
            return frozenset(at for at, is_earlier in enumerate(earlier) if is_earlier)
        return None

    def _cost(self, one: Any, other: Any) -> float:
        """What two sentences lose by standing together: everything when they tell one thing."""
        mine, theirs = self._terms[one.order], self._terms[other.order]
        if _overlap(mine, theirs) >= self._enough(one.sentence, other.sentence, mine & theirs):
            return math.inf
        if {one.order, other.order} <= self._openings and not self._differ(mine, theirs):
            return math.inf
        return _REDUNDANCY * float(self._similar[one.order, other.order])

    def _differ(self, opening: frozenset[str], other: frozenset[str]) -> bool:
        """Whether two openings each tell a part of the headline that the other one does not.

        Every outlet opens with what happened, often in no word of another's: beyond the first they are repetition.
        """
        return bool((opening - other) & self._title) and bool((other - opening) & self._title)

    def _enough(self, one: Quotable, other: Quotable, shared: frozenset[str]) -> float:
        if one.outlet == other.outlet:
            return _SAME
        both_open = max(one.position, other.position) < _OPENING and not shared.isdisjoint(self._title)
        same_figure = any(word[0].isdigit() for word in shared)
        return _SAME_EVENT if both_open or same_figure else _SAME_ELSEWHERE


def _overlap(words: frozenset[str], others: frozenset[str]) -> float:
    return len(words & others) / max(min(len(words), len(others)), 1)


def _openings(infos: Sequence[Any], language: str) -> Iterator[int]:
    """Which tell the first of each item: the first sentence that stands alone, where it comes early."""
    seen: set[str] = set()
    for info in sorted(infos, key=lambda one: one.sentence.position):
        quote = info.sentence
        if quote.position < _OPENING and quote.item.id not in seen and not is_anaphoric(str(quote), language):
            seen.add(quote.item.id)
            yield info.order


def _up_to_1(infos: Sequence[Any]) -> list[float]:
    """The ratings as shares of the highest; where a method counts below nought, the lowest still gets a share."""
    ratings = [float(info.rating) for info in infos]
    low, high = min(ratings, default=0.0), max(ratings, default=0.0)
    floor = low if low > 0 else 0.2 * (high - low) or 1.0
    return [(rating - low + floor) / (high - low + floor) for rating in ratings]
