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
# Chinese and Japanese: signs between which a line may break (Unicode UAX 14, class ID).
_IDEOGRAPHS: Final = "\u2e80-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff00-\uffef"
_IDEOGRAPH: Final = re.compile(f"[{_IDEOGRAPHS}]")
# Where Chinese and Japanese never begin a line (W3C clreq 3.1.3, JLREQ 3.1.7), beside closing brackets and quotes.
_NEVER_FIRST: Final = frozenset("。．，、：；？！…‥—・ー々〜～％.,:;?!%ぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮヵヶ")
_DIVIDER: Final = "·"  # between outlets


def wrap(text: str, indent: str = "", first: str | None = None, width: int = WIDTH) -> str:
    """Break `text` into lines of at most `width` columns.

    `indent` begins every line, `first` the first one where it differs.
    """
    lines, line = [], first if first is not None else indent
    empty = True
    for space, piece in _pieces(text, width - cell_len(indent)):
        joined = f"{line}{'' if empty else space}{piece}"
        if not empty and cell_len(joined) > width:
            lines.append(line)
            joined = f"{indent}{piece}"
        line, empty = joined, False
    return "\n".join([*lines, line]).translate(_PLAIN)


def _pieces(text: str, width: int) -> Iterator[tuple[str, str]]:
    """What no line divides, each with the space before it; what is wider than a whole line comes in parts."""
    waiting = "", ""
    for space, piece in _unbroken(text):
        before, last = waiting
        # A number keeps its unit, and no line begins with what divides outlets.
        if last and (piece.startswith(_DIVIDER) or (last[-1].isdecimal() and _IDEOGRAPH.match(piece))):
            waiting = before, f"{last}{space}{piece}"
            continue
        yield from _parts(before, last, width)
        waiting = space, piece
    yield from _parts(*waiting, width)


def _unbroken(text: str) -> Iterator[tuple[str, str]]:
    for word in _BREAKS.split(text.strip()):
        start = 0
        for at in range(1, len(word)) if _IDEOGRAPH.search(word) else ():
            if (_IDEOGRAPH.match(word[at]) or _IDEOGRAPH.match(word[at - 1])) and _may_part(word[at - 1], word[at]):
                yield " " if not start else "", word[start:at]
                start = at
        yield " " if not start else "", word[start:]


def _parts(space: str, piece: str, width: int) -> Iterator[tuple[str, str]]:
    """A piece in parts of a line each, none of which begins or ends with a sign that may not stand there."""
    while len(piece) > 1 and cell_len(piece) > width:
        widest = max(len(chop_cells(piece, width)[0]), 1)
        # At most a few letters back: a row of nothing but such signs is broken somewhere all the same.
        at = next((at for at in range(widest, max(widest - 5, 0), -1) if _may_part(piece[at - 1], piece[at])), widest)
        yield space, piece[:at].rstrip(" ")
        space, piece = "", piece[at:].lstrip(" ")
    if piece:
        yield space, piece


def _may_part(last: str, first: str) -> bool:
    """Whether a line may end with the one letter and the next begin with the other."""
    return (
        unicodedata.category(last) not in ("Ps", "Pi")
        and unicodedata.category(first) not in ("Pe", "Pf", "Mn", "Me", "Mc")
        and first not in _NEVER_FIRST
    )
