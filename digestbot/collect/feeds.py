"""The bytes of a feed into items, whatever its format and whichever parser reads it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from email.message import Message
from functools import lru_cache

from ..errors import CollectError
from ..model import Feed, Item
from ..text.sanitise import one_line, shorten
from .canonical_url import canonical_url
from .html_to_text import plain_line
from .mailbox import is_mbox, read_mbox
from .mended_xml import decoded
from .normalise import normalise
from .not_a_feed import what_it_is
from .parse_fast import read_fast
from .parse_json import read_json
from .raw_feed import RawFeed

_HTML = re.compile(
    rb"<!doctype\s+html|<html[\s>]|<head[\s>]|<body[\s>]|\A\s*<(?:div|p|h1|script|meta|table|main|center)[\s>]",
    re.IGNORECASE,
)
_ALTERNATE = re.compile(rb"<link\b[^<>]*?>", re.IGNORECASE)
_HTML_COMMENT = re.compile(rb"<!--.*?-->", re.DOTALL)
_HTML_BASE = re.compile(rb"<base\s[^<>]*?\bhref\s*=\s*[\"']?([^\"'\s>]+)", re.IGNORECASE)
_FEED_TYPES = (b"application/rss+xml", b"application/atom+xml", b"application/feed+json")
_ITEM_TAG = re.compile(rb"<(?:\w+:)?(?:item|entry)[\s>]")
# Without any of these there is nothing that feedparser could read.
_FEED_TAG = re.compile(rb"<(?:\w+:)?(?:rss|feed|rdf|channel|item|entry)\b", re.IGNORECASE)
_COMMENTS = re.compile(
    r"\bcomments?\b", re.IGNORECASE
)  # blogs name the feed of their readers' comments beside their own
_MAX_HEAD_BYTES = 200_000  # feeds are named in <head>; some pages put long scripts before them
_MAX_SUGGESTIONS = 3
PAGE_ALONE = "which names no feed"  # the end of why a page is none
_TITLE = re.compile(rb"<title[^<>]*>([^<]{1,500})</title", re.IGNORECASE)
_META_CHARSET = re.compile(rb"<meta\b[^<>]*\bcharset\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE | re.ASCII)
_MAX_TITLE_CHARS = 80
_HREF = re.compile(rb"href\s*=\s*[\"']?\s*([^\"'\s>]+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedFeed:
    """The items of one document, and what else it says."""

    items: tuple[Item, ...] = ()  # in the document's order; `first_seen` is None
    title: str = ""  # the feed's own
    problems: tuple[str, ...] = ()  # what is wrong with the document, as sentences; it may have items all the same
    ttl: int = 0  # minutes between two requests that it asks for; 0 when it asks for none
    whole: bool = True  # False when the end is missing: it must be asked for again


def parse_feed(
    content: bytes, *, feed: Feed, now: datetime, url: str = "", headers: Mapping[str, str] | None = None
) -> ParsedFeed:
    """Read RSS, RDF, Atom or JSON Feed.

    Args:
        content: the body, decompressed.
        feed: where the document comes from: its name goes into ids; its title, where set, names the outlet.
        now: aware; dates more than a day after it are not believed.
        url: the address that sent the body, after redirects; Feed.url by default.
        headers: of the response; only the charset of its content-type is used.

    Never raises: for a document that is no feed there are no items, and a problem that says what it is.
    """
    address = canonical_url(url or feed.url, fragment=True)
    named = {name.lower(): value for name, value in (headers or {}).items()}
    charset = charset_of(named.get("content-type", ""))
    try:
        return normalise_feed(read_feed(content, url=address, charset=charset), feed=feed, now=now, url=address)
    except CollectError as error:
        return ParsedFeed(problems=(error.reason,))


def read_feed(content: bytes, *, url: str = "", charset: str = "") -> RawFeed:
    """The document as it is, by the first parser that is sure of it.

    Raises:
        CollectError: it is no feed; the reason says what it is.
    """
    raw = read_mbox(content) if is_mbox(content) else read_feed_quickly(content, charset=charset)
    if raw is None and not _FEED_TAG.search(content.replace(b"\0", b"") if b"\0" in content[:64] else content):
        raise CollectError(why_not_a_feed(content, url, charset=charset))
    if raw is None:
        from .parse_feedparser import read_thorough  # noqa: PLC0415 -- 0.2 s to import, and most polls never need it

        raw = read_thorough(content, charset=charset)
    if raw is None or (not raw.items and _HTML.search(content[:4096])):
        raise CollectError(why_not_a_feed(content, url, charset=charset))
    if not raw.items and not raw.whole:
        raise CollectError("broken feed: it ends before its first item")
    if not raw.items and _ITEM_TAG.search(content):
        raise CollectError("broken feed: no item could be read")
    return raw


def read_feed_quickly(content: bytes, *, charset: str = "", most: int | None = None) -> RawFeed | None:
    """The document, if it can be parsed in time linear in its size; None when feedparser is needed.

    Linear is not yet fast: one odd date takes milliseconds, so `most`, the greatest number of items, limits the time.
    """
    if content[:64].lstrip(b"\xef\xbb\xbf\xff\xfe\0 \t\r\n")[:1] == b"{":
        return read_json(content, charset=charset)
    return read_fast(content, charset=charset, most=most)


def normalise_feed(raw: RawFeed, *, feed: Feed, now: datetime, url: str) -> ParsedFeed:
    """A raw feed as items. Arguments as in `parse_feed`."""
    items = normalise(raw, feed=feed, now=now, url=url)
    problems = tuple(shorten(one_line(problem), 200) for problem in raw.problems)
    if not raw.whole:
        problems = ("incomplete: its end is missing", *problems)
    return ParsedFeed(
        items=items, title=shorten(plain_line(raw.title), 200), problems=problems, ttl=raw.ttl, whole=raw.whole
    )


def why_not_a_feed(content: bytes, url: str, *, charset: str = "") -> str:
    """Why a document is no feed, for an operator, with the feeds that a web page names.

    Args:
        content: the document.
        url: its address.
        charset: as its server declares it.
    """
    if not content.removeprefix(b"\xef\xbb\xbf").strip():
        return "empty: there is nothing in it"
    named = feed_links(content, url) if _HTML.search(content[:4096]) else ()
    if not named and (found := what_it_is(content, url)):
        return found
    if not _HTML.search(content[:4096]):
        return "not a feed: neither RSS, Atom nor JSON Feed"
    if not named:
        title = shorten(plain_line(_title_of(content[:_MAX_HEAD_BYTES], charset)), _MAX_TITLE_CHARS)
        return f"not a feed but a web page{f' (“{title}”)' if title else ''}, {PAGE_ALONE}"
    return f"not a feed but a web page; did you mean {' or '.join(named[:_MAX_SUGGESTIONS])}?"


def _title_of(head: bytes, charset: str) -> str:
    """The title of a page, in the charset that it declares, else in its server's."""
    titled, declared = _TITLE.search(head), _META_CHARSET.search(head[:4096])
    named = declared[1].decode().lower() if declared else ""
    return decoded(titled[1], charset if named in ("", "utf-8", "utf8") else named) if titled else ""


def feed_links(content: bytes, url: str) -> tuple[str, ...]:
    """The feeds that a web page names (`<link rel="alternate">`, RSS Autodiscovery of the RSS Advisory Board), each once."""
    found: dict[str, None] = {}
    head = _HTML_COMMENT.sub(b"", content[:_MAX_HEAD_BYTES])
    if based := _HTML_BASE.search(head):
        url = canonical_url(based[1].decode("utf-8", "replace"), base=url) or url
    for tag in _ALTERNATE.findall(head):
        href = _HREF.search(tag)
        if href and any(kind in tag.lower() for kind in _FEED_TYPES):
            address = canonical_url(href[1].decode("utf-8", "replace"), base=url, whole_query=True)
            if address and not _COMMENTS.search(address):
                found[address] = None
    return tuple(found)


@lru_cache(maxsize=256)  # servers differ little in it, and the parser of mail headers takes its time
def charset_of(content_type: str) -> str:
    """The charset that a content-type header declares, in lower case, or nothing."""
    message = Message()
    message["content-type"] = content_type
    return str(message.get_content_charset() or "")
