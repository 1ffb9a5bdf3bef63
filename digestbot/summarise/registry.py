"""The summarisers by name: our default, the lead, and those of sumy."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module

from .interface import Summariser

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
SUMMARISERS = tuple(_CLASSES)  # the names that the setting SUMMARISER takes


def load_summariser(name: str, *, stem: Callable[[str], str], stop_words: frozenset[str]) -> Summariser:
    """Load a summariser with sumy's interface: it is called with a document and a count.

    It is imported only here: those of sumy bring all of nltk, which takes longer than a short run.

    Raises:
        KeyError: for a name that is not in SUMMARISERS.
    """
    module, name = _CLASSES[name]
    made: Summariser = getattr(import_module(module, __package__), name)(stem)
    made.stop_words = stop_words
    return made
