"""Damaged XML made well-formed, where what was meant is known for sure; everything else is left to feedparser.

A parser that recovers by itself drops what it does not understand, and the rest of the document may go with it. Mended are:
the charset, junk before and after, control characters, HTML's entities, bare `&` and `<`, references to characters that XML has
not, comments, prefixes that nobody declared, and markup in texts that was not escaped.
"""

from __future__ import annotations

import codecs
import html
import re
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from html.entities import html5

from ..text.sanitise import WINDOWS_1252
from .charset_names import codec_of, is_of_seven_bits

_DECLARED = re.compile(rb"^[^<]{0,64}<\?xml[^>]*?encoding\s*=\s*[\"']\s*([\w.:-]+)", re.IGNORECASE)
_ROOT = re.compile(r"<(?:\w+:)?(?:rss|feed|rdf)\b[^<>]*>", re.IGNORECASE)
_PROLOGUE = re.compile(r"\s*(?:<\?.*?\?>\s*|<!--.*?-->\s*)*", re.DOTALL)  # a comment may hold another document
_ROOT_END = re.compile(r"</(?:\w+:)?(?:rss|feed|rdf)\s*>", re.IGNORECASE)
NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")  # XML 1.0, section 2.2
_CONTROL = re.compile("[\x80-\x9f]")
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_START = "<![CDATA["
_SECTION_START = re.compile(r"<!\s?\[\s?cdata\s?\[", re.IGNORECASE)
_IDLE_END = re.compile(r"\A([^<]*?)\]\]>")  # of the outer one of two sections
_ITEM_END = re.compile(r"</(?:\w+:)?(?:item|entry)\s*>", re.IGNORECASE)
_SECTION = re.compile(r"<!\[CDATA\[(.*?)\]\]>", re.DOTALL)
# An entity of the document's own, made of nothing but letters: others could grow without end.
_ENTITY = re.compile(r"<!ENTITY\s+(\w{1,32})\s+([\"'])([^&<>%\"']{0,200})\2\s*>")
# Two halves of one character, as UTF-16 writes it, are one; so this comes before the single reference.
_AMPERSAND = re.compile(
    r"&(?!(?:amp|lt|gt|quot|apos);)(?:#(?:x(d[89ab][0-9a-f]{2});&#x(d[c-f][0-9a-f]{2})|(5[56]\d{3});&#(5[67]\d{3})|x([0-9a-f]{1,8})|(\d{1,10}));|([a-z]\w{1,31});)?",
    re.IGNORECASE,
)
_BARE_LESS = re.compile(r"<(?![A-Za-z_/!?])")
_PREFIX_OF_TAG = re.compile(r"</?+([A-Za-z_][\w.-]*+):[A-Za-z_]")
# An attribute from its colon on: it is found in a twentieth of the time of one that begins with a space.
_AFTER_PREFIX = re.compile(r":[A-Za-z_][\w.-]*+\s*+=\s*+[\"']")
_PREFIX_BEFORE = re.compile(r".*\s([A-Za-z_][\w.-]*+)\Z", re.DOTALL)
_LONGEST_PREFIX = 64
_CHARS_OF_A_HEAD = 4_096
_CHARS_TO_JUDGE = 200_000
# A tag with a value that stands in no quotes.
_UNQUOTED = re.compile(
    r"<[A-Za-z_][\w.:-]*(?:\s+[\w.:-]+\s*=\s*(?:\"[^\"<>]*\"|'[^'<>]*'))*\s+[\w.:-]+\s*=[^\s\"'<>][^<>]*>"
)
_VALUE = re.compile(r"(?<==)(?:\"[^\"<>]*\"|'[^'<>]*'|((?:[^\s\"'<>/]|/(?!>))+))")
# Patterns that begin with letters are looked for by these; one that begins with `\b` is tried everywhere.
_DECLARES = re.compile(r"xmlns(?<!\wxmlns):([A-Za-z_][\w.-]*)\s*=")
_SPACED = re.compile(r"(xmlns(?<!\wxmlns)(?::[\w.-]+)?\s*=\s*[\"'])([^\"'<>]*\s[^\"'<>]*)([\"'])")
_SHELF = re.compile(r"</?itunes:category\b[^<>]*>", re.IGNORECASE)
# Elements whose content is text: markup in it that is not escaped belongs to the text.
_TEXT_NAMES = "title|description|content:encoded|summary|content|itunes:summary|itunes:subtitle|media:description|media:title|dc:description"
# Up to its end or to the next of its name, so that a thousand without an end are not each looked for to the end of the document.
_TEXT = re.compile(rf"<({_TEXT_NAMES})(\s[^<>]*)?(?<!/)>((?:[^<]++|<(?!/?\1[\s>]))*+)</\1\s*>", re.IGNORECASE)
# The end of a section, with a bracket too few or a space too many, where its element ends.
_ODD_SECTION_END = re.compile(
    rf"(<!\[CDATA\[(?:(?!\]\]>|<!\[CDATA\[).)*?)(?:\]|\]\]\s+)>(?=\s*</(?:{_TEXT_NAMES}|link|guid)\s*>)",
    re.DOTALL | re.IGNORECASE,
)
# Elements of nothing but text, with their end or what stands there in its place.
_SIMPLE = re.compile(
    rf"<!\[CDATA\[.*?\]\]>|(<({_TEXT_NAMES}|link|guid|pubDate|dc:creator|dc:date|category|updated|published|id)(?:\s[^<>]*)?(?<!/)>)"
    r"((?:[^<]++|<!\[CDATA\[.*?\]\]>)++)"
    r"(?:(</\2\s*>)|<\2>|</(?!item\b|entry\b|channel\b)[\w:]+\s*>(?![^<]*+</\2)|(?=</?(?:item|entry)\b"
    rf"|<(?:{_TEXT_NAMES}|link|guid|pubDate|category|author|enclosure|comments|source|updated|published|id|(?:dc|media|atom|itunes|content):\w+)\b))",
    re.DOTALL | re.IGNORECASE,
)
_PREFIXES = {
    "rss": "http://purl.org/rss/1.0/",
    "media": "http://search.yahoo.com/mrss/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
    "atom": "http://www.w3.org/2005/Atom",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "dcterms": "http://purl.org/dc/terms/",
    "feedburner": "http://rssnamespace.org/feedburner/ext/1.0",
}
# In what a language was written before UTF-8, where a document is not in the charset that it names.
_OLD_CHARSETS = {
    **dict.fromkeys(("ru", "uk", "be", "bg", "sr", "mk", "kk"), "cp1251"), **dict.fromkeys(("pl", "cs", "sk", "hu", "sl", "hr", "ro"), "cp1250"),
    **dict.fromkeys(("ar", "fa", "ur"), "cp1256"), **dict.fromkeys(("lt", "lv", "et"), "cp1257"), "el": "cp1253", "tr": "cp1254", "az": "cp1254",
    "he": "cp1255", "vi": "cp1258", "th": "cp874", "ja": "cp932", "ko": "cp949", "zh": "gb18030", "zh-tw": "big5hkscs", "zh-hk": "big5hkscs",
}  # fmt: skip
_LANGUAGE = re.compile(
    rb"(?:<(?:dc:)?language\s*>\s*(?:<!\[CDATA\[)?\s*|xml:lang\s*=\s*[\"'])([a-z]{2})(?:[-_]([a-z]{2})\b)?",
    re.IGNORECASE,
)
_LONG_RUN = re.compile(rb"[\xa3\xb3\xb8\xa8\xc0-\xff]{4,}")  # in the west one such letter stands between others
_UPPER_HALF = re.compile(rb"[\xe0-\xff]")
_HIGH = re.compile(rb"[\x80-\xff]")
# The two halves of a character beyond the first 65,536, each encoded by itself.
_HALVES = re.compile(rb"\xed[\xa0-\xaf][\x80-\xbf]\xed[\xb0-\xbf][\x80-\xbf]")
_BOMS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def decoded(content: bytes, charset: str = "") -> str:
    """The document as text: what is valid UTF-8 is UTF-8, whatever anybody says; then the declared charset, the server's, Windows-1252."""
    for mark, name in _BOMS:
        if content.startswith(mark):
            return content.decode(name, "replace")
    asked = (_declared(content), charset.lower())
    wide = _wide(content)
    if wide:
        return content.decode(wide, "replace")
    if content.isascii() and not any(map(is_of_seven_bits, asked)):
        return content.decode("ascii")
    content = _HALVES.sub(_joined, content)
    # Some write the x- of a charset that had no name once: x-mac-cyrillic.
    names = [
        "utf-8",
        *(known for name in asked if name for known in (codec_of(name), codec_of(name.removeprefix("x-")))),
    ]
    if content.isascii():
        names.reverse()
    for name in names:
        if name == "cp1252" and _has_long_runs(content):
            name = _likely_charset(content)  # noqa: PLW2901 -- what many servers say of everything
        try:
            return content.decode(name)
        except (UnicodeDecodeError, LookupError, ValueError):
            continue
    # One bad byte in a thousand good ones: the text was cut, or two were mixed.
    text = content.decode("utf-8", "replace")
    damaged = text.count("\ufffd")
    letters = sum(map(len, re.findall("[\x80-\ufffc]+", text[:200_000])))
    return text if damaged * 4 < letters else content.decode(_likely_charset(content), "replace")


