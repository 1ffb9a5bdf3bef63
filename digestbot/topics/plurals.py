"""The plural of a word by the rules of English spelling, which those of many other languages resemble.

By rules and not by stems: a stemmer cannot know that "churches" is of church and "caches" of cache, and takes neither, or both for one.
"""

from __future__ import annotations

from collections.abc import Iterator

_TAKES_ES = ("s", "x", "z", "ch", "sh", "o")
_VOWELS = "aeiou"


def differ_in_number(one: str, other: str) -> bool:
    """Whether one of two folded words may be the plural of the other."""
    return one in plurals(other) or other in plurals(one)


def plurals(word: str) -> Iterator[str]:
    """How the plural of a word may be written."""
    if not word.endswith("s") and not word.isdigit():  # the 1990s are no year, and a princess is no princes
        yield f"{word}s"
    if word.endswith(_TAKES_ES):
        yield f"{word}es"
    if word.endswith("z"):
        yield f"{word}zes"
    if word.endswith("y") and word[-2:-1] not in _VOWELS:
        yield f"{word[:-1]}ies"
    if word.endswith("sis"):
        yield f"{word[:-2]}es"


def singulars(word: str) -> Iterator[str]:
    """What a word may be the plural of."""
    if not word.endswith("s"):
        return
    for ending, without in ((1, ""), (2, ""), (3, ""), (3, "y"), (2, "is")):
        single = word[:-ending] + without
        if word in plurals(single):
            yield single
