"""Lists of feeds in the format that feed readers exchange: OPML 2.0 (opml.org/spec2.opml)."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from lxml import etree

from ..errors import CollectError
from ..model import Feed, FeedKind
from ..text.names import FreeNames
from ..text.sanitise import one_line, shorten
from ..text.tokenize import split_words
from ..text.web_addresses import with_scheme
from .canonical_url import canonical_url, host_of, same_feed, without_campaign
from .mended_xml import NOT_XML
from .opml_markup import read_markup
from .opml_settings import read_settings, unread_settings, written_settings

_COMMENTED = "iscomment"
_MAX_SHOWN_CHARS = 60
_MAX_DEPTH = 20  # of nested folders: nobody sorts feeds any deeper
_FEED_TYPES = ("rss", "atom", "rss1", "rdf", "feed")
# What browsers and podcast programs put before the address of a feed.
_FEED_SCHEME = re.compile(r"(?:feeds?|rss|itpc|pcast|podcast|pod):(?://)?", re.IGNORECASE)
# Types of FreshRSS for pages that it takes apart by itself, as in type="HTML+XPath" (its documentation of OPML).
_BY_RULE = "a page that is read by a rule of another program: DIGESTBOT_PAGES, or PAGE_LINKS with a CSS selector, reads pages here"
_SCRAPED = dict.fromkeys(("xpath", "dotpath", "dotnotation", "json"), _BY_RULE)
_HTTP = re.compile(r"(https?):(/*)", re.IGNORECASE)
# A host with a dot, and a path, or two dots: "saved/news.xml" and "news.xml" are files.
_HOST_AND_PATH = re.compile(
    r"(?://|(?=www\.)|(?=[^/]*/)|(?=[^/.]+\.[^/.]+\.[^/.]+$))[^\W_][\w-]*(?:\.[\w-]+)*\.(?P<end>[^\W\d_]{2,24})(?::\d{1,5})?(?:[/?]\S*)?$",
    re.IGNORECASE,
)
_FILE_ENDS = frozenset(["xml", "rss", "rdf", "atom", "json", "opml", "env", "html", "htm", "txt", "gz", "mbox", "db"])


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """An entry of a list of feeds that is not read."""

    address: str  # as it stands there; its title where it has none
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedList:
    """What an OPML document holds."""

    feeds: tuple[Feed, ...]
    left_out: tuple[LeftOut, ...] = ()
    lost: tuple[
        str, ...
    ] = ()  # what the other program did with a feed, and nothing here does: `exclude: x, of https://...`
    named: frozenset[str] = frozenset()  # the names that the document itself gives; the others are made from titles


def read_opml(content: bytes) -> tuple[Feed, ...]:
    """The feeds of an OPML document, as `read_feed_list` finds them.

    Raises:
        CollectError: it lists no feed.
    """
    found = read_feed_list(content)
    if not found.feeds:
        raise CollectError("not OPML, or it lists no feed: no <outline> has an xmlUrl")
    return found.feeds


def read_feed_list(content: bytes) -> FeedList:
    """The feeds of an OPML document, each once; the outlines around each become its categories, outermost first.

    Sloppy files are read as far as they go: any case of tag and attribute, `url` for `xmlUrl`, broken markup, no head.
    Names are made from the titles and are unique within the document. Entries without an address are named.

    Raises:
        CollectError: it is no OPML at all.
    """
    root = read_markup(content)
    found: dict[str, Feed] = {}
    left_out: list[LeftOut] = []
    lost: list[str] = []
    names, named = FreeNames(), set[str]()
    for attributes, path, title, is_empty in _outlines(root) if root is not None else ():
        if (reason := _why_not_read(attributes)) is not None:
            if reason and (shown := _address(attributes) or title):
                left_out.append(LeftOut(address=shown, reason=reason))
            continue
        url = web_address(_unescaped(_address(attributes), attributes))
        lost += _lost(attributes, url)
        if "utm_" in url and "@" not in url:  # what tells a tracker apart is no part of the address
            url = canonical_url(without_campaign(url), fragment=True, whole_query=True) or url
        # A feed that has moved to TLS is often there twice; under another login it is another one.
        same = url.replace("https://", "http://", 1) if "@" in url else same_feed(url)
        if url and same not in found:
            found[same] = _feed(url, title, path, attributes, names)
            named |= {found[same].name} if attributes.get("name") else set()
        elif url and url.startswith("https:") and found[same].url.startswith("http:"):
            found[same] = replace(found[same], url=url)
        elif not url and is_empty and (reason := _why_no_feed(attributes)):
            left_out.append(
                LeftOut(address=attributes.get("url") or title or "an entry without a title", reason=reason)
            )
    if not found and not left_out:
        raise CollectError("not OPML, or it lists no feed: no <outline> has an xmlUrl")
    return FeedList(feeds=tuple(found.values()), left_out=tuple(left_out), lost=tuple(lost), named=frozenset(named))


def web_address(text: str) -> str:
    """An address as people keep it, as one that can be read: `feed://host/path` and `host.example` get their https://."""
    if match := _FEED_SCHEME.match(text):
        rest = text[match.end() :]
        return web_address(rest) if _HTTP.match(rest) else f"https://{rest}"
    if (http := _HTTP.match(text)) and http[2] != "//":
        rest = text[http.end() :]
        return f"{http[1]}://{rest}" if _HOST_AND_PATH.match(rest) else text
    if host := _HOST_AND_PATH.match(text):
        return f"https://{text.removeprefix('//')}" if host["end"].lower() not in _FILE_ENDS else text
    return with_scheme(text) or text