def is_disguised(content: bytes, charset: str = "") -> bool:
    """Whether it is written in a charset that passes for ASCII, and so for UTF-8."""
    return any(map(is_of_seven_bits, (_declared(content), charset.lower())))


def _declared(content: bytes) -> str:
    found = _DECLARED.match(content[:256])
    return found[1].decode().lower() if found else ""


def _likely_charset(content: bytes) -> str:
    """That of the declared language; without one, Cyrillic where whole words are letters beyond ASCII; else Windows-1252."""
    found = _LANGUAGE.search(content[:_CHARS_OF_A_HEAD])
    if found:
        code, region = found[1].decode().lower(), (found[2] or b"").decode().lower()
        if name := _OLD_CHARSETS.get(f"{code}-{region}") or _OLD_CHARSETS.get(code):
            return name
    if not _has_long_runs(content):
        return "cp1252"
    letters = b"".join(_LONG_RUN.findall(content[:_CHARS_TO_JUDGE]))
    # Small letters, which most are, are the second half of the letters in Windows-1251, and the first in KOI8-R.
    return "cp1251" if len(_UPPER_HALF.findall(letters)) * 2 > len(letters) else "koi8-r"


def _joined(halves: re.Match[bytes]) -> bytes:
    return halves[0].decode("utf-8", "surrogatepass").encode("utf-16", "surrogatepass").decode("utf-16").encode()


