"""The content of an XML element as HTML or as text, whether its markup was escaped, in CDATA, or neither."""

from __future__ import annotations

import re
from typing import Any, Final
from xml.sax.saxutils import escape, quoteattr

from ..text.sanitise import WINDOWS_1252

_VOID: Final = frozenset(
    ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"]
)

_SPACES: Final = " \t\r\n"  # those of XML: to Python an ellipsis of Windows-1252 is one, too
# UTF-8's first byte of a character and its second, as they look when they were taken for Latin-1 or Windows-1252.
_ENCODED_AGAIN: Final = re.compile(f"[\xc2-\xf4][\x80-\xbf{''.join(WINDOWS_1252.values())}]")
_ODD_IN_ATTRIBUTE: Final = re.compile(r"[\"&<>\n\r\t]")
_CHARS_OF_A_BEGINNING: Final = 500
_AS_BYTES: Final = {ord(character): byte for byte, character in WINDOWS_1252.items()}


def typed_text(element: Any) -> tuple[str, bool]:
    """The content of a text construct as HTML, or as plain text and True where it is declared to be that."""
    declared = element.get("type")
    if declared is None and len(element) == 0:  # as in nearly every feed
        text = (element.text or "").strip(_SPACES)
        return text if text.isascii() else once_decoded(text), False
    kind = (declared or "").strip().lower()
    if len(element) == 0:
        if kind and (
            element.get("mode") == "base64" or kind.startswith(("image/", "video/", "audio/", "application/pdf"))
        ):
            return "", False
        text = (element.text or "").strip(_SPACES)
        if "xhtml" in kind:
            text = escape(text)
        return once_decoded(text), kind in ("text", "text/plain") and element.get("mode") != "escaped"
    literal = "xhtml" in kind or kind.endswith("xml")
    if literal and len(element) == 1 and _is_wrapper(element):
        element = element[0]  # the division that XHTML in Atom must stand in (RFC 4287, 3.1.1.3) is none of the content
    return once_decoded(_markup(element, literal=literal).strip(_SPACES)), False


def once_decoded(text: str) -> str:
    """UTF-8 that somebody took for Latin-1 or Windows-1252 and encoded again ("CafÃ©", "itâ€™s"), decoded; any other text as it is.

    However often: feedparser takes one step itself, and both parsers must come to the same.
    """
    while not text.isascii() and _ENCODED_AGAIN.match(text, _first_beyond_ascii(text)):
        try:
            text = text.translate(_AS_BYTES).encode("iso-8859-1").decode("utf-8")
        except (UnicodeEncodeError, UnicodeDecodeError):
            break
    return text


def _first_beyond_ascii(text: str) -> int:
    # Most are near, and the codec asks for room for all that it is given.
    for piece in (text[:_CHARS_OF_A_BEGINNING], text):
        try:
            piece.encode("ascii")  # the codec finds it in a tenth of the time of a pattern
        except UnicodeEncodeError as error:
            return error.start
    return len(text)


def _is_wrapper(element: Any) -> bool:
    return element[0].tag.endswith("}div") and not (element.text or "").strip() and not (element[0].tail or "").strip()


def _markup(element: Any, *, literal: bool) -> str:
    parts: list[str] = []
    _add_markup(parts, element, literal=literal)
    return "".join(parts)


def _add_markup(parts: list[str], element: Any, *, literal: bool) -> None:
    """The content with its tags. Text is escaped where it is literal; else it was HTML before it became XML."""
    if text := element.text:
        parts.append(escape(text) if literal else text)
    for child in element:
        tag = child.tag.rpartition("}")[2]
        attributes = "".join([f" {name.rpartition('}')[2]}={_quoted(value)}" for name, value in child.items()])
        parts.append(f"<{tag}{attributes}>")
        if tag.lower() not in _VOID:
            _add_markup(parts, child, literal=literal)
            parts.append(f"</{tag}>")
        if tail := child.tail:
            parts.append(escape(tail) if literal else tail)


def _quoted(value: str) -> str:
    # What `quoteattr` gives for nearly every value, in a quarter of its time.
    return quoteattr(value) if _ODD_IN_ATTRIBUTE.search(value) else f'"{value}"'


def all_text(element: Any) -> str:
    if element is None:
        return ""
    return (element.text or "") if len(element) == 0 else _markup(element, literal=False)
