"""The baseline that news is hard to beat with: first sentences first, the outlets in turn."""

from __future__ import annotations

from collections.abc import Callable

from .document import Document, Quotable
from .ranking import Choose, best


class LeadSummarizer:
    """Every item's first sentence in the order of the story, then every second one, and so on."""

    stop_words: frozenset[str] = frozenset()

    def __init__(self, stemmer: Callable[[str], str] = str) -> None:
        """Nothing is stemmed; every summariser is made with one."""

    def __call__(self, document: Document, sentences_count: int | Choose) -> tuple[Quotable, ...]:
        return best(document.sentences, [-sentence.position for sentence in document.sentences], sentences_count)