def _wide(content: bytes) -> str:
    start = content[:64].lstrip(b" \t\r\n")
    if start.startswith((b"<\0\0\0", b"\0\0\0<")):
        return "utf-32-le" if start[0] else "utf-32-be"
    if start.startswith((b"<\0", b"\0<")):
        return "utf-16-le" if start[0] else "utf-16-be"
    return ""


def _has_long_runs(content: bytes) -> bool:
    start = content[:_CHARS_TO_JUDGE]
    return 2 * sum(map(len, _LONG_RUN.findall(start))) > len(_HIGH.findall(start))


def mended(text: str) -> str:
    """The document without what is known to be wrong and known to be safe to mend."""
    prologue = _PROLOGUE.match(text)
    start = _ROOT.search(text, prologue.end() if prologue else 0)
    if start is None:
        return text
    end = None
    for end in _ROOT_END.finditer(text, start.end()):  # noqa: B007 -- the last one
        pass
    entities = {name: meant for name, _, meant in _ENTITY.findall(text[: start.start()])}
    text = text[start.start() : end.end() if end else len(text)]
    text = _SECTION_START.sub(_START, NOT_XML.sub("", text))
    text = _without_open_comment(_ODD_SECTION_END.sub(r"\1]]>", text))
    if not text.isascii() and _CONTROL.search(text):
        text = text.translate(WINDOWS_1252)
    return "".join(_outside_sections(text, partial(_outside, entities=entities)))


def _without_open_comment(text: str) -> str:
    """The document without the beginning of a comment that never ends, which would take the rest with it."""
    start = text.rfind("<!--")
    if start <= text.rfind("-->") or text.rfind(_START, 0, start) > text.rfind("]]>", 0, start):
        return text
    return text[:start] + text[start + len("<!--") :]


def with_ends(text: str) -> str:
    """The document with the ends of elements of nothing but text, where these are missing or misspelt."""
    return _SIMPLE.sub(_ended, text)


def _ended(found: re.Match[str]) -> str:
    start, name, inside, end = found.group(1, 2, 3, 4)
    return found[0] if end or not name or not inside.strip() else f"{start}{inside}</{name}>"


def escaped_texts(text: str) -> str:
    """The document with the markup in its texts as CDATA: for one that is still not well-formed after `mended`."""
    return _TEXT.sub(_escaped, "".join(_each_section_escaped(text)))


def _sections(text: str) -> Iterator[re.Match[str]]:
    # Behind the last end every beginning would be looked at in vain, each to the end of the document.
    return _SECTION.finditer(text, 0, text.rfind("]]>") + 3)


