"""Finds the companies behind tickers: from "Nvidia (NASDAQ: NVDA)" it learns that NASDAQ:NVDA is Nvidia."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain

from ..model import Item
from ..text import calendar_words
from ..text.language import stop_words_for
from ..text.tokenize import split_words
from .terms import Topic
from .words import topic_words

# Legal forms: people leave them out when they name a company.
_LEGAL_FORMS = frozenset(
    [
        "ab",
        "ag",
        "asa",
        "bhd",
        "bv",
        "co",
        "company",
        "corp",
        "corporation",
        "gmbh",
        "group",
        "holding",
        "holdings",
        "inc",
        "kgaa",
        "kk",
        "llc",
        "incorporated",
        "limited",
        "ltd",
        "nv",
        "oyj",
        "plc",
        "sa",
        "se",
        "spa",
        "tbk",
    ]
)
# Capitalised words that come before a company's name and are no part of it: "On Monday Nvidia Corp. (NASDAQ: NVDA)".
_NOT_A_NAME = calendar_words.NAMES | {"shares", "stock"}
# A name of up to five words, capitalised from the second on, before "(EXCHANGE: SYMBOL": brands such as iRobot begin small.
_PAIR = re.compile(
    r"(?P<name>[^\W\d_][\w&.'’-]*(?:\s+[A-Z][\w&.'’-]*){0,4}),?\s*\(\s*(?P<exchange>[A-Za-z]{2,10}):\s?(?P<symbol>[A-Za-z0-9][A-Za-z0-9.-]{0,9})"
)
# More symbols in the same bracket: (NASDAQ: GOOG, GOOGL), (NYSE: TSM; TWSE: 2330).
_FURTHER = re.compile(
    r"\s*[,;/|]\s*(?:(?P<exchange>[A-Za-z]{2,10}):\s?)?(?P<symbol>[A-Z0-9][A-Z0-9.-]{0,9})(?=\s*[,;/|)])"
)
# A company whose short name is an everyday word (Arm, Target) is found by its full name only. Zipf scale of word
# frequencies, van Heuven et al. 2014: 3 is rare, 7 the most frequent words.
MAX_NAME_ZIPF = 4.2
# Two letters are as often the abbreviation of something else.
MIN_NAME_LETTERS = 3

Names = Mapping[tuple[str, ...], tuple[tuple[str, ...], ...]]


def ticker_names(topics: Iterable[Topic], items: Iterable[Item], *, known: Iterable[str] = ()) -> Names:
    """The names that come directly before the topics' tickers in these items, by the ticker's words; all as folded words.

    Args:
        topics: what the reader follows.
        items: some that are stored.
        known: what `names_in` found in others.
    """
    wanted: dict[tuple[str, ...], set[tuple[str, ...]]] = {}
    for term in (term for topic in topics for term in topic.terms if term.ticker):
        wanted.setdefault(ticker_spellings(term.words)[0], set()).add(term.words)
    if not wanted:
        return {}
    found: dict[tuple[str, ...], dict[tuple[str, ...], None]] = {}
    for pair in chain(known, (pair for item in items for pair in _pairs(item))):
        ticker, _, written = pair.partition(" ")
        asked = wanted.get(ticker_spellings(topic_words(ticker))[0], ())
        if asked and (name := _name(written)):
            for words in asked:
                # A dict instead of a set, for its order: the same items always give the same names.
                found.setdefault(words, {})[topic_words(" ".join(name))] = None
    return {ticker: tuple(names) for ticker, names in found.items()}


def ticker_spellings(words: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
    """The ways in which a ticker's words are written: HKEX:700 is HKEX:0700, and to some HKEX:00700."""
    if not words[-1].isdigit():
        return (words,)
    number = words[-1].lstrip("0") or "0"
    return tuple(dict.fromkeys((*words[:-1], number.zfill(digits)) for digits in (1, 4, 5)))


def names_in(items: Iterable[Item]) -> tuple[str, ...]:
    """Every ticker in these items and what comes before it, as `NASDAQ:NVDA Nvidia Corp.`, each once."""
    return tuple(dict.fromkeys(pair for item in items for pair in _pairs(item)))


def _pairs(item: Item) -> Iterator[str]:
    for place in (item.title, item.text):
        # A name may begin at any letter, so the pattern is slow; most texts hold no bracket and need no search.
        if "(" in place:
            for match in _PAIR.finditer(place):
                exchange, end = match["exchange"], match.end()
                yield f"{exchange}:{match['symbol']} {match['name']}"
                while further := _FURTHER.match(place, end):
                    exchange, end = further["exchange"] or exchange, further.end()
                    yield f"{exchange}:{further['symbol']} {match['name']}"


def _name(text: str) -> tuple[str, ...]:
    """A company's name as others write it, without its legal form; empty where that would be too common a word."""
    full = split_words(text)
    while full and (full[0] in _NOT_A_NAME or full[0] in stop_words_for("en")):
        del full[0]
    short = [word.rstrip(".") for word in full]
    while len(short) > 1 and short[-1].replace(".", "") in _LEGAL_FORMS:
        del short[-1]
    if len(short) == 1 and (len(short[0]) < MIN_NAME_LETTERS or _is_everyday(short[0])):
        return tuple(full) if len(full) > 1 else ()
    return tuple(short)


def _is_everyday(word: str) -> bool:
    from wordfreq import zipf_frequency  # noqa: PLC0415 -- a fifth of a second that few commands need

    # Of a name with a sign inside it would tell the frequency of its parts: AT&T is no everyday word.
    return word.isalpha() and bool(zipf_frequency(word, "en") > MAX_NAME_ZIPF)
