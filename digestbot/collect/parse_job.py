"""What a parser process is asked: to parse one document."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from ..model import Feed, FeedKind
from .css_links import parse_links
from .feeds import ParsedFeed, normalise_feed, read_feed, read_feed_quickly
from .pages import is_html, parse_page

# Below both limits the native parser is sure to take milliseconds; an odd date alone takes one of them.
_MAX_QUICK_BYTES = 262_144
_MAX_QUICK_ITEMS = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class ParseJob:
    """A body and what must be known to parse it."""

    content: bytes
    feed: Feed
    now: datetime
    url: str
    charset: str = ""


def prepare(job: ParseJob) -> None:
    """Import what the job is likely to need: on a busy machine that takes longer than parsing, and is no document's fault."""
    if job.feed.link_selector:
        return
    if job.feed.kind is FeedKind.PAGE:
        import trafilatura  # noqa: F401, PLC0415 -- half a second to import, for pages alone
    else:
        from . import parse_feedparser  # noqa: F401, PLC0415 -- 0.2 s to import, and most polls never need it


def parse(job: ParseJob) -> ParsedFeed:
    """Parse it, however long that takes.

    Raises:
        CollectError: it is neither a feed nor a page.
    """
    if job.feed.link_selector:
        return parse_links(job.content, feed=job.feed, now=job.now, url=job.url, charset=job.charset)
    if job.feed.kind is FeedKind.PAGE:
        return parse_page(job.content, feed=job.feed, now=job.now, url=job.url, charset=job.charset)
    raw = read_feed(job.content, url=job.url, charset=job.charset)
    return normalise_feed(raw, feed=job.feed, now=job.now, url=job.url)


def parse_quickly(job: ParseJob) -> ParsedFeed | None:
    """Parse it, if that is sure to take some milliseconds and little memory; else None.

    That is so for small documents that the native parser accepts, and for small text files.

    Raises:
        CollectError: it is neither a feed nor a page.
    """
    if job.feed.link_selector or len(job.content) > _MAX_QUICK_BYTES:
        return None
    if job.feed.kind is FeedKind.PAGE:
        return None if is_html(job.content) else parse(job)
    raw = read_feed_quickly(job.content, charset=job.charset, most=_MAX_QUICK_ITEMS)
    return raw and normalise_feed(raw, feed=job.feed, now=job.now, url=job.url)