def write_opml(
    feeds: Iterable[Feed], *, title: str = "Feeds of digestbot", titles: Mapping[str, str] = MappingProxyType({})
) -> bytes:
    """An OPML 2.0 document that `read_opml` reads back into the same feeds, but for their headers.

    Args:
        feeds: with unique names.
        title: of the document.
        titles: what feeds call themselves, by name: what other programs show where a feed has no title of its own.
    """
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
        words = one_line(feed.title or titles.get(feed.name, "") or feed.name or feed.url)
        outline = etree.SubElement(parent, "outline", text=words, title=words, xmlUrl=_xml(feed.url))
        outline.set("type", "page" if feed.kind is FeedKind.PAGE else "rss")
        if feed.name:
            outline.set("name", _xml(feed.name))
        if feed.link_selector:
            outline.set("links", _xml(feed.link_selector))
        if not feed.title:
            outline.attrib.pop("title")
        for name, value in written_settings(feed).items():
            outline.set(name, _xml(value))
    return etree.tostring(root, xml_declaration=True, encoding="utf-8", pretty_print=True)  # type: ignore[no-any-return]


def _xml(text: str) -> str:
    return NOT_XML.sub("", text)


def _outlines(root: etree._Element) -> Iterator[tuple[dict[str, str], tuple[str, ...], str, bool]]:
    """Every element in the order of the document: its attributes, the folders it lies in, its title, whether nothing lies in it."""
    # A list of what is still to be seen, not a function that calls itself: a file decides how deep it is nested.
    waiting: list[tuple[etree._Element, tuple[str, ...], bool]] = [(child, (), False) for child in reversed(root)]
    while waiting:
        node, path, is_off = waiting.pop()
        if not isinstance(node.tag, str):
            continue
        attributes = {name.rpartition("}")[2].lower(): value.strip() for name, value in node.attrib.items()}
        is_off = is_off or attributes.get(_COMMENTED, "").lower() == "true"
        if is_off:  # so is all that lies in it (opml.org/spec2.opml)
            attributes[_COMMENTED] = "true"
        title = one_line(_unescaped(attributes.get("title") or attributes.get("text") or "", attributes))
        yield attributes, path, title, len(node) == 0
        is_folder = node.tag.lower().endswith("outline") and not _address(attributes) and title
        if is_folder and len(path) < _MAX_DEPTH:
            path = (*path, title)
        waiting += [(child, path, is_off) for child in reversed(node)]


def _unescaped(text: str, attributes: dict[str, str]) -> str:
    """The text where a program has escaped it twice; one that gives each entry a name is ours, and does not."""
    return html.unescape(text) if "&" in text and ";" in text and "name" not in attributes else text


def _address(attributes: dict[str, str]) -> str:
    return attributes.get("xmlurl") or (attributes.get("url", "") if _type(attributes) in _FEED_TYPES else "")


def _type(attributes: dict[str, str]) -> str:
    return attributes.get("type", "").lower()


def _why_not_read(attributes: dict[str, str]) -> str | None:
    """Why an entry is passed over whatever its address is; empty where nobody asks for a reason, None where it is read."""
    if attributes.get(_COMMENTED) == "true":
        return "commented out there (isComment)" if _address(attributes) else ""
    return _SCRAPED.get(_type(attributes).partition("+")[2])


def _lost(attributes: dict[str, str], url: str) -> Iterator[str]:
    """What an entry says of its feed, and nothing here does."""
    if rule := one_line(attributes.get("filtersactionread", "")):  # FreshRSS: what is marked as read unseen
        yield f"the filter {rule}, of {url}"
    for name, value in unread_settings(attributes).items() if url else ():
        yield f"{name} {shorten(one_line(value), _MAX_SHOWN_CHARS)} (no such value), of {url}"


def _why_no_feed(attributes: dict[str, str]) -> str:
    if _type(attributes) in ("link", "include") and attributes.get("url"):
        return "another list or page, not a feed"
    if site := attributes.get("htmlurl", ""):
        return f"no address of a feed, only of its site {one_line(site)}: `digestbot feeds add` finds it"
    return "no address" if "xmlurl" in attributes or _type(attributes) in _FEED_TYPES else ""


def _feed(url: str, title: str, path: tuple[str, ...], attributes: dict[str, str], names: FreeNames) -> Feed:
    # `category` holds slash-delimited paths, comma-separated; the outlines around a feed count more where there are any.
    declared = tuple(filter(None, map(one_line, attributes.get("category", "").split(",")[0].split("/"))))
    is_page = _type(attributes) == "page"
    given = attributes.get("name", "")
    return Feed(
        url=url,
        name=names.take(given or "_".join(split_words(title)[:6]) or re.sub(r"\W+", "_", host_of(url)) or "feed"),
        title=title if attributes.get("title") or not given else "",
        kind=FeedKind.PAGE if is_page else FeedKind.FEED,
        link_selector=attributes.get("links", "") if is_page else "",
        categories=path or declared,
        **read_settings(attributes),
    )
