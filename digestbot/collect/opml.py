"""Lists of feeds in the format that feed readers exchange: OPML 2.0 (opml.org/spec2.opml)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from lxml import etree

from ..errors import CollectError
from ..model import Feed, FeedKind
from ..text.names import FreeNames
from ..text.sanitise import one_line
from ..text.tokenize import split_words
from .canonical_url import canonical_url, host_of

_MAX_DEPTH = 20  # of nested folders: nobody sorts feeds any deeper
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # XML 1.0, section 2.2
# No entities, no DTD and no network: a list of feeds may come from anywhere.
_PARSER = {"recover": True, "resolve_entities": False, "no_network": True, "load_dtd": False, "huge_tree": False}


def read_opml(content: bytes) -> tuple[Feed, ...]:
    """The feeds of an OPML document, each once; the outlines around each become its categories, outermost first.

    Sloppy files are read as far as they go: any case of tag and attribute, `url` for `xmlUrl`, broken markup, no head.
    Names are made from the titles and are unique within the document.

    Raises:
        CollectError: it lists no feed.
    """
    try:
        root = etree.fromstring(content.strip() or b"<opml/>", etree.XMLParser(**_PARSER))
    except (etree.XMLSyntaxError, ValueError) as error:
        raise CollectError(f"not OPML: {error}") from error
    found: dict[str, Feed] = {}
    names = FreeNames()
    for attributes, path, title in _outlines(root) if root is not None else ():
        url = _address(attributes)
        if "utm_" in url and "@" not in url:  # what tells a tracker apart is no part of the address
            url = canonical_url(url, fragment=True) or url
        if url and url not in found:
            found[url] = _feed(url, title, path, attributes, names)
    if not found:
        raise CollectError("not OPML, or it lists no feed: no <outline> has an xmlUrl")
    return tuple(found.values())


def write_opml(feeds: Iterable[Feed], *, title: str = "Feeds of digestbot") -> bytes:
    """An OPML 2.0 document that `read_opml` reads back into the same feeds."""
    root = etree.Element("opml", version="2.0")
    etree.SubElement(etree.SubElement(root, "head"), "title").text = title
    body = etree.SubElement(root, "body")
    folders: dict[tuple[str, ...], etree._Element] = {(): body}
    for feed in feeds:
        parent = body
        for depth in range(1, len(feed.categories) + 1):
            path = feed.categories[:depth]
            if path not in folders:
                folders[path] = etree.SubElement(parent, "outline", text=one_line(path[-1]))
            parent = folders[path]
        words = one_line(feed.title or feed.name or feed.url)
        outline = etree.SubElement(parent, "outline", text=words, title=words, xmlUrl=_xml(feed.url))
        outline.set("type", "page" if feed.kind is FeedKind.PAGE else "rss")
        if feed.name:
            outline.set("name", _xml(feed.name))
        if feed.link_selector:
            outline.set("links", _xml(feed.link_selector))
        if not feed.title:
            outline.attrib.pop("title")
    return etree.tostring(root, xml_declaration=True, encoding="utf-8", pretty_print=True)  # type: ignore[no-any-return]


def _xml(text: str) -> str:
    return _NOT_XML.sub("", text)


def _outlines(root: etree._Element) -> Iterator[tuple[dict[str, str], tuple[str, ...], str]]:
    """Every element in the order of the document: its attributes, the folders it lies in, its title."""
    # A list of what is still to be seen, not a function that calls itself: a file decides how deep it is nested.
    waiting: list[tuple[etree._Element, tuple[str, ...]]] = [(child, ()) for child in reversed(root)]
    while waiting:
        node, path = waiting.pop()
        if not isinstance(node.tag, str):
            continue
        attributes = {name.lower(): value.strip() for name, value in node.attrib.items()}
        title = one_line(attributes.get("title") or attributes.get("text") or "")
        yield attributes, path, title
        is_folder = node.tag.lower().endswith("outline") and not _address(attributes) and title
        if is_folder and len(path) < _MAX_DEPTH:
            path = (*path, title)
        waiting += [(child, path) for child in reversed(node)]


def _address(attributes: dict[str, str]) -> str:
    return attributes.get("xmlurl") or (attributes.get("url", "") if attributes.get("type") in ("rss", "atom") else "")


def _feed(url: str, title: str, path: tuple[str, ...], attributes: dict[str, str], names: FreeNames) -> Feed:
    # `category` holds slash-delimited paths, comma-separated; the outlines around a feed count more where there are any.
    declared = tuple(filter(None, map(one_line, attributes.get("category", "").split(",")[0].split("/"))))
    is_page = attributes.get("type", "").lower() == "page"
    given = attributes.get("name", "")
    return Feed(
        url=url,
        name=names.take(given or "_".join(split_words(title)[:6]) or re.sub(r"\W+", "_", host_of(url)) or "feed"),
        title=title if attributes.get("title") or not given else "",
        kind=FeedKind.PAGE if is_page else FeedKind.FEED,
        link_selector=attributes.get("links", "") if is_page else "",
        categories=path or declared,
    )
