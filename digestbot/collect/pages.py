"""Pages into items: an HTML article, or a plain-text file with an article and the headlines around it."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime

from ..errors import CollectError
from ..model import Feed, Item
from ..text.sanitise import one_line, sanitise, shorten
from .addresses import canonical_url
from .feeds import ParsedFeed
from .identity import fingerprint, item_id
from .normalise import credible, headline, language_code
from .source_name import source_name

_MARKUP = re.compile(rb"<(?:!doctype\s+html|html|head|body|div|p|article|meta|title)[\s>]", re.IGNORECASE)
# article:published_time, datePublished (schema.org) and <time datetime>, with a time of day.
_MOMENT = re.compile(
    rb"(?:published_time|datePublished|datetime)[\"']?\s*(?:content\s*=|[:=])\s*[\"'](\d{4}-\d\d-\d\dT[\d:.+Z-]+)[\"']"
)
_HEAD = 262_144
_LONG = 120  # characters: a line this long is prose, whatever it ends in
_WORDS = 8
_HEADLINES = 3  # so many lines without prose in a row end the article
_LONGEST_TITLE = 500
_MOST_HEADLINES = 200


def is_html(content: bytes) -> bool:
    """Whether a body is to be read as HTML rather than plain text."""
    return _MARKUP.search(content[:8192]) is not None


def parse_page(content: bytes, *, feed: Feed, now: datetime, url: str = "", charset: str = "") -> ParsedFeed:
    """Read an article page (by trafilatura) or a plain-text page.

    Args:
        content: the body, decompressed.
        feed: the source.
        now: dates later than a day after it are not believed.
        url: where the body came from in the end; Feed.url by default.
        charset: as the answer declared it; only for a text that is not UTF-8.

    Raises:
        CollectError: there is no article in it.
    """
    address = canonical_url(url or feed.url)
    if is_html(content):
        return _article(content, feed=feed, now=now, url=address)
    return _plain_page(_decoded(content, charset), feed=feed, url=address)


def _article(content: bytes, *, feed: Feed, now: datetime, url: str) -> ParsedFeed:
    from trafilatura import extract  # noqa: PLC0415 -- half a second to import, for pages alone

    found = json.loads(
        extract(content, url=url or None, fast=True, with_metadata=True, output_format="json", include_comments=False)
        or "{}"
    )
    text = sanitise(found.get("text") or "")
    if not text:
        raise CollectError("no article found on the page")
    link = canonical_url(found.get("source") or "", base=url) or url
    title = shorten(one_line(found.get("title") or ""), _LONGEST_TITLE) or headline(text)
    text = text.removeprefix(f"{title}\n")
    site = one_line(found.get("source-hostname") or "")
    keys = _keys(title, link if link != url else "")
    item = Item(
        id=item_id(feed.name or feed.url, keys),
        title=title,
        feed=feed.name,
        source=_source(feed, url, site),
        url=link,
        text=text,
        keys=keys,
        published=credible(_published(content, found.get("date") or ""), now),
        authors=tuple(name.strip() for name in (found.get("author") or "").split(";") if name.strip()),
        language=language_code(found.get("language") or ""),
        image=canonical_url(found.get("image") or "", base=url),
    )
    return ParsedFeed(items=(item,), title=site or title)


def _plain_page(text: str, *, feed: Feed, url: str) -> ParsedFeed:
    """An article and its headlines; a file without any prose is all headlines.

    A line is prose when it is long or is a sentence of several words; three lines in a row that are not end the article.
    """
    if "\0" in text:
        raise CollectError("not a page: neither HTML nor text")
    lines = sanitise(text).split("\n")
    if lines == [""]:
        raise CollectError("empty: there is no text in it")
    end = _end_of_article(lines)
    source = _source(feed, url)
    made = []
    if end:
        made.append((headline(lines[0]), "\n".join(lines[:end]), url))
    made.extend((shorten(line, _LONGEST_TITLE), "", "") for line in dict.fromkeys(lines[end : end + _MOST_HEADLINES]))
    items = []
    for title, words, link in made:
        keys = _keys(title)
        made_id = item_id(feed.name or feed.url, keys)
        items.append(Item(id=made_id, title=title, feed=feed.name, source=source, url=link, text=words, keys=keys))
    return ParsedFeed(items=tuple(items), title=feed.title or source)


def _keys(title: str, link: str = "") -> tuple[str, ...]:
    # The address of the page itself names no item: what stands there today may be another article tomorrow.
    return (*((f"link:{link}",) if link else ()), f"hash:{fingerprint(title.casefold(), '')}")


def _source(feed: Feed, url: str, site: str = "") -> str:
    return feed.title or site or source_name("", url, name=feed.name)


def _end_of_article(lines: list[str]) -> int:
    run = 0
    for at, line in enumerate(lines):
        run = 0 if _is_prose(line) else run + 1
        if run == _HEADLINES:
            return at + 1 - run if any(map(_is_prose, lines[: at + 1 - run])) else 0
    return len(lines)


def _is_prose(line: str) -> bool:
    return len(line) >= _LONG or (line[-1] in ".!?。！？" and len(line.split()) >= _WORDS)


def _decoded(content: bytes, charset: str) -> str:
    for encoding in ("utf-8-sig", charset or "cp1252"):
        try:
            return content.decode(encoding)
        except (UnicodeDecodeError, LookupError):
            continue
    return content.decode("latin-1")


def _published(content: bytes, day: str) -> datetime | None:
    """The moment that the page declares for the day trafilatura found; else the day."""
    for declared in _MOMENT.findall(content[:_HEAD]):
        moment = _date(declared.decode())
        if moment is not None and (not day or moment.date().isoformat() == day):
            return moment
    return _date(day)


def _date(value: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
