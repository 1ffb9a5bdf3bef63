"""The thorough parser: feedparser, which reads almost everything, kept from opening files and from cleaning twice.

Where feedparser itself takes what another vocabulary says for the format's own (the title of a picture, the first of all links), it
is kept from it here, so that both parsers say the same.
"""

from __future__ import annotations

import io
import re
import xml.sax.expatreader  # noqa: F401 -- feedparser imports it while it parses, when there may be no memory left
from collections.abc import Iterator, Mapping
from typing import Any

import feedparser

from .feed_links import Link, article_link, enclosure_link, is_address, near_link
from .mended_xml import decoded, mended, with_prefixes
from .parse_fast import is_whole
from .raw_feed import RawFeed, RawItem

# feedparser reads these like `title` and `description`; under names that it does not know they come out apart.
_FOREIGN = re.compile(r"<(/?)(dc|media|itunes):(title|description)\b[^<>]*>", re.IGNORECASE)
_APART = {"title": "heading", "description": "words"}
# feedparser says text/plain of what is declared to be text, and of what declares nothing.
_TEXT = re.compile(r"(<(?:title|summary|content)\b[^<>]*\btype\s*=\s*[\"'])(?:text|text/plain)(?=[\"'])", re.IGNORECASE)
_DECLARED_TEXT = "text/x-words"
_HEADINGS = ("title", "dc_heading", "itunes_heading", "media_heading")
_LAST_WORDS = ("dc_words", "media_words", "subtitle")
_DATES = ("published", "updated", "created")


def read_thorough(content: bytes, *, url: str = "", charset: str = "") -> RawFeed | None:
    """The document by feedparser, or None when it is no feed. Addresses stay as they are, whatever `url` sent it.

    It gets a BytesIO, never bytes: a body that says `/etc/passwd` would be opened as a path. It always gets UTF-8, for it trusts
    what a document declares, and fails where that is wrong.
    """
    del url  # feedparser would resolve ids as well as links, and "4711" would depend on the feed's address
    text = _FOREIGN.sub(_apart, with_prefixes(mended(decoded(content, charset))))
    text = _TEXT.sub(rf"\g<1>{_DECLARED_TEXT}", text)
    text = re.sub(r"\A\s*<\?xml\b[^>]*\?>", "", text)
    parsed = feedparser.parse(
        io.BytesIO(text.encode("utf-8", "replace")),
        response_headers={"content-type": "application/xml; charset=utf-8"},
        sanitize_html=False,
        resolve_relative_uris=False,
    )
    if not parsed.get("version") and not parsed["entries"]:
        return None
    feed = parsed["feed"]
    return RawFeed(
        title=feed.get("title") or "",
        link=article_link(_links(feed)) or feed.get("link") or "",
        language=feed.get("language") or "",
        items=tuple(map(_item, parsed["entries"])),
        ttl=int(feed["ttl"]) if str(feed.get("ttl", "")).isdecimal() and len(feed["ttl"]) < 6 else 0,
        problems=(f"not well-formed: {parsed.get('bozo_exception')}",) if parsed.get("bozo") else (),
        whole=is_whole(content),
    )


def _apart(found: re.Match[str]) -> str:
    end, prefix, name = found[1], found[2].lower(), _APART[found[3].lower()]
    return f"<{end}{prefix}:{name}{'/' if found[0].endswith('/>') else ''}>"


def _item(entry: dict[str, Any]) -> RawItem:
    contents = [part for part in entry.get("content") or () if part.get("value")]
    content: Mapping[str, Any] = max(contents, key=lambda part: len(part["value"]), default={})
    summary = entry.get("summary") or ""
    detail: Mapping[str, Any] = entry.get("summary_detail") or {}
    # Where there is a content alone, feedparser copies it to the summary.
    longest = content if len(content.get("value", "")) > len(summary) or not detail else detail
    if not summary and not content:
        summary = _first(entry, _LAST_WORDS)
    people = [*(entry.get("authors") or ()), *(entry.get("contributors") or ())]
    links = [*_links(entry)]
    guid = str(entry.get("id") or "")
    link = (
        _first(entry, ("feedburner_origlink", "pheedo_origlink")) or article_link(links) or str(entry.get("link") or "")
    )
    if not link or (link == guid and not is_address(guid)):
        link = near_link(links)
    source: Mapping[str, Any] = entry.get("source") or {}
    media: list[Mapping[str, Any]] = [*(entry.get("media_content") or ())]
    return RawItem(
        guid=guid,
        link=link,
        title=_first(entry, _HEADINGS),
        title_plain=(entry.get("title_detail") or {}).get("type") == _DECLARED_TEXT,
        summary=summary,
        content=content.get("value", ""),
        plain=longest.get("type") == _DECLARED_TEXT,
        authors=tuple(str(person.get("name") or "") for person in people),
        categories=tuple(str(tag.get("term") or tag.get("label") or "") for tag in entry.get("tags") or ()),
        source=str(source.get("title") or ""),
        source_link=str(source.get("href") or source.get("link") or ""),
        language=str(longest.get("language") or ""),
        image=_image(media, links, entry),
        # dict.get, because feedparser's own answers `updated` with `published` under a deprecation warning.
        dates=tuple(value for name in _DATES if (value := str(dict.get(entry, name) or "").strip())),
        enclosure=enclosure_link(links) or _played(media),
    )


def _first(entry: Mapping[str, Any], names: tuple[str, ...]) -> str:
    return next((value for name in names if isinstance(value := entry.get(name), str) and value.strip()), "")


def _links(found: Mapping[str, Any]) -> Iterator[Link]:
    for link in found.get("links") or ():
        address = str(link.get("href") or "").strip()
        yield Link(address, str(link.get("rel") or ""), str(link.get("type") or ""))


def _image(media: list[Mapping[str, Any]], links: list[Link], entry: Mapping[str, Any]) -> str:
    for one in media:
        if str(one.get("type") or one.get("medium") or "").startswith("image") and one.get("url"):
            return str(one["url"])
    for link in links:
        if link.relation == "enclosure" and link.kind.startswith("image"):
            return link.address
    thumbnails: Any = entry.get("media_thumbnail") or ({},)
    return str(thumbnails[0].get("url") or "")


def _played(media: list[Mapping[str, Any]]) -> str:
    for one in media:
        if str(one.get("type") or one.get("medium") or "").startswith(("audio", "video")) and one.get("url"):
            return str(one["url"])
    return ""
