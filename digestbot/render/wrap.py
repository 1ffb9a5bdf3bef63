"""Wraps paragraphs of plain text to a width in terminal columns: a Han character takes two."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Final

from rich.cells import cell_len, chop_cells

WIDTH: Final = 72  # columns: leaves room for quoting marks within the 78 of RFC 5322 section 2.1.1
_PLAIN: Final = {ord(space): " " for space in "\u00a0\u202f"}  # they have done their work once lines are broken
# Not `\s`, which finds no-break spaces too: they keep a ticker and its move on one line.
_BREAKS: Final = re.compile(r"[ \n]+")
# Where Chinese and Japanese never begin a line (W3C clreq 3.1.3, JLREQ 3.1.7), beside closing brackets and quotes.
_NEVER_FIRST: Final = frozenset("。．，、：；？！…‥・ー々〜～％.,:;?!%ぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮヵヶ")


def wrap(text: str, indent: str = "", first: str | None = None, width: int = WIDTH) -> str:
    """Break `text` into lines of at most `width` columns.

    `indent` begins every line, `first` the first one where it differs.
    """
    lines, line = [], first if first is not None else indent
    empty = True
    for word in _words(text, width - cell_len(indent)):
        joined = f"{line}{'' if empty else ' '}{word}"
        if not empty and cell_len(joined) > width:
            lines.append(line)
            joined = f"{indent}{word}"
        line, empty = joined, False
    return "\n".join([*lines, line]).translate(_PLAIN)


def _words(text: str, width: int) -> list[str]:
    """The words between breaking spaces; one that is wider than a whole line comes in pieces."""
    return [
        piece
        for word in _BREAKS.split(text.strip())
        for piece in ([word] if cell_len(word) <= width else _pieces(word, width))
    ]


def _pieces(word: str, width: int) -> Iterator[str]:
    """A text without spaces in pieces of a line each, none of which begins or ends with a sign that may not stand there."""
    while len(word) > 1 and cell_len(word) > width:
        widest = max(len(chop_cells(word, width)[0]), 1)
        # At most a few letters back: a row of nothing but such signs is broken somewhere all the same.
        at = next((at for at in range(widest, max(widest - 5, 0), -1) if _may_part(word[at - 1], word[at])), widest)
        yield word[:at]
        word = word[at:]
    yield word


def _may_part(last: str, first: str) -> bool:
    """Whether a line may end with the one letter and the next begin with the other."""
    return (
        unicodedata.category(last) not in ("Ps", "Pi")
        and unicodedata.category(first) not in ("Pe", "Pf", "Mn", "Me", "Mc")
        and first not in _NEVER_FIRST
    )
