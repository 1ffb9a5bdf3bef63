"""Lists of feeds in the format that feed readers exchange: OPML 2.0 (opml.org/spec2.opml)."""

from __future__ import annotations

import re
from collections.abc import Iterable

from lxml import etree

from ..errors import CollectError
from ..model import Feed, FeedKind
from ..text.sanitise import one_line
from ..text.tokenize import split_words
from .canonical_url import canonical_url, host_of

_MAX_DEPTH = 20  # of nested outlines: nobody sorts feeds any deeper
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
    taken: set[str] = set()
    if root is not None:
        _walk(root, (), found, taken)
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
        outline = etree.SubElement(parent, "outline", text=words, title=words, xmlUrl=feed.url)
        outline.set("type", "page" if feed.kind is FeedKind.PAGE else "rss")
        if feed.name:
            outline.set("name", feed.name)
        if feed.link_selector:
            outline.set("links", feed.link_selector)
        if not feed.title:
            outline.attrib.pop("title")
    return etree.tostring(root, xml_declaration=True, encoding="utf-8", pretty_print=True)  # type: ignore[no-any-return]


def _walk(node: etree._Element, path: tuple[str, ...], found: dict[str, Feed], taken: set[str]) -> None:
    for child in node:
        if not isinstance(child.tag, str):
            continue
        attributes = {name.lower(): value.strip() for name, value in child.attrib.items()}
        url = attributes.get("xmlurl") or (
            attributes.get("url", "") if attributes.get("type") in ("rss", "atom") else ""
        )
        title = one_line(attributes.get("title") or attributes.get("text") or "")
        if url and url not in found:
            found[url] = _feed(url, title, path, attributes, taken)
        is_folder = child.tag.lower().endswith("outline") and not url and title
        if len(path) < _MAX_DEPTH:
            _walk(child, (*path, title) if is_folder else path, found, taken)


def _feed(url: str, title: str, path: tuple[str, ...], attributes: dict[str, str], taken: set[str]) -> Feed:
    # `category` holds slash-delimited paths, comma-separated; the outlines around a feed count more where there are any.
    declared = tuple(filter(None, map(one_line, attributes.get("category", "").split(",")[0].split("/"))))
    wanted = attributes.get("name") or "_".join(split_words(title)[:6]) or re.sub(r"\W+", "_", host_of(url)) or "feed"
    name, number = wanted, 2
    while name in taken:
        name, number = f"{wanted}_{number}", number + 1
    taken.add(name)
    return Feed(
        url=canonical_url(url, fragment=True) if "utm_" in url else url,
        name=name,
        title=title if attributes.get("title") or not attributes.get("name") else "",
        kind=FeedKind.PAGE if attributes.get("type", "").lower() == "page" else FeedKind.FEED,
        link_selector=attributes.get("links", ""),
        categories=path or declared,
    )
