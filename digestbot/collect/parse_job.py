"""What is asked of a worker: one document, read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from ..model import Feed, FeedKind
from .css_links import parse_links
from .feeds import ParsedFeed, parsed, quick, read
from .pages import is_html, parse_page

_MODEST = 262_144
_MODEST_ENTRIES = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A body and what must be known to read it."""

    content: bytes
    feed: Feed
    now: datetime
    url: str
    charset: str = ""


def perform(job: Job) -> ParsedFeed:
    """Read it, however long that takes.

    Raises:
        CollectError: it is neither a feed nor a page.
    """
    if job.feed.link_selector:
        return parse_links(job.content, feed=job.feed, now=job.now, url=job.url, charset=job.charset)
    if job.feed.kind is FeedKind.PAGE:
        return parse_page(job.content, feed=job.feed, now=job.now, url=job.url, charset=job.charset)
    raw = read(job.content, url=job.url, charset=job.charset)
    return parsed(raw, feed=job.feed, now=job.now, url=job.url)


def perform_quickly(job: Job) -> ParsedFeed | None:
    """Read it, if that is sure to take some milliseconds and little memory; else None.

    That is so for small documents which the native parser reads, and for small text files.

    Raises:
        CollectError: it is neither a feed nor a page.
    """
    if job.feed.link_selector or len(job.content) > _MODEST:
        return None
    if job.feed.kind is FeedKind.PAGE:
        return None if is_html(job.content) else perform(job)
    raw = quick(job.content, charset=job.charset, most=_MODEST_ENTRIES)
    return raw and parsed(raw, feed=job.feed, now=job.now, url=job.url)
