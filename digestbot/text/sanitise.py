"""Sanitises text from outside: removes characters that can break or fake what a reader or an operator sees."""

from __future__ import annotations

import json
import re
import unicodedata
from typing import Final

# C0 and C1 controls without tab and newline, line and paragraph separators, the byte order mark, bidirectional
# overrides and isolates (Unicode TR36 section 3.1), interlinear annotation, lone surrogates, noncharacters; and soft hyphens,
# which say where a word may be divided: some programs show them, and a word with them is another one.
# The space without width, too, but where Thai, Lao, Khmer or Burmese divides its words by it.
_HARMFUL = re.compile(
    "\u200b(?![\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff])|(?<![\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff])\u200b|"
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u202a-\u202e\u2060\u2066-\u206f\ufeff\ufff9-\ufffb\ufffe\uffff\ud800-\udfff]"
)
# What an operator's terminal, log or alert gets besides our words: C0 without tab and newline, C1, line and paragraph separators,
# whatever turns the direction of text or hides it (Unicode's category Cf without U+200C and U+200D, which words need).
_UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u180e\u200b\u200e\u200f\u2028-\u202e"
    "\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff\U000110bd\U000110cd\U00013430-\U0001345f\U0001bca0-\U0001bca3"
    "\U0001d173-\U0001d17a\U000e0000-\U000e007f]"
)
# The three marks that stand for a letter of one direction (Unicode UAX 9, implicit directional marks), in a row or alone.
_MARKS = re.compile("[\u061c\u200e\u200f]+")
# Letters that are written from right to left: Hebrew, Arabic, Syriac, Thaana, N'Ko and later ones, and their old forms.
_RIGHT_TO_LEFT = re.compile(
    "[\u0590-\u061b\u061d-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]"
)
_CONTROLS = re.compile("[\x80-\x9f]")
_BREAKS = re.compile("\r\n?|[\x0b\x0c\u2028\u2029]")
# The characters that Windows-1252 has for the bytes 128 to 159; as characters of their own those are control characters that nobody means.
WINDOWS_1252: Final = {
    byte: bytes([byte]).decode("cp1252") for byte in range(0x80, 0xA0) if byte not in (0x81, 0x8D, 0x8F, 0x90, 0x9D)
}
# What one of the last steps of `sanitise` changes: harmful characters, breaks, marks, spaces that are not U+0020.
_TO_MEND = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\xa0\xad\u061c\u1680\u2000-\u200b\u200e\u200f\u2028-\u202f\u205f\u2060\u2066-\u206f\u3000\ufeff\ufff9-\ufffb\ufffe\uffff"
    "\ud800-\udfff]"
)
# Whatever may be composed with what stands before it, or is not NFC itself, and more: all but the blocks that have no such character.
_MAY_COMPOSE = re.compile(
    "[^\xa1-\u02ff\u0400-\u0482\u048a-\u052f\u1e00-\u1eff\u2010-\u2027\u2030-\u205e\u20a0-\u20bf\u2190-\u2328\u232b-\u2900"
    "\u3001-\u3029\u3041-\u3096\u30a1-\u30ff\u4e00-\u9fff\uac00-\ud7a3\uff01-\uff5e]"
)
_FEW_CHARS = 200
_KNOWN = b"\n" + bytes(range(0x20, 0x7F))


