"""The markup of a list of feeds, as programs and people write it: strictly where it is right, repaired where it is not."""

from __future__ import annotations

import codecs
import html
import re
from collections.abc import Collection, Iterator

from lxml import etree

from ..errors import CollectError
from .mended_xml import NOT_XML

# No entities, no DTD and no network: a list of feeds may come from anywhere.
_PARSER = {"resolve_entities": False, "no_network": True, "load_dtd": False, "huge_tree": False}
_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>", re.IGNORECASE)
_DECLARED = re.compile(rb"^\s*<\?xml[^>]*?encoding\s*=\s*[\"']([\w.-]+)", re.IGNORECASE)
_ONE_BYTE = re.compile(rb"(?:iso-?8859|latin|windows-12|cp-?12|koi8|us-ascii)", re.IGNORECASE)
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_CURLY = re.compile(r"(=\s*)[“”„]([^“”\"<>]*)[“”]")  # by a word processor
_DOCTYPE = re.compile(r"<!DOCTYPE(?:[^<>\[]|\[[^\]]*\])*>", re.IGNORECASE)
_ENTITY = re.compile(r"&(#\d+;|#x[0-9a-fA-F]+;|\w+;)?")
_XML_ENTITIES = frozenset(["amp;", "lt;", "gt;", "quot;", "apos;"])
_VALUE = re.compile(r"(=\s*)(\"[^\"]*\"|'[^']*')")
_HAS_ADDRESS = re.compile(r"\burl\s*=|xmlurl\s*=", re.IGNORECASE)
_OUTLINE = re.compile(r"<outline\b(?:[^<>\"']|\"[^\"]*\"|'[^']*')*>", re.IGNORECASE)

_ANY_OUTLINE = re.compile(r"<outline\b[^<>]*>", re.IGNORECASE)
_ADDRESS = re.compile(r"\bxmlurl\s*=\s*([\"'])((?:https?|feed):[^\"'<>\s]+)\1", re.IGNORECASE)
_TITLE = re.compile(r"\b(?:title|text)\s*=\s*([\"'])([^\"'<>]*)", re.IGNORECASE)


def read_markup(content: bytes) -> etree._Element | None:
    """The root of a document; where nothing else helps, of its outlines alone.

    Raises:
        CollectError: it is no markup.
    """
    content = _as_declared(content.strip() or b"<opml/>")
    try:
        return etree.fromstring(content, etree.XMLParser(recover=False, **_PARSER))
    except (etree.XMLSyntaxError, ValueError):
        repaired = _repaired(_text(content))
    try:
        return etree.fromstring(repaired, etree.XMLParser(recover=False, **_PARSER))
    except (etree.XMLSyntaxError, ValueError):
        pass
    try:
        root = etree.fromstring(repaired, etree.XMLParser(recover=True, **_PARSER))
    except (etree.XMLSyntaxError, ValueError) as error:
        raise CollectError(f"not OPML: {error}") from error
    return root if root is None else _with_lost_outlines(root, repaired)


def _as_declared(content: bytes) -> bytes:
    """The document without its declaration where that cannot be true: no text of one byte a letter is UTF-8 by chance."""
    declared = _DECLARED.match(content)
    if declared and not content.isascii() and _ONE_BYTE.match(declared[1]):
        try:
            return _DECLARATION.sub("", content.decode("utf-8")).encode()
        except UnicodeDecodeError:
            pass
    return content


def _text(content: bytes) -> str:
    """By its mark, by what it declares where that can be true, as UTF-8, else as Windows writes it."""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return content.decode("utf-16", "replace")
    declared = _DECLARED.match(content)
    for name in (declared[1].decode() if declared else "", "utf-8", "windows-1252"):
        # What could be read as ASCII up to here is no UTF-16, whatever it says.
        if name and not name.lower().startswith(("utf-16", "utf16", "ucs")):
            try:
                return content.decode(name).lstrip("\ufeff")
            except (LookupError, UnicodeDecodeError):
                continue
    return content.decode("windows-1252", "replace")


def _repaired(text: str) -> bytes:
    text = NOT_XML.sub("", _DOCTYPE.sub("", _DECLARATION.sub("", _COMMENT.sub("", text))))
    text = _CURLY.sub(r'\1"\2"', text)
    text = _VALUE.sub(lambda value: value[1] + value[2].replace("<", "&lt;"), _ENTITY.sub(_plain, text))
    return text.encode()


def _plain(entity: re.Match[str]) -> str:
    """An entity that XML knows as it is, one that HTML knows as its character, and a lone & as text."""
    name = entity[1] or ""
    if name in _XML_ENTITIES:
        return entity[0]
    made = html.unescape(entity[0]) if name else entity[0]
    return html.escape(NOT_XML.sub("", made)) if made != entity[0] else f"&amp;{name}"


def _with_lost_outlines(root: etree._Element, repaired: bytes) -> etree._Element:
    """What lxml gave up, at a mistake that it could not pass: every outline that can be read by itself."""
    text = repaired.decode()
    written = [tag for tag in dict.fromkeys(_OUTLINE.findall(text)) if _HAS_ADDRESS.search(tag)]
    known = {tuple(node.attrib.items()) for node in root.iter() if isinstance(node.tag, str)}
    found = [tag for one in written if (tag := _alone(one)) is not None]
    root.extend([tag for tag in found if tuple(tag.attrib.items()) not in known])
    addresses = {value for node in root.iter() if isinstance(node.tag, str) for value in node.attrib.values()}
    root.extend([*_by_address_alone(text, addresses)])
    return root


def _by_address_alone(text: str, known: Collection[str]) -> Iterator[etree._Element]:
    """The outlines whose quotes are so wrong that nothing but the address, and the beginning of the title, can be told."""
    for tag in _ANY_OUTLINE.findall(text):
        address = _ADDRESS.search(tag)
        if address and (url := html.unescape(address[2])) not in known:
            title = _TITLE.search(tag)
            made = etree.Element("outline", xmlUrl=url)
            if title:
                made.set("text", html.unescape(title[2]))
            yield made


def _alone(tag: str) -> etree._Element | None:
    try:
        return etree.fromstring(tag.rstrip("/>") + "/>", etree.XMLParser(recover=True, **_PARSER))
    except (etree.XMLSyntaxError, ValueError):
        return None
