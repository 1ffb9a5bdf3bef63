"""What is read and grouped: Feed, Item, Story."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple


class Kind(StrEnum):
    """What an item or a story is to its readers: news, or something else that stands among news."""

    NEWS = "news"
    OPINION = "opinion"
    ANALYSIS = "analysis"
    LIVE = "live"  # a page that goes on while something happens
    VIDEO = "video"
    PODCAST = "podcast"
    REVIEW = "review"
    GUIDE = "guide"
    DEAL = "deal"  # goods at a lower price, coupons
    SPONSORED = "sponsored"
    RELEASE = "release"  # what a company says of itself
    NEWSLETTER = "newsletter"
    MARKET_DATA = "market data"  # figures in words that come every day: prices, draws, the weather forecast
    PAGE = "page"  # static, or without a date


class FeedKind(StrEnum):
    """How a source is read."""

    FEED = "feed"  # RSS, Atom, RDF or JSON Feed
    PAGE = "page"  # a web page or text file: an article, and the headlines around it


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """A source that is read again and again."""

    url: str  # http(s) address, or the path of a local file
    name: str = ""  # short and unique: the key in the configuration
    title: str = ""  # what readers see; empty: the title that the feed gives itself
    kind: FeedKind = FeedKind.FEED
    link_selector: str = ""  # of a page: a CSS selector of the links that are its items; empty: it is one article
    categories: tuple[str, ...] = ()  # OPML folders it lies in, outermost first
    weight: float = 1.0  # factor of its reports in ranking
    interval: timedelta | None = None  # the least time between two readings, instead of everybody's
    full_text: bool | None = None  # whether its articles are fetched, instead of what the digest says
    mute: str = ""  # terms, as they are written: its items that match one are left out
    topic: str = ""  # the name of the topic that all its items belong to
    max_items: int | None = None  # at most so many of one reading, the newest
    headers: tuple[tuple[str, str], ...] = field(default=(), repr=False)  # sent to its own origin; secret


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedState:
    """What must be remembered between two readings of a feed."""

    name: str  # the Feed's name
    url: str = ""  # where it was last read from: a permanent redirect may differ from Feed.url
    title: str = ""  # the title it last gave itself
    etag: str = ""  # validators, verbatim
    last_modified: str = ""
    body_hash: str = ""  # of the last body parsed
    checked: datetime | None = None  # last attempt
    succeeded: datetime | None = None  # last attempt that worked (304 included)
    due: datetime | None = None  # not to be read before
    fresh_until: datetime | None = (
        None  # of this, what its ttl, freshness, Retry-After or failures ask; the rest is INTERVAL
    )
    failures: int = 0  # attempts that failed since the last success
    failing_since: datetime | None = None
    error: str = ""  # why the last attempt failed; empty when it worked
    gone: bool = False  # 410: not read any more
    configured_as: str = ""  # the Feed's url when it was last read; when that changes, everything here is forgotten
    ttl: int = 0  # minutes between readings that the feed asks for (RSS 2.0, ttl)
    moved_to: str = ""  # where permanent redirects point
    redirect_days: int = 0  # on how many days they pointed there
    redirect_seen_on: datetime | None = None  # the last of these days


class FeedSource(NamedTuple):
    """Of a FeedState, what tells of which feed it is. A tuple, for there may be a hundred thousand."""

    configured_as: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One entry of a feed, or one article or headline of a page."""

    id: str  # stable across parsers, polls and restarts
    title: str  # plain text; empty only where the feed gives no text at all
    feed: str = ""  # the Feed's name
    source: str = ""  # the outlet, as readers see it: in an edition its house
    label: str = ""  # what its feed calls the outlet, where that is not `source`; never stored
    url: str = ""  # canonical http(s) address; empty when there is none
    text: str = ""  # plain text of the description or content; paragraphs divided by newlines; may be empty
    keys: tuple[str, ...] = ()  # every identity it is known by inside its feed, strongest first
    published: datetime | None = None  # as the feed says; None without a date, or with one that cannot be true
    first_seen: datetime | None = None  # when it was first collected; None before it is stored
    authors: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    language: str = ""  # ISO 639-1; empty when the feed does not say
    image: str = ""  # http(s) address of its picture

    @property
    def effective_time(self) -> datetime | None:
        """The time it counts for: its date, else when it was first seen."""
        return self.published or self.first_seen


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """Items about one event; the leading one first."""

    id: str
    items: tuple[Item, ...]  # never empty

    @property
    def lead(self) -> Item:
        return self.items[0]
