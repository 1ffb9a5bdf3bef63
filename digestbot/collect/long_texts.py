"""What stands at the end of very long texts, taken out of a document before it is parsed: of a whole book only its beginning is read."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Final

from .html_to_text import MOST_CHARS_READ

# Enough for the characters that are read, with their references: where so many are read, they are mostly tags.
_MOST_BYTES: Final = MOST_CHARS_READ * 5 // 3
_BYTES_OF_A_WORD: Final = 2_000  # within which a text has a space
_SHARE_OF_THE_REST: Final = 32
_SECTION: Final = b"<![CDATA["
# What shows no word (filler.py) and stands before every word, by how it ends.
_FILLER: Final = re.compile(rb"(?:<|&lt;)(?:!(--)|(style|script|svg))", re.IGNORECASE)
_BYTES_OF_A_BEGINNING: Final = 300
_BYTES_OF_FILLER: Final = 2_000  # less leaves room enough for words


def sections_begun(content: bytes) -> list[int]:
    """Where sections of CDATA seem to begin."""
    # A third of the time of a pattern: few documents have many such signs.
    found, at = list[int](), content.find(b"!")
    while at >= 0:
        if content.startswith((b"[CDATA[", b"[cdata["), at + 1):
            found.append(at - 1)
        at = content.find(b"!", at + 1)
    return found


def without_long_ends(content: bytes, sections: list[int]) -> bytes:
    """The document without the ends of its very long texts, escaped or in a section of CDATA.

    Some is kept of the rest of each, so that the longer of two texts stays the longer one.
    """
    if len(content) <= _MOST_BYTES:
        return content
    cuts = sorted([*_of_sections(content, sections), *_of_runs(content)])
    parts, at = list[bytes](), 0
    for start, end in cuts:
        if start >= at:
            parts.append(content[at:start])
        at = max(at, end)
    return b"".join([*parts, content[at:]]) if parts else content


def _of_sections(content: bytes, sections: list[int]) -> list[tuple[int, int]]:
    cuts = []
    for start, following in pairwise([*sections, len(content)]):
        if following - start > _MOST_BYTES:
            end = _end_of_section(content, start + len(_SECTION))
            if end - start > _MOST_BYTES and not _begins_with_filler(content, start + len(_SECTION)):
                cuts.append((_at_a_space(content, start, end), end))
    return cuts


def _of_runs(content: bytes) -> list[tuple[int, int]]:
    """Those without any tag in them, as where markup is escaped."""
    cuts, start = [], 0
    while start + _MOST_BYTES < len(content):
        tag = content.rfind(b"<", start, start + _MOST_BYTES)
        if tag >= 0:
            start = tag + 1
            continue
        end = content.find(b"<", start + _MOST_BYTES)
        if end < 0:
            break
        cut = _at_a_space(content, start, end)
        # A `>` is the end of something that is no text.
        if content.find(b">", cut, end) < 0 and not _begins_with_filler(content, max(start - 1, 0)):
            cuts.append((cut, end))
        start = end + 1
    return cuts


def _end_of_section(content: bytes, at: int) -> int:
    at = content.find(b"]", at)
    while at >= 0 and not content.startswith(b"]>", at + 1):
        at = content.find(b"]", at + 1)
    return at


def _begins_with_filler(content: bytes, start: int) -> bool:
    found = _FILLER.search(content, start, start + _BYTES_OF_A_BEGINNING)
    if found is None:
        return False
    end = found[1] or b"/" + found[2]
    return content.find(end, found.end(), found.end() + _BYTES_OF_FILLER) < 0


def _at_a_space(content: bytes, start: int, end: int) -> int:
    """Where to cut a text: never within a character or a reference; its end where it has no space."""
    most = start + _MOST_BYTES + (end - start - _MOST_BYTES) // _SHARE_OF_THE_REST
    space = max(content.rfind(space, most - _BYTES_OF_A_WORD, most) for space in (b" ", b"\n"))
    return space if space >= 0 else end
