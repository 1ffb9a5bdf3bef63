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

from .element_text import once_decoded
from .feed_links import Link, article_link, enclosure_link, is_address, near_link
from .item_words import are_silent, is_title
from .mended_xml import decoded, escaped_texts, mended, with_ends, with_prefixes, with_quotes
from .parse_fast import is_well_formed, is_whole
from .raw_feed import RawFeed, RawItem

# feedparser reads these like `title` and `description`; under names that it does not know they come out apart.
_FOREIGN = re.compile(r"<(/?)(dc|media|itunes):(title|description|summary|text)\b[^<>]*>", re.IGNORECASE)
_APART = {"title": "heading", "description": "words", "summary": "words", "text": "speech"}
# Of a text it takes the mail address out, and letters of the name with a long one; and an Atom author's name overwrites that of a creator
# before it. A name in an element of its own it leaves alone.
_PERSON = re.compile(
    r"<(author|dc:creator|itunes:author)(?:\s[^<>]*)?(?<!/)>((?:[^<]|<!\[CDATA\[.*?\]\]>)*)</\1\s*>",
    re.IGNORECASE | re.DOTALL,
)
# Of several links the last that is a page counts for it, even one without an address.
_IDLE_LINK = re.compile(
    r"<(?:\w+:)?link\b[^<>]*\bhref\s*=\s*([\"'])\s*\1[^<>]*/>|<link\s*/>|<link\s*>\s*</link\s*>", re.IGNORECASE
)
_OTHER_LINK = re.compile(r"(<\w+:link)(?=\s[^<>]*\bhref)", re.IGNORECASE)
_OTHER = "x-other"
# feedparser says text/plain of what is declared to be text, and of what declares nothing.
_TEXT = re.compile(r"(<(?:title|summary|content)\b[^<>]*\btype\s*=\s*[\"'])(?:text|text/plain)(?=[\"'])", re.IGNORECASE)
# Where a section stands beside tags that nobody escaped, it takes the markup in the section for words.
_MIXED = re.compile(
    r"<(description|content:encoded)(?:\s[^<>]*)?(?<!/)>((?:(?!</\1).)*?<!\[CDATA\[.*?\]\]>.*?)</\1\s*>",
    re.DOTALL | re.IGNORECASE,
)
_SECTION = re.compile(r"<!\[CDATA\[.*?\]\]>", re.DOTALL)
# To it a guid is a permalink where it says `true` to the letter.
_PERMALINK = re.compile(r"(<guid\b[^<>]*\bisPermaLink\s*=\s*([\"']))(?!\s*false\s*\2)[^\"'<>]*", re.IGNORECASE)
# Earlier versions of an item, which it would take for items, and what follows them for the channel's.
_CONFLICTS = re.compile(r"<(\w+:conflicts)\b[^<>]*(?<!/)>.*?</\1\s*>", re.DOTALL)
_DECLARED_TEXT = "text/x-words"
_HEADINGS = ("title", "dc_heading", "itunes_heading", "media_heading")
_LAST_WORDS = ("dc_words", "media_words", "subtitle", "media_speech")
_DATES = ("published", "updated", "created", "prism_publicationdate", "prism_coverdate")


def read_thorough(content: bytes, *, url: str = "", charset: str = "") -> RawFeed | None:
    """The document by feedparser, or None when it is no feed. Addresses stay as they are, whatever `url` sent it.

    It gets a BytesIO, never bytes: a body that says `/etc/passwd` would be opened as a path. It always gets UTF-8, for it trusts
    what a document declares, and fails where that is wrong.
    """
    del url  # feedparser would resolve ids as well as links, and "4711" would depend on the feed's address
    text = with_prefixes(with_quotes(_CONFLICTS.sub("", mended(decoded(content, charset)))))
    if not is_well_formed(text) and not is_well_formed(escaped_texts(text)):
        text = with_ends(text)
    text = _FOREIGN.sub(_apart, text)
    text = _TEXT.sub(rf"\g<1>{_DECLARED_TEXT}", text)
    text = _MIXED.sub(_unmixed, text)
    text = _PERMALINK.sub(r"\1true", text)
    text = _PERSON.sub(r"<author><name>\2</name></author>", text)
    text = _OTHER_LINK.sub(rf"\1 {_OTHER}='1'", _IDLE_LINK.sub("", text))
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
        title=once_decoded(feed.get("title") or ""),
        link=article_link(_links(feed)) or feed.get("link") or "",
        language=feed.get("language") or "",
        items=tuple(map(_item, parsed["entries"])),
        ttl=int(feed["ttl"]) if str(feed.get("ttl", "")).isdecimal() and len(feed["ttl"]) < 6 else 0,
        problems=(f"not well-formed: {parsed.get('bozo_exception')}",) if parsed.get("bozo") else (),
        whole=is_whole(content),
    )


