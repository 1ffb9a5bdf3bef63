"""Which of many patterns a text may match, by pieces of text that every match must hold: a tenth of the searches' time.

The pieces are read off the patterns themselves, so that nobody has to keep a second list.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from importlib import import_module
from typing import Any

_LONG_ENOUGH = 4  # longer pieces are hardly rarer
# Letters that a pattern which ignores case takes for others, and `str.lower` does not (re/_casefix.py).
_ALIKE = str.maketrans({"ſ": "s", "ı": "i", "İ": "i"})


_START = 3  # letters of a piece that it is looked up by


class Candidates:
    """Of many patterns, those that a text may match; not one that it does match is missing."""

    def __init__(self, patterns: Sequence[re.Pattern[str]]) -> None:
        self._by_start: defaultdict[str, list[tuple[str, int]]] = defaultdict(list)
        self._short: list[tuple[str, int]] = []
        for number, pattern in enumerate(patterns):
            for piece in sorted(required_pieces(pattern) or {""}):
                group = self._short if len(piece) < _START else self._by_start[piece[:_START]]
                group.append((piece, number))
        self._short_ascii = [(piece, number) for piece, number in self._short if piece.isascii()]

    def numbers(self, text: str) -> list[int]:
        """The numbers of the patterns that are to be searched for, in order."""
        plain = lowered(text)
        starts: Iterable[str] = self._by_start
        if len(plain) < len(self._by_start):
            starts = self._by_start.keys() & set(map("".join, zip(plain, plain[1:], plain[2:], strict=False)))
        found = [number for start in starts for piece, number in self._by_start[start] if piece in plain]
        short = self._short_ascii if plain.isascii() else self._short
        found += [number for piece, number in short if piece in plain]
        return sorted(set(found))


def required_pieces(pattern: re.Pattern[str]) -> frozenset[str]:
    """Pieces of text, as `lowered` gives them, of which every match holds one; empty: none are known.

    The pattern's flags may ignore case. What Python's parser says is read piece by piece, and what is not known to be
    required counts as not required, so a newer Python can make the answer empty but not wrong.
    """
    try:
        parse: Callable[..., Any] = import_module("re._parser").parse
    except ImportError:
        return frozenset()
    found = _required(parse(pattern.pattern, pattern.flags))
    # "newsletter" is in a text only if "letter" is.
    return frozenset(piece for piece in found if not any(other != piece and other in piece for other in found))


def lowered(text: str) -> str:
    """The text in which `required_pieces` are looked for."""
    return text.lower() if text.isascii() else text.translate(_ALIKE).lower()


def _required(sequence: Iterable[tuple[object, Any]]) -> frozenset[str]:
    """Of the parts that follow each other, the one whose pieces are the rarest: the longest, and of these the fewest."""
    choices: list[frozenset[str]] = []
    run = ""
    for code, given in sequence:
        name = str(code)
        if name == "LITERAL":
            run += chr(given)
            continue
        choices.append(frozenset({lowered(run)}))
        choices.append(_of_part(name, given))
        run = ""
    choices.append(frozenset({lowered(run)}))
    known = [choice for choice in choices if choice and "" not in choice]
    return max(known, key=lambda pieces: (min(_LONG_ENOUGH, *map(len, pieces)), -len(pieces)), default=frozenset())


def _of_part(name: str, given: Any) -> frozenset[str]:
    if name == "SUBPATTERN":
        return _required(given[-1])
    if name in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT") and given[0] > 0:
        return _required(given[2])
    if name == "BRANCH":
        branches = [_required(branch) for branch in given[1]]
        return frozenset().union(*branches) if all(branches) else frozenset()
    if name == "IN" and all(str(code) == "LITERAL" for code, _ in given):
        return frozenset(lowered(chr(letter)) for _, letter in given)
    return frozenset()
