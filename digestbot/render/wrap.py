"""Filling paragraphs of plain text to a width, counted in terminal columns: a Han character takes two."""

from __future__ import annotations

import re
from typing import Final

from rich.cells import cell_len, chop_cells

WIDTH: Final = 72
_PLAIN: Final = {ord(space): " " for space in "\u00a0\u202f"}  # once they have held their line together
_BREAKS: Final = re.compile(r"[ \n]+")


def fill(text: str, indent: str = "", first: str | None = None, width: int = WIDTH) -> str:
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
    """What stands between spaces, not those that no line breaks at; and pieces of what is wider than a whole line."""
    return [
        piece
        for word in _BREAKS.split(text.strip())
        for piece in ([word] if cell_len(word) <= width else chop_cells(word, width))
    ]
