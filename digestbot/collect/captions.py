"""Captions, credits and the numbers of footnotes: what stands in the markup of a text and is none of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

# What stands in a figure is about its picture; a quotation, a table or code in one is the report's.
_FIGURE: Final = re.compile(
    r"<figure\b[^<>]*>[^<]*(?:<(?!/figure|(?:blockquote|table|pre|figure)\b)[^<]*)*</figure\s*>", re.IGNORECASE
)
_BY_TAG: Final = re.compile(r"<figcaption\b[^<>]*>.*?</figcaption\s*>", re.IGNORECASE | re.DOTALL)
_HINTS: Final = ("caption", "credit")  # in the names of classes
_NAMED: Final = re.compile(
    r"class\s*=\s*[\"']?(?:[^\"'<>]*\s)?(?:[\w-]*caption(?:[_-]?(?:text|credit|title|body|content|inner|p))?|(?:[\w-]*[_-])?(?:photo|foto|bild)?credits?)(?=[\s\"'>])",
    re.IGNORECASE,
)
_ELEMENT: Final = re.compile(
    r"<(p|span|small|em|i|div|td|dd|dt|cite|b|strong|center|figcaption|h[1-6]|li)\s[^<>]*>[^<]*(?:<(?!/?\1\b)[^<]*)*</\1\s*>",
    re.IGNORECASE,
)
_MOST_CHARS_OF_A_CAPTION: Final = 900
_CHARS_OF_A_HEAD: Final = 300  # where the picture of an article stands
# A note's number is a link behind the full stop, which it would hide.
_END_OF_NOTE: Final = "</a></sup>"
_CHARS_WITH_NOTES: Final = 600
_NOTE: Final = re.compile(r"<sup\b[^<>]*>\s*(?:<[^<>]*>\s*){1,4}\[?\d{1,3}\]?\s*</a></sup>")


def may_have_captions(markup: str) -> bool:
    """Whether a closer look pays; one at every text would take as long as making it plain."""
    if "caption" in markup:
        return True
    at = markup.find("<img", 0, _CHARS_OF_A_HEAD)
    return at >= 0 and (markup.find("<figure", 0, at) >= 0 or markup.find("credit", at, at + _CHARS_OF_A_HEAD) >= 0)


def without_captions(markup: str) -> str:
    """The markup without figures, captions and credits, by their tags and the names of their classes."""
    if "<fig" in markup:
        markup = _BY_TAG.sub("", _FIGURE.sub("", markup))
    found = sorted(set(filter(lambda span: span[1], (_captioned(markup, at) for at in _places(markup)))))
    parts, at = list[str](), 0
    for start, end in found:
        if start >= at:
            parts.append(markup[at:start])
            at = end
    return "".join([*parts, markup[at:]]) if found else markup


def _places(markup: str) -> Iterator[int]:
    for hint in _HINTS:
        at = markup.find(hint)
        while at >= 0:
            yield at
            at = markup.find(hint, at + 1)


def _captioned(markup: str, at: int) -> tuple[int, int]:
    """Where the element begins and ends whose tag this place is in, if it is a caption by its class."""
    start = markup.rfind("<", 0, at)
    named = markup.rfind("class", start, at) if start >= 0 else -1
    if named < 0 or not _NAMED.match(markup, named) or ">" in markup[start:at]:
        return 0, 0
    element = _ELEMENT.match(markup, start, start + _MOST_CHARS_OF_A_CAPTION)
    return (start, element.end()) if element else (0, 0)


def without_notes(markup: str) -> str:
    """The markup without the numbers of footnotes, where it has some near its beginning."""
    return _NOTE.sub("", markup) if markup.find(_END_OF_NOTE, 0, _CHARS_WITH_NOTES) >= 0 else markup
