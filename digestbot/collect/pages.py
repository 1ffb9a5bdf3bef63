"""Pages into items: an HTML article, or a text with an article and the headlines after it."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from pathlib import PurePath

from ..errors import CollectError
from ..model import Feed, Item
from ..text.sanitise import one_line, sanitise, shorten
from .canonical_url import canonical_url
from .feeds import ParsedFeed
from .identity import fingerprint, item_id
from .item_words import headline
from .normalise import credible, language_code
from .not_a_feed import in_place_of_article
from .short_page import MOST_CHARS, short_article
from .source_name import MAX_NAME_CHARS, source_name

_MARKUP = re.compile(rb"<(?:!doctype\s+html|html|head|body|div|p|article|meta|title)[\s>]", re.IGNORECASE)
# article:published_time, datePublished (schema.org) and <time datetime>, with a time of day.
_DECLARED_TIME = re.compile(
    rb"(?:published_time|datePublished|datetime)[\"']?\s*(?:content\s*=|[:=])\s*[\"'](\d{4}-\d\d-\d\dT[\d:.+Z-]+)[\"']"
)
_MAX_HEAD_BYTES = 262_144  # where a page declares its date
_MIN_PROSE_CHARS = 120  # a line this long is prose, whatever it ends with
_MIN_SENTENCE_WORDS = 8
_HEADLINES_IN_A_ROW = 3  # so many lines without prose in a row end the article
_MAX_TITLE_CHARS = 500
_MAX_HEADLINES = 200
# Names of pages in a configuration that tell a reader nothing about whose they are.
_NO_NAME = re.compile(
    r"(?:my|the|a|local|saved|web|text|html|test)?[_ ]?(?:article|page|text|file|site|web|url|link|news|local|saved|test|example)"
    r"s?[_ ]?\d*",
    re.IGNORECASE,
)


def is_html(content: bytes) -> bool:
    """Whether a body is to be read as HTML rather than plain text."""
    return _MARKUP.search(content[:8192]) is not None


def parse_page(content: bytes, *, feed: Feed, now: datetime, url: str = "", charset: str = "") -> ParsedFeed:
    """Read an article page (by trafilatura) or a plain-text page.

    Args:
        content: the body, decompressed.
        feed: the page as configured.
        now: aware; dates more than a day after it are not believed.
        url: the address that sent the body, after redirects; Feed.url by default.
        charset: as the response declares it; used only for a text that is not UTF-8.

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
    title = shorten(one_line(found.get("title") or ""), _MAX_TITLE_CHARS) or headline(text)
    if wall := in_place_of_article(content, f"{title}\n{text}", url):
        raise CollectError(wall)
    text = text.removeprefix(f"{title}\n")
    if len(text) < MOST_CHARS:
        text = short_article(content, text)
    site = one_line(found.get("source-hostname") or "")
    keys = _keys(title, link if link != url else "")
    item = Item(
        id=item_id(feed.name or feed.url, keys),
        title=title,
        feed=feed.name,
        source=_source(feed, url, site, title),
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
    """An article and the headlines after it; a text without any prose is all headlines.

    A line is prose when it is long, or a sentence of several words. Three lines in a row that are not end the article.
    """
    if "\0" in text:
        raise CollectError("not a page: neither HTML nor text")
    lines = sanitise(text).split("\n")
    if lines == [""]:
        raise CollectError("empty: there is no text in it")
    end = _end_of_article(lines)
    source = _source(feed, url, "", _title_of_file(feed, "" if _is_prose(lines[0]) or not end else lines[0]))
    made = []
    if end:
        made.append((headline(lines[0]), "\n".join(lines[:end]), url))
    made.extend((shorten(line, _MAX_TITLE_CHARS), "", "") for line in dict.fromkeys(lines[end : end + _MAX_HEADLINES]))
    items = []
    for title, words, link in made:
        keys = _keys(title)
        made_id = item_id(feed.name or feed.url, keys)
        items.append(Item(id=made_id, title=title, feed=feed.name, source=source, url=link, text=words, keys=keys))
    return ParsedFeed(items=tuple(items), title=feed.title or source)


def _title_of_file(feed: Feed, first_line: str) -> str:
    """What names a text that has no host, where its key says nothing: its first line, which is no sentence, else its file's name."""
    if not _NO_NAME.fullmatch(feed.name):
        return ""
    stem = PurePath(feed.url).stem
    return first_line or ("" if _NO_NAME.fullmatch(stem) else source_name("", name=re.sub(r"[\W_]+", "_", stem)))


def _keys(title: str, link: str = "") -> tuple[str, ...]:
    # The address of the page itself identifies no item: tomorrow another article may be there.
    return (*((f"link:{link}",) if link else ()), f"hash:{fingerprint(title.casefold(), '')}")


def _source(feed: Feed, url: str, site: str, title: str) -> str:
    """The outlet, as far as it is known; else the page's own title, else its name in the configuration."""
    return (
        feed.title or site or source_name("", url) or shorten(title, MAX_NAME_CHARS) or source_name("", name=feed.name)
    )


def _end_of_article(lines: list[str]) -> int:
    run = 0
    for at, line in enumerate(lines):
        run = 0 if _is_prose(line) else run + 1
        if run == _HEADLINES_IN_A_ROW:
            return at + 1 - run if any(map(_is_prose, lines[: at + 1 - run])) else 0
    return len(lines)


def _is_prose(line: str) -> bool:
    return len(line) >= _MIN_PROSE_CHARS or (line[-1] in ".!?。！？" and len(line.split()) >= _MIN_SENTENCE_WORDS)


def _decoded(content: bytes, charset: str) -> str:
    # Valid UTF-8 is hardly ever anything else by accident, so it counts more than what a server declares.
    for encoding in ("utf-8-sig", charset or "cp1252"):
        try:
            return content.decode(encoding)
        except (UnicodeDecodeError, LookupError):
            continue
    return content.decode("latin-1")


def _published(content: bytes, day: str) -> datetime | None:
    """The time that the page declares for the day that trafilatura found; else the day."""
    for declared in _DECLARED_TIME.findall(content[:_MAX_HEAD_BYTES]):
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
