"""Feeds, pages and files into items: politeness, fetching, parsing, identity."""

from .articles import complete
from .feeds import ParsedFeed, parse_feed
from .opml import FeedList, LeftOut, read_feed_list, read_opml, write_opml
from .options import FetchOptions
from .poll import PollResult, collect

__all__ = [
    "FeedList",
    "FetchOptions",
    "LeftOut",
    "ParsedFeed",
    "PollResult",
    "collect",
    "complete",
    "parse_feed",
    "read_feed_list",
    "read_opml",
    "write_opml",
]
