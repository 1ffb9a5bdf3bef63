"""The ways in which one term may be written in a text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from ..text.language import stop_words_for
from .term_index import WordPattern
from .terms import Term
from .tickers import ticker_spellings
from .words import spellings

_CAPITALS = re.compile(r"[A-Z]{2,5}|(?:[A-Z]\.){1,4}[A-Z]\.?")


def term_patterns(term: Term, group: int, number: int) -> Iterator[WordPattern]:
    """The patterns of a term that consists of words."""
    # A ticker has no plural: with an S at its end it is another company's. Neither has Moody's: what is moody is no rating.
    plural = not (term.quoted or term.prefix or term.ticker or term.words[-1].endswith("'s"))
    others = ticker_spellings(term.words) if term.ticker else spellings(term.text.removesuffix("*"))
    for words in dict.fromkeys((term.words, *others)):
        yield WordPattern(group, number, words, term.prefix, plural, term.title_only)


def in_capitals(term: Term) -> bool:
    """Whether only its capitals tell it from a small word of every sentence: US, IT, WHO."""
    return _CAPITALS.fullmatch(term.text) is not None and term.words[-1] in stop_words_for("en")


@lru_cache(maxsize=256)
def _compiled(letters: str) -> re.Pattern[str]:
    # With full stops too, but not as the beginning of U.S.S.R.
    dotted = r"\.".join(letters)
    return re.compile(rf"(?<![\w.])(?:{letters}|{dotted}\.?)(?!\.?\w)")


def written_in_capitals(term: Term) -> re.Pattern[str]:
    """What finds such a term in a text as it is written."""
    return _compiled(term.words[-1].upper())
