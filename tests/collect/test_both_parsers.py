"""One truth, two parsers: what the quick one and feedparser make of the same document is the same, field by field."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from written_feeds import FEEDS

from digestbot.collect.feeds import normalise_feed
from digestbot.collect.parse_fast import read_fast
from digestbot.collect.parse_feedparser import read_thorough
from digestbot.model import Feed

NOW = datetime(2026, 5, 27, 12, tzinfo=UTC)
FEED = Feed(url="https://h.example/feed", name="h")
# feedparser takes some 3 ms for each: few in the suite, thousands in `make sweep`.
EXAMPLES = 40 if settings.default is None or settings.default.max_examples <= 100 else 10_000
FIELDS = ("title", "url", "keys", "published", "text", "authors", "categories", "source", "image", "language")


@settings(max_examples=EXAMPLES)
@given(FEEDS)
def test_both_parsers_say_the_same(content: bytes) -> None:
    """Of any feed, damaged or not, every field of every item is the same, or the quick parser hands over."""
    quick = read_fast(content)
    if quick is None:
        return
    thorough = read_thorough(content)
    assert thorough is not None
    ours, theirs = (normalise_feed(raw, feed=FEED, now=NOW, url=FEED.url) for raw in (quick, thorough))
    assert ours.title == theirs.title
    for field in FIELDS:
        assert [getattr(item, field) for item in ours.items] == [getattr(item, field) for item in theirs.items], field


@pytest.mark.parametrize("declared", ["utf-16", "utf-16le", "ucs-2", "utf-32"])
def test_utf8_that_calls_itself_something_wide(declared: str) -> None:
    """Neither parser believes it, and neither fails."""
    content = f"<?xml version='1.0' encoding='{declared}'?><rss version='2.0'><channel><title>H</title><item><title>Café</title></item></channel></rss>"
    for read in (read_fast, read_thorough):
        raw = read(content.encode())
        assert raw is not None
        assert raw.items[0].title == "Café"
