"""What takes room in markup and shows no word: styles, scripts, drawings, comments, pictures written out in letters."""

from __future__ import annotations

import re
from typing import Final

_SIGNS: Final = ("<!--", "data:", "<style", "<script", "<svg")
_BEGINS: Final = re.compile(
    r"<(?:!--|(style|script|svg|title|noscript|template|iframe|object|audio|video|math)\b)", re.IGNORECASE
)
_WRITTEN_OUT: Final = re.compile(r"data:[a-z]+/[a-z0-9.+-]+[;,][^\"'<>)\s]{200,}")
# A text that begins with one, perhaps within others.
_LEADING: Final = re.compile(
    r"\s*+(?:<title>[^<>]{0,200}+</title>\s*+|<(?:!doctype|html|head|/head|meta|body|div|span|center|table|tbody|tr|td|p)\b[^<>]*+>\s*+)*+"
    r"<(?:!--|(?:style|script|svg)\b)",
    re.IGNORECASE,
)


def begins_with_filler(markup: str) -> bool:
    """Whether what shows no word comes before every word."""
    return _LEADING.match(markup) is not None


def holds_filler(markup: str, limit: int) -> bool:
    """Whether something of it, as it is mostly written, begins in the first `limit` characters."""
    return any(markup.find(sign, 0, limit) >= 0 for sign in _SIGNS)


def without_filler(markup: str, limit: int) -> str:
    """The beginning of the markup, `limit` characters without its filler; what has no end stays."""
    if "data:" in markup:
        markup = _WRITTEN_OUT.sub("data:", markup)
    parts, at, room = list[str](), 0, limit
    while room > 0 and (found := _BEGINS.search(markup, at, at + room)):
        end = _end(markup, found)
        if end < 0:
            break
        parts.append(markup[at : found.start()])
        room -= found.start() - at
        at = end
    return "".join([*parts, markup[at : at + max(room, 0)]])


def _end(markup: str, found: re.Match[str]) -> int:
    """Where what begins here ends; -1 where it does not."""
    name = found[1]
    if name:
        closed = re.compile(rf"</{name}\s*>", re.IGNORECASE).search(markup, found.end())
        return closed.end() if closed else -1
    end = markup.find("-->", found.end())
    return end + len("-->") if end >= 0 else -1
