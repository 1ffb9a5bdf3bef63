"""Splits text into the words that the archive is searched by: the same for what is stored and for what a reader types.

Words are folded (case and accents gone) and split at every sign: what a reader types as `AT&T` or `7.5%` is found as the
words `at t` or `7 5` beside each other. Scripts written without spaces give overlapping pairs of characters
(Nie et al. 2000), and the last character of a run once more by itself, so that any single one begins a word.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from .tokenize import UNSPACED, fold

BORDER: Final = "."  # stands between two texts: no phrase reaches across it
_MOST_CHARACTERS: Final = 60  # of a word; what is longer is no word of a language
_RUN: Final = re.compile(rf"([{UNSPACED}]+)|[^\W_{UNSPACED}]+")


def search_words(text: str) -> list[str]:
    """The words of a text, in order."""
    return [word for run, unspaced in _runs(text) for word in _words(run, unspaced=unspaced)]


def phrase_words(text: str) -> list[str]:
    """The words that a text which holds this phrase has in a row.

    Of a last run without spaces the last character by itself is left out: in the text more may follow it.
    """
    runs = list(_runs(text))
    words = [word for run, unspaced in runs for word in _words(run, unspaced=unspaced)]
    return words[:-1] if runs and runs[-1][1] and len(runs[-1][0]) > 1 else words


def ends_in_one_character(text: str) -> bool:
    """Whether its last run is one character of a script without spaces: any word that begins with it has it."""
    runs = list(_runs(text))
    return bool(runs) and runs[-1][1] and len(runs[-1][0]) == 1


def bordered(texts: Iterable[str]) -> list[str]:
    """The words of several texts, with a border between two."""
    words: list[str] = []
    for text in texts:
        found = search_words(text)
        words += [BORDER, *found] if words and found else found
    return words


def key_word(kind: str, name: str) -> str:
    """A name, of a topic or an outlet, as one word that nothing a text holds can be.

    Args:
        kind: what it is the name of, a letter.
        name: names that differ in case, accents and signs alone give one word.
    """
    return "_".join([kind, *(search_words(name) or [name.strip().encode("utf-8", "surrogatepass").hex()])])[:200]


def _runs(text: str) -> Iterator[tuple[str, bool]]:
    for found in _RUN.finditer(fold(text)):
        yield found[0] if found[1] else found[0][:_MOST_CHARACTERS], bool(found[1])


def _words(run: str, *, unspaced: bool) -> list[str]:
    if not unspaced:
        return [run]
    return [*(run[at : at + 2] for at in range(len(run) - 1)), run[-1]]
