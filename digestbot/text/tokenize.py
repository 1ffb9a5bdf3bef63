"""Splits text into words; topics, stories and summaries all use this one definition of a word.

Words are folded (case and accents gone). Scripts written without spaces (Han, Kana, Thai, Lao, Khmer, Myanmar) give
overlapping pairs of characters, the usual unit for retrieval without a dictionary (Nie et al. 2000).
"""

from __future__ import annotations

import re
import unicodedata

UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_WORD = re.compile(rf"[{UNSPACED}]+|[^\W_{UNSPACED}]+(?:['’.&-][^\W_{UNSPACED}]+)*")
# What joins the parts of a word, where it does not stand between two: "U.S. -" and the full stop of a sentence.
_JOINS = "'.&-"
_LOOSE = re.compile(rf"[{_JOINS}](?:(?![a-z0-9])|(?<![a-z0-9].))")
_PLAIN = "".join(sign if sign.isalnum() or sign in _JOINS else " " for sign in map(chr, range(128)))
_RUN = re.compile(rf"[{UNSPACED}]+")
_MARKS = re.compile("[\u0300-\u036f]")


def fold(text: str) -> str:
    """Remove case and accents, so that `Beyoncé` and `BEYONCE` are the same word. Folding twice changes nothing more."""
    if text.isascii():
        return text.lower()
    return _MARKS.sub("", unicodedata.normalize("NFKD", text.casefold())).replace("’", "'").casefold()


def is_unspaced(text: str) -> bool:
    """Whether it contains a script that is written without spaces."""
    return _RUN.search(text) is not None


def pieces_of(text: str) -> list[str]:
    """Words, hyphenated ones in parts: `US-China` is about both."""
    return split_words(text.replace("-", " "))


def split_words(text: str) -> list[str]:
    """Folded words in order. Numbers stay whole (`7.5`, `12`), possessive endings go, unspaced runs become pairs."""
    text = fold(text)
    if text.isascii():
        plain = split_plain(text)
        return [run.removesuffix("'s") for run in plain] if "'s" in text else plain
    words: list[str] = []
    for run in _WORD.findall(text):
        if _RUN.match(run):
            words.extend([run] if len(run) == 1 else [run[at : at + 2] for at in range(len(run) - 1)])
        else:
            words.append(run.removesuffix("'s"))
    return words


def split_plain(text: str) -> list[str]:
    """The words of a folded text in ASCII, as they are: a third of the time of a search, and most of what is read is such."""
    if "." in text or "-" in text or "'" in text or "&" in text:  # `any` takes longer than what it saves
        text = _LOOSE.sub(" ", text)
    return text.translate(_PLAIN).split()
