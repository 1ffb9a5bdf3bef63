"""Feeds, pages and files into items: fetching, reading, identity, manners."""

from .articles import complete
from .feeds import ParsedFeed, parse_feed
from .opml import read_opml, write_opml
from .options import FetchOptions
from .poll import Round, collect

__all__ = ["FetchOptions", "ParsedFeed", "Round", "collect", "complete", "parse_feed", "read_opml", "write_opml"]
