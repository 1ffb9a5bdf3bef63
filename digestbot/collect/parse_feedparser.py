"""The thorough parser: feedparser, which reads almost everything, kept from opening files and from cleaning twice."""

from __future__ import annotations

import calendar
import io
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import feedparser
from lxml import etree

from .parse_fast import guids, is_whole
from .raw_feed import RawFeed, RawItem

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def read_thorough(content: bytes, *, url: str = "", charset: str = "") -> RawFeed | None:
    """The document by feedparser, or None when it is no feed.

    It gets a BytesIO, never bytes: a body that says `/etc/passwd` would be opened as a path. The address is passed as
    content-location, or relative links would stay relative; the charset of the response only where the body is not UTF-8.
    """
    headers = {"content-location": url} if url else {}
    encoding = _encoding(content, charset)
    if encoding:
        headers["content-type"] = f"application/xml; charset={encoding}"
    parsed = feedparser.parse(
        io.BytesIO(content), response_headers=headers, sanitize_html=False, resolve_relative_uris=False
    )
    if not parsed.get("version") and not parsed["entries"]:
        return None
    feed = parsed["feed"]
    return RawFeed(
        title=feed.get("title") or "",
        link=feed.get("link") or "",
        language=feed.get("language") or "",
        items=_with_guids([_item(entry) for entry in parsed["entries"]], content),
        ttl=int(feed["ttl"]) if str(feed.get("ttl", "")).isdecimal() else 0,
        problems=(f"not well-formed: {parsed.get('bozo_exception')}",) if parsed.get("bozo") else (),
        whole=is_whole(content),
    )


def _with_guids(items: list[RawItem], content: bytes) -> tuple[RawItem, ...]:
    # feedparser resolves ids like links, so that the id made of "4711" would depend on the feed's address.
    try:
        pairs = zip(items, guids(content), strict=True)
        return tuple(item._replace(guid=guid) for item, guid in pairs)
    except (etree.XMLSyntaxError, ValueError):
        return tuple(items)


def _encoding(content: bytes, charset: str) -> str:
    if content.isascii():
        return ""
    try:
        content.decode()
    except UnicodeDecodeError:
        return charset
    return "utf-8"


def _item(entry: dict[str, Any]) -> RawItem:
    contents = [part for part in entry.get("content") or () if part.get("value")]
    content: Mapping[str, Any] = max(contents, key=lambda part: len(part["value"]), default={})
    summary = entry.get("summary") or ""
    longest = content if len(content.get("value", "")) > len(summary) else entry.get("summary_detail") or {}
    people = [*(entry.get("authors") or ()), *(entry.get("contributors") or ())]
    return RawItem(
        guid=entry.get("id") or "",
        link=entry.get("link") or "",
        title=entry.get("title") or "",
        summary=summary,
        content=content.get("value", ""),
        # RSS has no declared type: feedparser calls an RSS description text/html, and an Atom text text/plain.
        plain=longest.get("type") == "text/plain",
        published=_moment(entry),
        authors=tuple(str(person.get("name") or "") for person in people),
        categories=tuple(str(tag.get("term") or tag.get("label") or "") for tag in entry.get("tags") or ()),
        source=str((entry.get("source") or {}).get("title") or ""),
        language=str(longest.get("language") or ""),
        image=_image(entry),
    )


def _moment(entry: dict[str, Any]) -> datetime | None:
    # dict.get, because feedparser's own answers `updated` with `published` under a deprecation warning.
    for name in ("published_parsed", "updated_parsed", "created_parsed"):
        value = dict.get(entry, name)
        if value:
            try:
                return _EPOCH + timedelta(seconds=calendar.timegm(value))
            except (ValueError, OverflowError):
                continue
    return None


def _image(entry: Mapping[str, Any]) -> str:
    groups: Iterable[Any] = (entry.get("media_content"), entry.get("enclosures"))
    for group in groups:
        for media in group or ():
            kind = str(media.get("type") or media.get("medium") or "")
            if kind.startswith("image"):
                return str(media.get("url") or media.get("href") or "")
    thumbnails: Any = entry.get("media_thumbnail") or ({},)
    return str(thumbnails[0].get("url") or "")
