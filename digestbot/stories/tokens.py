"""Items into counted stems: what two reports of one event have in common."""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

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
    words: Mapping[str, frozenset[str]]  # by stem: how it is written


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
    stem, stop = stemmer_for(language), stop_words_for(language)
    counts: Counter[str] = Counter()
    words: defaultdict[str, set[str]] = defaultdict(set)
    for part, times in ((title, TITLE), (text, 1)):
        for word in (piece for whole in split_words(part) for piece in _pieces(whole)):
            if word not in stop:
                root = stem(word)
                counts[root] += times
                words[root].add(word)
    return Reading(
        language=language,
        weights={root: 1 + math.log(count) for root, count in counts.items()},
        words={root: frozenset(forms) for root, forms in words.items()},
    )


def _pieces(word: str) -> list[str]:
    """`us-china` is two words, `g.o.p` is written `gop` elsewhere; `7.5` and `at&t` stay."""
    return [piece.replace(".", "") if _ACRONYM.fullmatch(piece) else piece for piece in word.split("-")]
