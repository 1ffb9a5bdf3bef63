"""Summarisers by name: ours, the lead, and sumy's own."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from typing import Any

DEFAULT = "centroid"
_CLASSES = {
    DEFAULT: (".centroid", "CentroidSummarizer"),
    "lead": (".lead", "LeadSummarizer"),
    "lexrank": ("sumy.summarizers.lex_rank", "LexRankSummarizer"),
    "textrank": ("sumy.summarizers.text_rank", "TextRankSummarizer"),
    "lsa": ("sumy.summarizers.lsa", "LsaSummarizer"),
    "luhn": ("sumy.summarizers.luhn", "LuhnSummarizer"),
    "sumbasic": ("sumy.summarizers.sum_basic", "SumBasicSummarizer"),
    "kl": ("sumy.summarizers.kl", "KLSummarizer"),
    "reduction": ("sumy.summarizers.reduction", "ReductionSummarizer"),
}
SUMMARISERS = tuple(_CLASSES)


def load_summariser(name: str, *, stem: Callable[[str], str], stop_words: frozenset[str]) -> Any:
    """A summariser of sumy's kind: called with a document and a count. Raises KeyError for a name not in SUMMARISERS.

    Imported only when called for, because sumy brings all of nltk with it.
    """
    module, name = _CLASSES[name]
    made = getattr(import_module(module, __package__), name)(stem)
    made.stop_words = stop_words
    return made
