"""Items into counted stems: what two reports of one event have in common."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from ..model import Item
from ..words import guess_language, split_words, stemmer_for, stop_words_for
from .titles import bare_title, outlet_names, series_name, series_titles

_ACRONYM = re.compile(r"[^\W\d](?:\.[^\W\d])+")
TEXT = 300  # characters of the text that count: news tells what matters first
TITLE = 2  # times that a word of the title counts


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """An item as clustering sees it."""

    language: str
    weights: Mapping[str, float]  # by stem: sublinear counts, those of the title doubled
    words: Mapping[str, str]  # by stem: how it is written


def read_items(items: Sequence[Item]) -> tuple[Reading, ...]:
    """Every item's stems, without what its outlet adds to each title; the items of a day tell what that is."""
    outlets = outlet_names(items)
    series = series_titles(items)
    return tuple(
        _read(item, title="" if (item.source, series_name(item.title)) in series else bare_title(item.title, outlets))
        for item in items
    )


def _read(item: Item, *, title: str) -> Reading:
    text = item.text[:TEXT]
    language = guess_language(f"{title} {text}", declared=item.language)
    counts = Counter(split_words(text))
    for word in split_words(title):
        counts[word] += TITLE
    totals: dict[str, int] = {}
    words: dict[str, str] = {}
    for word, count in counts.items():
        for root, form in _roots(word, language):
            totals[root] = totals.get(root, 0) + count
            words[root] = form
    return Reading(
        language=language, weights={root: 1 + math.log(count) for root, count in totals.items()}, words=words
    )


def stems_of(text: str, language: str) -> list[str]:
    """The stems of a text's telling words, in order."""
    return [root for word in split_words(text) for root, _ in _roots(word, language)]


@lru_cache(maxsize=1 << 17)
def _roots(word: str, language: str) -> tuple[tuple[str, str], ...]:
    """Stem and form of what a word tells: `us-china` is two words, `g.o.p` is written `gop` elsewhere, `7.5` stays."""
    stem, stop = stemmer_for(language), stop_words_for(language)
    pieces = (piece.replace(".", "") if _ACRONYM.fullmatch(piece) else piece for piece in word.split("-"))
    return tuple((stem(piece), piece) for piece in pieces if piece not in stop)
