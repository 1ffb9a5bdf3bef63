"""Picks the set of sentences for a summary: within a budget, without repetition, each understandable where it is."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from ..text.tokenize import UNSPACED, is_unspaced
from .anaphora import is_anaphoric, needs_antecedent, refers_to_title
from .denials import is_answered_by
from .document import Quotable
from .vectors import Vectors

# Shares of the budget by which it may be exceeded, because sentences are quoted whole: by several together, and by a
# single one: the best sentence alone is better than two poor ones that fit.
OVERSHOOT = 0.25
OVERSHOOT_ALONE = 0.5
_CANDIDATES = 16  # the best sentences, which are combined with each other; more of them gained nothing (docs/design.md)
# Sixteen found the same sets and took longer.
_BEAM_WIDTH = 8  # sets kept at each step of the search
# A plain sum of ratings would favour many short sentences over a few long ones that say more.
_LENGTH_EXPONENT = 0.55  # how much longer sentences count for more: 0 is not at all, 1 in proportion to their words
_REDUNDANCY_WEIGHT = 0.9  # of the similarity of two sentences, against their ratings
# Of the best rating: a sentence at or below it is not worth its place. Higher shares (.28 to .35) leave out what says little, and
# with it what another sentence needs; R1 on articles left out falls by .1 to .8.
_MIN_RATING_SHARE = 0.25
# Two sentences that share at least this part of the shorter one's words say the same thing. For two reports it takes less,
# because each uses words of its own; and less still where both open with the headline's subject or give the same figure.
# The price of such strictness was measured: 0.5 R1 on one development set, a gain of 0.1 on another (docs/design.md).
_REPEAT_OVERLAP_SAME_ITEM = 0.67
_REPEAT_OVERLAP_OTHER_ITEM = 0.28
_REPEAT_OVERLAP_SAME_EVENT = 0.18
_OPENING_SENTENCES = 2  # of an item: there every outlet says what happened
_COVERED_SHARE = 0.55  # of a sentence's words in the others together, or in an earlier digest: it adds too little then
# The same of the characters of Chinese, whose pairs differ as soon as one character does. Of sentences that say something of their
# own, a fifth to a third are in the others; of those that say the same again, two thirds.
_COVERED_HAN = 0.6
_HAN = re.compile("[\u4e00-\u9fff]")
_FEWEST_HAN = 8  # different ones; fewer may be in the others by chance
_MOST_OF_AN_OUTLET = 2  # sentences, while another outlet has some too
# Of Chinese the next character: 30歲. Not of times and dates, which many sentences share.
_COUNT = re.compile(rf"\d[\d.,]*\d(?: ?(?![年月日號号時时分點点])[{UNSPACED}]|[ -][^\W\d_]{{3,}})")
_YEAR = re.compile(r"(?:19|20)\d\d")
_MIN_NEW_WORDS = 2  # beyond the headline's, or half of its own, for a sentence to be worth quoting


@dataclass(frozen=True, slots=True)
class _Set:
    """A set of sentences, and its value in the search."""

    worth: float = 0.0
    members: frozenset[int] = frozenset()
    length: int = 0


class Selection:
    """Picks the best set of sentences for a budget: sumy's `sentences_count`, as the callable that sumy allows there.

    A set is worth the ratings of its sentences, the longer counting for more, less what they have in common: the
    objective of McDonald 2007, "A study of global inference algorithms in multi-document summarization". A beam search
    finds it.

    Args:
        words: the budget.
        sentences: the most sentences; None for as many as the budget allows.
        vectors: of the document that is summarised.
        title: stems of the story's title, as in `vectors`.
        reported: stems of each sentence that readers saw before.
        lead: the id of the headline's item.
        denied: whether titles of the story say that somebody denies what others say: then both sides are told.
        language: ISO 639-1 code of the story.
        referring: stems that stand for what was named, as in "The company says": in two openings they tell no difference.
    """

    def __init__(
        self,
        *,
        words: int,
        sentences: int | None = None,
        vectors: Vectors,
        title: frozenset[str] = frozenset(),
        reported: Sequence[frozenset[str]] = (),
        lead: str = "",
        denied: bool = False,
        language: str = "en",
        referring: frozenset[str] = frozenset(),
    ) -> None:
        self._words = words
        self._most = sentences
        self._terms = vectors.terms
        self._similar = vectors.similar
        self._title = title
        self._telling_title = title - referring
        self._title_characters = frozenset("".join(filter(is_unspaced, title)))
        self._reported = reported
        self._lead = lead
        self._denied = denied
        self._language = language
        self._openings = frozenset[int]()

    def __call__(self, ranked: Sequence[Any]) -> list[Any]:
        unseen = [info for info in ranked if self._is_unseen(self._terms[info.order])]
        news = [info for info in unseen if self._adds_something(self._terms[info.order])]
        if chosen := self._best(news):
            return chosen
        # A sentence that says the headline again may be what the news is said after: "The café opens. It serves soup."
        chosen = self._best(unseen) if news else []
        return chosen if any(info in news for info in chosen) else []

    def _best(self, pool: Sequence[Any]) -> list[Any]:
        self._openings = frozenset(_openings(pool, self._language))
        # One that can never fit must not take a candidate's place from one that can.
        fitting = [info for info in pool if info.sentence.length <= self._words * (1 + OVERSHOOT_ALONE)]
        return self._without_covered(self._search(fitting[:_CANDIDATES]))

    def _adds_something(self, terms: frozenset[str]) -> bool:
        """Whether it says more than the headline does."""
        new = math.fsum(map(self._news_in, terms - self._title))
        return new >= min(_MIN_NEW_WORDS, len(terms) / 2)

    def _news_in(self, term: str) -> float:
        """How many words a term is. Of the pairs of a script without spaces those count that lie in no word of the headline."""
        if not is_unspaced(term):
            return 1.0
        return 0.5 if self._title_characters.isdisjoint(term) else 0.0

    def _is_unseen(self, terms: frozenset[str]) -> bool:
        """Whether it says something, and is not covered by a sentence that readers saw before."""
        return len(terms) > 0 and all(len(terms & seen) < _COVERED_SHARE * len(terms) for seen in self._reported)

    def _search(self, infos: Sequence[Any]) -> list[Any]:
        quotes: list[Quotable] = [info.sentence for info in infos]
        lengths = [quote.length for quote in quotes]
        # With a number of sentences to fill, a long one is no gain; with a number of words, it fills them.
        weights = [1.0 if self._most else length**_LENGTH_EXPONENT for length in lengths]
        # Below the share a value is negative, so that no set gains by such a sentence, however much room is left.
        values = [
            (rating - _MIN_RATING_SHARE) * weight for rating, weight in zip(_as_shares(infos), weights, strict=True)
        ]
        costs = [[0.0] * len(infos) for _ in infos]
        for (one, mine), (other, theirs) in combinations(enumerate(weights), 2):
            # By the weight of the shorter one: it cannot repeat more than it says.
            costs[one][other] = costs[other][one] = self._cost(infos[one], infos[other]) * min(mine, theirs)
        needs = [self._needs(quote, quotes) for quote in quotes]
        most = _MOST_OF_AN_OUTLET if len({quote.outlet for quote in quotes}) > 1 else len(quotes)
        best, beam = _Set(), [_Set()]
        while beam:
            grown: dict[frozenset[int], _Set] = {}
            for held in beam:
                if held.length >= self._words or len(held.members) == self._most:
                    continue
                limit = self._words * (1 + (OVERSHOOT if held.members else OVERSHOOT_ALONE))
                for new, need in enumerate(needs):
                    members = held.members | {new}
                    if new in held.members or members in grown or held.length + lengths[new] > limit:
                        continue
                    if sum(quotes[held_one].outlet == quotes[new].outlet for held_one in held.members) >= most:
                        continue
                    # Sets grow by one sentence at a time: what it refers to has to be there before it.
                    if need is not None and need.isdisjoint(held.members):
                        continue
                    worth = held.worth + values[new] - sum(costs[new][other] for other in held.members)
                    if worth > -math.inf:
                        grown[members] = _Set(worth, members, held.length + lengths[new])
            beam = sorted(grown.values(), key=lambda one: -one.worth)[:_BEAM_WIDTH]
            best = max([best, *beam[:1]], key=lambda one: one.worth)
        return [infos[member] for member in sorted(best.members)]

    def _without_covered(self, infos: list[Any]) -> list[Any]:
        """Leave out sentences whose words the others together cover, unless a later sentence of its item may depend on it."""
        kept = infos
        # A sentence stays for one that leans on it, and goes once that one is gone.
        while (fewer := self._with_fewer(kept)) != kept:
            kept = fewer
        return kept

    def _with_fewer(self, infos: list[Any]) -> list[Any]:
        kept = infos
        # Shortest first: where two cover each other, the one that says more stays.
        for info in sorted(infos, key=lambda one: len(self._terms[one.order])):
            own, quote = self._terms[info.order], info.sentence
            others = [other for other in kept if other is not info]
            saying = [other for other in others if not self._is_answered_by(info, other)]
            covered = frozenset[str]().union(*(self._terms[other.order] for other in saying))
            is_needed = any(o.sentence.item is quote.item and o.sentence.position > quote.position for o in others)
            if not is_needed and (len(own & covered) >= _COVERED_SHARE * len(own) or self._says_again(quote, saying)):
                kept = others
        return kept

    def _is_answered_by(self, one: Any, other: Any) -> bool:
        """Whether one of two sentences denies the other: in the same words they say the opposite, which is what the story is about."""
        return self._denied and is_answered_by(str(one.sentence), str(other.sentence))

    def _says_again(self, quote: Quotable, others: Sequence[Any]) -> bool:
        """Whether the characters of a Chinese sentence are in the others; further down in a report, in the headline as well."""
        own = frozenset(_HAN.findall(str(quote)))
        if len(own) < _FEWEST_HAN or not others:
            return False
        said = frozenset[str]().union(*(str(other.sentence) for other in others))
        # A report opens with what the headline says, and is not understood without it.
        if quote.position >= _OPENING_SENTENCES:
            said |= self._title_characters
        return len(own & said) >= _COVERED_HAN * len(own)

    def _needs(self, quote: Quotable, others: Sequence[Quotable]) -> frozenset[int] | None:
        """Which of the others must be in the set for it to be understood, one of them; None when it is understood alone."""
        if self.belongs_under_headline(quote):
            return None
        if is_anaphoric(str(quote), self._language):
            return frozenset(at for at, other in enumerate(others) if other.precedes(quote))
        if needs_antecedent(str(quote)):
            earlier = (other.item is quote.item and other.position < quote.position for other in others)
            return frozenset(at for at, is_earlier in enumerate(earlier) if is_earlier)
        return None

    def belongs_under_headline(self, quote: Quotable) -> bool:
        """Whether it is the first sentence of the headline's report and refers to the headline: it can only stand first."""
        return quote.position == 0 and quote.item.id == self._lead and refers_to_title(str(quote))

    def _cost(self, one: Any, other: Any) -> float:
        """What it costs to have both sentences in a set: infinitely much when they say the same thing."""
        mine, theirs = self._terms[one.order], self._terms[other.order]
        if self._is_answered_by(one, other):
            return 0.0
        if _overlap(mine, theirs) >= self._repeat_overlap(one.sentence, other.sentence, mine & theirs):
            return math.inf
        if any(map(_is_figure, mine & theirs & self._title)) or _counts(one.sentence) & _counts(other.sentence):
            return math.inf
        if {one.order, other.order} <= self._openings and not self._differ(mine, theirs):
            return math.inf
        return _REDUNDANCY_WEIGHT * float(self._similar[one.order, other.order])

    def _differ(self, opening: frozenset[str], other: frozenset[str]) -> bool:
        """Whether each of two openings covers a part of the headline that the other one does not.

        Every outlet opens with what happened, often in words of its own: a second opening is repetition otherwise.
        """
        parts = ((opening - other) & self._telling_title, (other - opening) & self._telling_title)
        # One pair of characters may be another word for the same: 死亡 of whom the other calls 不治.
        return all(sum(0.5 if is_unspaced(term) else 1 for term in part) >= 1 for part in parts)

    def _repeat_overlap(self, one: Quotable, other: Quotable, shared: frozenset[str]) -> float:
        if one.item is other.item:
            return _REPEAT_OVERLAP_SAME_ITEM
        both_open = max(one.position, other.position) < _OPENING_SENTENCES and not shared.isdisjoint(self._title)
        same_figure = any(word[0].isdigit() for word in shared)
        return _REPEAT_OVERLAP_SAME_EVENT if both_open or same_figure else _REPEAT_OVERLAP_OTHER_ITEM


