"""What stands at the end of very long texts, taken out of a document before it is parsed: of a whole book only its beginning is read."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from itertools import pairwise
from typing import Final, NamedTuple

from .html_to_text import MOST_CHARS_READ

# Enough for the characters that are read, with their references: where so many are read, they are mostly tags.
_MOST_BYTES: Final = MOST_CHARS_READ * 5 // 3
_BYTES_OF_A_WORD: Final = 2_000  # within which a text has a space
_SHARE_OF_THE_REST: Final = 32
_SECTION: Final = b"<![CDATA["
_BEGINNINGS: Final = (b"--", b"[CDATA[", b"[cdata[")
# What shows no word (filler.py) and stands before every word.
_FILLER: Final = re.compile(rb"(?:<|&lt;)(style|script|svg)")
_BYTES_OF_A_BEGINNING: Final = 300
_BYTES_OF_FILLER: Final = 2_000  # less leaves room enough for words


class Marks(NamedTuple):
    """Where something seems to begin in a document, in its order."""

    sections: list[int]  # of CDATA
    comments: list[int]  # its own, and those of markup in its texts, escaped or not; by their `!`


def marks_of(content: bytes) -> Marks:
    """Of every `!`, which begins either: a third of the time of a pattern, for few documents have many."""
    sections, comments, at = list[int](), list[int](), content.find(b"!")
    while at >= 0:
        if content.startswith(_BEGINNINGS, at + 1):
            if content[at + 1] == ord("-"):
                comments.append(at)
            else:
                sections.append(at - 1)
        at = content.find(b"!", at + 1)
    return Marks(sections, comments)


def without_long_ends(content: bytes, marks: Marks) -> bytes:
    """The document without the ends of its very long texts, escaped or in a section of CDATA.

    Some is kept of the rest of each, so that the longer of two texts stays the longer one. Comments do not count, nor is a text cut
    that begins with long styles: what is read stands behind them.
    """
    if len(content) <= _MOST_BYTES:
        return content
    parts, at = list[bytes](), 0
    for start, end in sorted([*_of_sections(content, marks), *_of_runs(content, marks)]):
        if start >= at:
            parts.append(content[at:start])
        at = max(at, end)
    return b"".join([*parts, content[at:]]) if parts else content


def _of_sections(content: bytes, marks: Marks) -> Iterator[tuple[int, int]]:
    for start, following in pairwise([*marks.sections, len(content)]):
        if following - start > _MOST_BYTES:
            begun = start + len(_SECTION)
            yield from _cut(content, begun, _end_of_section(content, begun), marks)


def _of_runs(content: bytes, marks: Marks) -> Iterator[tuple[int, int]]:
    """Those without any tag in them, as where markup is escaped."""
    start = 0
    while start + _MOST_BYTES < len(content):
        tag = content.rfind(b"<", start, start + _MOST_BYTES)
        if tag >= 0:
            start = tag + 1
            continue
        end = content.find(b"<", start + _MOST_BYTES)
        for cut in _cut(content, max(start - 1, 0), end, marks):
            # A `>` is the end of something that is no text.
            if content.find(b">", *cut) < 0:
                yield cut
        if end < 0:
            break
        start = end + 1


def _end_of_section(content: bytes, at: int) -> int:
    at = content.find(b"]", at)
    while at >= 0 and not content.startswith(b"]>", at + 1):
        at = content.find(b"]", at + 1)
    return at


def _cut(content: bytes, start: int, end: int, marks: Marks) -> Iterator[tuple[int, int]]:
    """What is left out of the text from `start` to `end`, where it is a very long one."""
    if end - start <= _MOST_BYTES or _begins_with_filler(content, start):
        return
    most = _behind_comments(content, start, marks.comments)
    if most >= end:
        return
    most += (end - most) // _SHARE_OF_THE_REST
    # Never within a character or a reference; not at all where there is no space.
    space = max(content.rfind(space, most - _BYTES_OF_A_WORD, most) for space in (b" ", b"\n"))
    if space >= 0:
        yield space, end


def _begins_with_filler(content: bytes, start: int) -> bool:
    beginning = content[start : start + _BYTES_OF_A_BEGINNING].lower()
    if b"style" not in beginning and b"script" not in beginning and b"svg" not in beginning:
        return False
    found = _FILLER.search(beginning)
    if found is None:
        return False
    behind = start + found.end()
    return b"/" + found[1] not in content[behind : behind + _BYTES_OF_FILLER].lower()


def _behind_comments(content: bytes, start: int, comments: list[int]) -> int:
    """Where so much of a text has been seen as may be read, comments not counted."""
    room = _MOST_BYTES
    for at in range(bisect_left(comments, start), len(comments)):
        seen = comments[at] - start
        if seen >= room:
            break
        if seen < 0:  # it stands in the one before
            continue
        room -= seen
        end = content.find(b"--", comments[at] + len(b"!--"))
        if end < 0:
            break
        start = end + len(b"-->")
    return start + room
