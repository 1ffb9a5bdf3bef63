"""Ranked sentences, and the best of them, as sumy's summarisers have them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from .document import Quotable


class Ranked(NamedTuple):
    """A sentence, where it stands among all, and what it is worth."""

    sentence: Quotable
    order: int
    rating: float


Choose = Callable[[Sequence[Ranked]], Sequence[Ranked]]


def best(sentences: Sequence[Quotable], ratings: Sequence[float], count: int | Choose) -> tuple[Quotable, ...]:
    """So many of the best, or what is chosen of all from the best down; in the document's order."""
    ranked = [Ranked(*one) for one in zip(sentences, range(len(sentences)), ratings, strict=True)]
    ranked.sort(key=lambda one: one.rating, reverse=True)
    chosen = count(ranked) if callable(count) else ranked[:count]
    return tuple(one.sentence for one in sorted(chosen, key=lambda one: one.order))
