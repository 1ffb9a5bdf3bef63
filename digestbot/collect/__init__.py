"""Feeds, pages and files into items: politeness, fetching, parsing, identity.

The names are loaded when first asked for (PEP 562): most commands read no feed, and need none of the parsers.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # what editors and mypy see; _MODULES below says the same to Python
    from .articles import complete
    from .feeds import ParsedFeed, parse_feed
    from .opml import FeedList, LeftOut, read_feed_list, read_opml, write_opml
    from .options import FetchOptions
    from .other_lists import read_any_list
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
    "read_any_list",
    "read_feed_list",
    "read_opml",
    "write_opml",
]

_MODULES = {
    "articles": ("complete",),
    "feeds": ("ParsedFeed", "parse_feed"),
    "opml": ("FeedList", "LeftOut", "read_feed_list", "read_opml", "write_opml"),
    "options": ("FetchOptions",),
    "other_lists": ("read_any_list",),
    "poll": ("PollResult", "collect"),
}
_MODULE = {name: module for module, names in _MODULES.items() for name in names}


def __getattr__(name: str) -> object:
    if name not in _MODULE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value: object = getattr(import_module(f".{_MODULE[name]}", __name__), name)
    globals()[name] = value
    return value
