"""The lead baseline, which is hard to beat on news: first sentences first, the items in turn."""

from __future__ import annotations

from collections.abc import Callable

from .document import Document, Quotable
from .interface import best_sentences


# More than a baseline: on news with references written independently, none of sumy's methods has a higher ROUGE-1. That
# is why `summarise` turns to it when a method fails.
class LeadSummarizer:
    """Every item's first sentence in the order of the story, then every second one, and so on."""

    stop_words: frozenset[str] = frozenset()

    def __init__(self, stemmer: Callable[[str], str] = str) -> None:
        self._stemmer = stemmer

    def __call__(self, document: Document, sentences_count: int | Callable[..., object]) -> tuple[Quotable, ...]:
        sentences = document.sentences
        return best_sentences(sentences, sentences_count, [-sentence.position for sentence in sentences])
