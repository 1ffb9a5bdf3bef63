"""The lead baseline, which is hard to beat on news: first sentences first, the items in turn."""

from __future__ import annotations

from collections.abc import Callable

from sumy.models.dom import ObjectDocumentModel
from sumy.summarizers._summarizer import AbstractSummarizer

from .document import Quotable


# More than a baseline: on news with references written independently, none of sumy's methods has a higher ROUGE-1. That
# is why `summarise` turns to it when a method fails.
class LeadSummarizer(AbstractSummarizer):  # type: ignore[misc]
    """Every item's first sentence in the order of the story, then every second one, and so on."""

    def __call__(
        self, document: ObjectDocumentModel, sentences_count: int | Callable[..., object]
    ) -> tuple[Quotable, ...]:
        best: tuple[Quotable, ...] = self._get_best_sentences(
            document.sentences, sentences_count, lambda sentence: -sentence.position
        )
        return best
