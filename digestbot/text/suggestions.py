"""Suggests the name that was probably meant."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

# Ratio of matching characters (difflib): high enough that a suggestion is a slip of the same word, not another word.
_MIN_RATIO = 0.72


def closest_match(word: str, names: Iterable[str]) -> str:
    """The name most similar to `word`, ignoring case; empty when none is similar enough."""
    folded = {name.casefold(): name for name in names}
    found = difflib.get_close_matches(word.casefold(), folded, n=1, cutoff=_MIN_RATIO)
    return folded[found[0]] if found else ""