def _outside_sections(text: str, mend: Callable[[str], str]) -> Iterator[str]:
    place, inner_ends = 0, False
    for section in _sections(text):
        before, inside = text[place : section.start()], section[1]
        yield mend(_IDLE_END.sub(r"\1", before, count=1) if inner_ends else before)
        opened, inner, last = inside.rpartition(_START)
        # XML ends both of two sections with the inner one. Where an item ended in between, the outer one had no end.
        lost = bool(inner) and _ITEM_END.search(opened) is not None
        if lost:
            yield mend(opened.replace(_START, ""))
        yield f"{_START}{last if lost else inside.replace(_START, '')}]]>"
        place, inner_ends = section.end(), bool(inner) and not lost
    rest = text[place:].replace(_START, "")
    yield mend(_IDLE_END.sub(r"\1", rest, count=1) if inner_ends else rest)


def _each_section_escaped(text: str) -> Iterator[str]:
    # As escaped text, so that the end of an element can be looked for.
    place = 0
    for section in _sections(text):
        yield text[place : section.start()]
        yield html.escape(section[1], quote=False)
        place = section.end()
    yield text[place:]


def _outside(piece: str, *, entities: Mapping[str, str]) -> str:
    if "<!--" in piece and (
        end := piece.rfind("-->") + 1
    ):  # behind the last end every beginning would be looked at in vain
        piece = f"{_COMMENT.sub('', piece[: end + 2])}{piece[end + 2 :]}"
    if "]]>" in piece:
        piece = piece.replace("]]>", "]]&gt;")
    if "&" in piece:
        piece = _AMPERSAND.sub(partial(_character, entities=entities), piece)
    return _BARE_LESS.sub("&lt;", piece)


def _character(found: re.Match[str], *, entities: Mapping[str, str]) -> str:
    high, low, high10, low10, hexadecimal, decimal, name = found.groups()
    if name:
        meant = entities.get(name) or html5.get(f"{name};") or html5.get(f"{name.lower()};")
        return html.escape(meant, quote=False) if meant else f"&amp;{name};"
    if high or high10:
        first, second = (int(high, 16), int(low, 16)) if high else (int(high10), int(low10))
        if 0xD800 <= first < 0xDC00 <= second < 0xE000:
            return chr(0x10000 + ((first - 0xD800) << 10) + second - 0xDC00)
        return ""
    if hexadecimal or decimal:
        # HTML's own rules: Windows-1252 for 128 to 159, nothing for what is no character.
        meant = html.unescape(f"&#x{hexadecimal};" if hexadecimal else f"&#{decimal};")
        return (
            html.escape(NOT_XML.sub("", meant).replace("\ufffd", ""), quote=False)
            .replace("'", "&#39;")
            .replace('"', "&#34;")
        )
    return "&amp;"


def _escaped(found: re.Match[str]) -> str:
    name, attributes, inside = found[1], found[2] or "", found[3]
    if "<" not in inside:
        return found[0]
    if re.search(r"<(?:item|entry|channel)\b|</(?:item|entry|channel)\s*>", inside):
        return found[0]
    # References stay as they are: they are decoded once, as in the texts around.
    return f"<{name}{attributes}>{inside.replace('<', '&lt;').replace('>', '&gt;')}</{name}>"


def with_quotes(text: str) -> str:
    """The document with quotes around the values that have none (`version=2.0`), as HTML allows them."""
    return "".join(_outside_sections(text, partial(_UNQUOTED.sub, _quoted)))


def without_shelves(text: str) -> str:
    """The document without its categories in the shop of podcasts: one in another, often left open, and nothing is read from them."""
    return "".join(_outside_sections(text, partial(_SHELF.sub, ""))) if _SHELF.search(text) else text


def _quoted(tag: re.Match[str]) -> str:
    return _VALUE.sub(lambda value: f'"{value[1]}"' if value[1] else value[0], tag[0])


def _prefixes(text: str) -> Iterator[str]:
    """The prefixes of its tags and attributes."""
    yield from _PREFIX_OF_TAG.findall(text)
    for colon in _AFTER_PREFIX.finditer(text):
        if found := _PREFIX_BEFORE.match(text, max(colon.start() - _LONGEST_PREFIX, 0), colon.start()):
            yield found[1]


def with_prefixes(text: str) -> str:
    """Prefixes that are used and not declared, declared at the root; spaces in the address of one taken out."""
    text = _SPACED.sub(lambda found: f"{found[1]}{''.join(found[2].split())}{found[3]}", text)
    declared = {*_DECLARES.findall(text), "xml", "xmlns"}
    used = set(_prefixes(_SECTION.sub("", text)))
    missing = "".join(
        f' xmlns:{name}="{_PREFIXES.get(name.lower(), f"undeclared:{name.lower()}")}"'
        for name in sorted(used - declared)
    )
    if not missing:
        return text
    root = re.match(r"<[\w:]+", text)
    return f"{root[0]}{missing}{text[root.end() :]}" if root else text
