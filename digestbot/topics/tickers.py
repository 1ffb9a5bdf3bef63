"""Who is behind a ticker: "Nvidia (NASDAQ: NVDA)" teaches that NASDAQ:NVDA is Nvidia."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from ..model import Item
from ..text.language import stop_words_for
from ..text.tokenize import split_words
from .terms import Topic

# The forms of companies; they are not part of what people call them.
_FORMS = frozenset(
    [
        "ag",
        "co",
        "company",
        "corp",
        "corporation",
        "group",
        "holding",
        "holdings",
        "inc",
        "incorporated",
        "limited",
        "ltd",
        "nv",
        "plc",
        "sa",
        "se",
    ]
)
_CALENDAR = frozenset(
    [
        "monday",
        "tuesday",
        "wednesday",
        "thursday",
        "friday",
        "saturday",
        "sunday",
        "january",
        "february",
        "march",
        "april",
        "may",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
        "shares",
        "stock",
    ]
)
_PAIR = re.compile(
    r"(?P<name>[^\W\d_][\w&.'’-]*(?:\s+[A-Z][\w&.'’-]*){0,4}),?\s*\(\s*(?P<exchange>[A-Za-z]{2,10}):\s?(?P<symbol>[A-Za-z0-9][A-Za-z0-9.-]{0,9})"
)
# A company named by a word of everyday speech (Zipf scale, van Heuven et al. 2014) is known by its full name only.
_EVERYDAY = 4.2

Names = Mapping[tuple[str, ...], tuple[tuple[str, ...], ...]]


def ticker_names(topics: Iterable[Topic], items: Iterable[Item]) -> Names:
    """The names that stand directly before the topics' tickers in these items, as folded words, by the ticker's words."""
    wanted = {term.words for topic in topics for term in topic.terms if term.ticker}
    if not wanted:
        return {}
    found: dict[tuple[str, ...], dict[tuple[str, ...], None]] = {}
    for item in items:
        for place in (item.title, item.text):
            if "(" not in place:
                continue
            for match in _PAIR.finditer(place):
                ticker = tuple(split_words(f"{match['exchange']}:{match['symbol']}"))
                if ticker in wanted and (name := _name(match["name"])):
                    found.setdefault(ticker, {})[name] = None
    return {ticker: tuple(names) for ticker, names in found.items()}


def _name(text: str) -> tuple[str, ...]:
    full = split_words(text)
    while full and (full[0] in _CALENDAR or full[0] in stop_words_for("en")):
        del full[0]
    short = [word.rstrip(".") for word in full]
    while len(short) > 1 and short[-1] in _FORMS:
        del short[-1]
    if len(short) == 1 and (len(short[0]) < 3 or _is_everyday(short[0])):
        return tuple(full) if len(full) > 1 else ()
    return tuple(short)


def _is_everyday(word: str) -> bool:
    from wordfreq import zipf_frequency  # noqa: PLC0415 -- a fifth of a second that few commands need

    return bool(zipf_frequency(word, "en") > _EVERYDAY)