def _unmixed(found: re.Match[str]) -> str:
    return escaped_texts(found[0]) if "<" in _SECTION.sub("", found[2]) else found[0]


def _apart(found: re.Match[str]) -> str:
    end, prefix, name = found[1], found[2].lower(), _APART[found[3].lower()]
    return f"<{end}{prefix}:{name}{'/' if found[0].endswith('/>') else ''}>"


def _item(entry: dict[str, Any]) -> RawItem:
    contents = [(once_decoded(part["value"]), part) for part in entry.get("content") or () if part.get("value")]
    content, details = max(contents, key=lambda part: len(part[0]), default=("", {}))
    detail: Mapping[str, Any] = entry.get("summary_detail") or {}
    # Where there is a content alone, feedparser copies it to the summary, without details.
    summary = _first(entry, ("summary", "itunes_words") if detail else ("itunes_words", "summary"))
    longest = details if len(content) > len(summary) or not detail else detail
    words = _first(entry, _LAST_WORDS)
    if words and are_silent(summary, content):
        summary, content, longest = words, "", {}
    people = [*(entry.get("authors") or ()), *(entry.get("contributors") or ())]
    links = [*_links(entry)]
    guid = str(entry.get("id") or "")
    link = _first(entry, ("feedburner_origlink", "pheedo_origlink")) or article_link(links)
    if not link:
        link = str(entry.get("link") or "")
        link = near_link(links) if not link or (link == guid and not is_address(guid)) else link
    source: Mapping[str, Any] = entry.get("source") or {}
    media: list[Mapping[str, Any]] = [*(entry.get("media_content") or ())]
    title = _title(entry)
    return RawItem(
        guid=guid,
        link=link,
        title=title,
        title_plain=(entry.get("title_detail") or {}).get("type") == _DECLARED_TEXT
        and title == _first(entry, ("title",)),
        summary=summary,
        content=content,
        plain=longest.get("type") == _DECLARED_TEXT,
        authors=tuple(once_decoded(str(person.get("name") or "")) for person in people),
        categories=tuple(
            once_decoded(str(tag.get("term") or tag.get("label") or "")) for tag in entry.get("tags") or ()
        ),
        source=once_decoded(str(source.get("title") or "")) or _first(entry, ("news_source",)),
        source_link=str(source.get("href") or source.get("link") or ""),
        language=str(longest.get("language") or ""),
        image=_image(media, links, entry),
        # dict.get, because feedparser's own answers `updated` with `published` under a deprecation warning.
        dates=tuple(value for name in _DATES if (value := str(dict.get(entry, name) or "").strip())),
        enclosure=enclosure_link(links) or _played(media) or str((entry.get("media_player") or {}).get("url") or ""),
    )


def _title(entry: Mapping[str, Any]) -> str:
    found = [title for name in _HEADINGS if (title := _first(entry, (name,)))]
    return next(filter(is_title, found), found[0] if found else "")


def _first(entry: Mapping[str, Any], names: tuple[str, ...]) -> str:
    return next(
        (once_decoded(value) for name in names if isinstance(value := entry.get(name), str) and value.strip()), ""
    )


def _links(found: Mapping[str, Any]) -> Iterator[Link]:
    """The format's own before those of other vocabularies."""
    for link in sorted(found.get("links") or (), key=lambda link: _OTHER in link):
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