def _is_figure(word: str) -> bool:
    """Whether two sentences that give it tell the same thing: a number of two digits or more that is no year."""
    return sum(map(str.isdigit, word)) > 1 and not _YEAR.fullmatch(word)


def _counts(quote: Quotable) -> frozenset[str]:
    """Its figures of two digits or more with what they count: "23,000 jobs", 30歲."""
    return frozenset(match[0].casefold() for match in _COUNT.finditer(str(quote)))


def _overlap(words: frozenset[str], others: frozenset[str]) -> float:
    return len(words & others) / max(min(len(words), len(others)), 1)


def _openings(infos: Sequence[Any], language: str) -> Iterator[int]:
    """Each item's opening: its first sentence that is understood alone, if it is among the first few."""
    seen: set[str] = set()
    for info in sorted(infos, key=lambda one: one.sentence.position):
        quote = info.sentence
        if quote.position < _OPENING_SENTENCES and quote.item.id not in seen and not is_anaphoric(str(quote), language):
            seen.add(quote.item.id)
            yield info.order


def _as_shares(infos: Sequence[Any]) -> list[float]:
    """The ratings as shares of the highest; where a method rates at or below 0, the lowest still gets a share."""
    ratings = [float(info.rating) for info in infos]
    low, high = min(ratings, default=0.0), max(ratings, default=0.0)
    # KL and SumBasic rate by negative ranks, and the lead by negative positions.
    floor = low if low > 0 else 0.2 * (high - low) or 1.0
    return [(rating - low + floor) / (high - low + floor) for rating in ratings]
