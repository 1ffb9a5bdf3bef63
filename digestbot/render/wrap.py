"""Wraps paragraphs of plain text to a width in terminal columns: a Han character takes two."""

from __future__ import annotations

import re
from typing import Final

from rich.cells import cell_len, chop_cells

WIDTH: Final = 72  # columns: leaves room for quoting marks within the 78 of RFC 5322 section 2.1.1
_PLAIN: Final = {ord(space): " " for space in "\u00a0\u202f"}  # they have done their work once lines are broken
# Not `\s`, which finds no-break spaces too: they keep a ticker and its move on one line.
_BREAKS: Final = re.compile(r"[ \n]+")


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
        for piece in ([word] if cell_len(word) <= width else chop_cells(word, width))
    ]