def sanitise(text: str) -> str:
    """Remove harmful characters, compose accents (NFC), fold white space; newlines stay, single ones.

    The controls from 128 to 159 are what Windows-1252 has there, as in HTML (5, 13.2.5.84). Overrides of direction go. The marks that put a comma or a C++ on the right side of a Hebrew or Arabic word stay.
    """
    if len(text) < _FEW_CHARS and text.isascii() and text.isprintable() and "  " not in text:
        return text.strip()  # most titles and names
    if "\n" not in text and "  " not in text and (odd := _beyond_ascii(text)).isprintable():
        return _composed(text.strip(), odd)
    if "\x85" in text:  # an ellipsis of Windows-1252, which Python takes for a space
        text = text.translate(WINDOWS_1252)
    if "\r" in text:
        text = text.replace("\r\n", "\n")
    text = text.replace("\t", " ").replace("\xa0", " ")
    text = "\n".join(filter(None, map(str.strip, text.split("\n"))))
    if text.rfind("  ") >= 0:  # rfind takes two thirds of the time of find
        text = " ".join([piece.strip(" ") for piece in text.split("  ") if piece])
    # Most texts are finished here: `isprintable` is false for every harmful character and for every space but U+0020.
    odd = _beyond_ascii(text)
    if odd.isprintable() or not _TO_MEND.search(odd):
        return _composed(text, odd)
    if _CONTROLS.search(odd):
        text = text.translate(WINDOWS_1252)
    text = _HARMFUL.sub("", _BREAKS.sub("\n", text))
    text = unicodedata.normalize("NFC", _without_idle_marks(text))
    return "\n".join(filter(None, (" ".join(line.split()) for line in text.split("\n"))))


def _composed(text: str, odd: str) -> str:
    """In NFC (Unicode UAX 15); `odd` are its characters beyond ASCII, which tell mostly that it is."""
    return unicodedata.normalize("NFC", text) if _MAY_COMPOSE.search(odd) else text


def is_right_to_left(text: str) -> bool:
    """Whether it holds a letter of a script that is written from right to left."""
    return not text.isascii() and _RIGHT_TO_LEFT.search(text) is not None


def isolated(text: str) -> str:
    """The text for the middle of a line: a name from right to left must not turn what stands beside it (UAX 9, FSI and PDI)."""
    return f"\u2068{text}\u2069" if is_right_to_left(text) else text


def _without_idle_marks(text: str) -> str:
    """Marks of direction stay, one of a row, in lines that are written from right to left, and not inside a word."""
    if not _MARKS.search(text):
        return text
    return "\n".join(_MARKS.sub(_one_mark if is_right_to_left(line) else "", line) for line in text.split("\n"))


def _one_mark(found: re.Match[str]) -> str:
    before, after = found.string[: found.start()][-1:], found.string[found.end() :][:1]
    return "" if before.isalpha() and after.isalpha() else found[0][-1]


def _beyond_ascii(text: str) -> str:
    # str.isprintable and patterns look up every character, so they get only those that are not known to be printable.
    return text.encode("utf-8", "surrogatepass").translate(None, _KNOWN).decode("utf-8", "surrogatepass")


def printable(text: str) -> str:
    """The gate for whatever an operator reads (terminal, log, alert): only what shows, and shows in its order.

    Nothing else changes: newlines, tabs and double spaces stay.
    """
    return text if text.isascii() and text.isprintable() else _UNPRINTABLE.sub("", text)


def printable_json(value: object, *, indent: int | None = None) -> str:
    """JSON with the same data, in which those characters are escaped, as ESC is; what JSON does not know becomes text."""
    text = json.dumps(value, ensure_ascii=False, indent=indent, default=str)
    return _UNPRINTABLE.sub(lambda found: json.dumps(found[0])[1:-1], text)


def one_line(text: str) -> str:
    """`sanitise`, on a single line: for titles, names and subjects."""
    return sanitise(text).replace("\n", " ")


def shorten(text: str, width: int) -> str:
    """At most `width` characters, cut at a word where one ends near, with an ellipsis that counts."""
    if len(text) <= width:
        return text
    cut = text[: max(width - 1, 0)]
    space = cut.rfind(" ")
    if space > width * 0.6:  # else a long word, or a script without spaces, would lose too much
        cut = cut[:space]
    # A combining mark, a variation selector or a joiner must not lose what it belongs to.
    while cut and (unicodedata.combining(text[len(cut)]) or text[len(cut)] in "\u200d\ufe0f" or cut[-1] == "\u200d"):
        cut = cut[:-1]
    return cut.rstrip(" ,;:–—-") + "…"
