"""The interface of sumy's summarisers, for ours: called with a document and a count, they give its best sentences.

It is not inherited from sumy, whose base class imports all of nltk and with it scipy.stats: half of a short run's time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from .document import Quotable


@dataclass(frozen=True, slots=True)
class Rated:
    """A sentence with its rating, as sumy's counts are given it."""

    sentence: Quotable
    order: int  # in the document, from 0
    rating: float


class Summariser(Protocol):
    """What sumy's summarisers and ours have in common."""

    stop_words: frozenset[str]

    def __call__(self, document: Any, sentences_count: int | Callable[..., object], /) -> tuple[Quotable, ...]: ...


def best_sentences(
    sentences: Iterable[Quotable], count: int | Callable[..., Any], ratings: Iterable[float]
) -> tuple[Quotable, ...]:
    """The best rated sentences, in the order of the document.

    Args:
        sentences: all of the document's.
        count: how many, or a function that picks from those rated, best first; equal ones in their order.
        ratings: of each sentence, in the same order.
    """
    rated = [
        Rated(sentence, order, rating) for order, (sentence, rating) in enumerate(zip(sentences, ratings, strict=True))
    ]
    rated.sort(key=lambda one: -one.rating)
    picked: Sequence[Rated] = count(rated) if callable(count) else rated[:count]
    return tuple(one.sentence for one in sorted(picked, key=lambda one: one.order))
