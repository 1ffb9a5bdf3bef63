"""The values that the stages hand on: Feed, Item, Story, Summary, Digest, Message, Delivery, and Failure anywhere.

Frozen, with tuples inside. Every datetime is aware and in UTC; every date is local to its digest.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Final

# Titles of the sections that belong to no topic. Every form translates them; as keys they stay English.
TOP_STORIES: Final = "Top stories"
PINNED: Final = "Pinned"  # stories that PIN names and no topic matches


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
    failures: int = 0  # attempts that failed since the last success
    failing_since: datetime | None = None
    error: str = ""  # why the last attempt failed; empty when it worked
    gone: bool = False  # 410: not read any more
    configured_as: str = ""  # the Feed's url when it was last read; when that changes, everything here is forgotten
    ttl: int = 0  # minutes between readings that the feed asks for (RSS 2.0, ttl)
    moved_to: str = ""  # where permanent redirects point
    redirect_days: int = 0  # on how many days they pointed there
    redirect_seen_on: datetime | None = None  # the last of these days


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One entry of a feed, or one article or headline of a page."""

    id: str  # stable across parsers, polls and restarts
    title: str  # plain text; empty only where the feed gives no text at all
    feed: str = ""  # the Feed's name
    source: str = ""  # the outlet, as readers see it
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """An outlet that reports a story."""

    name: str
    items: int = 1  # how many of the story's items are its own
    independent: bool = True  # False when all of them are copies of another outlet's text


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """A sentence quoted from an item, word for word."""

    text: str
    item: str  # the Item's id
    source: str  # the outlet it is quoted from
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """Sentences quoted from the sources of a story, in reading order."""

    sentences: tuple[Sentence, ...] = ()  # empty: headline only
    method: str = ""  # the summariser that chose them


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """A ticker symbol, and its price move where the sentence states one."""

    symbol: str  # with its exchange where that is given: "HK:0981", "NASDAQ:NVDA", "NVDA"
    move: str = ""  # "+3%" or "-1.2%"; empty when none is stated
    about: str = ""  # the qualifier in the sentence: "more than", "nearly"
    sentence: str  # the whole sentence, word for word
    item: str  # the Item's id
    source: str
    url: str = ""

    def __str__(self) -> str:
        return " ".join(filter(None, (self.symbol, self.about if self.move else "", self.move)))


@dataclass(frozen=True, slots=True, kw_only=True)
class TranslatableText:
    """A fixed phrase of digestbot's own, to be translated for each reader, and the values to fill in; `str()` is English."""

    msgid: str  # gettext's key, the English phrase: "%(num)s reports in %(hours)s hours"
    values: Mapping[str, str | int] = field(
        default_factory=dict, hash=False
    )  # text from feeds and readers is not translated

    def __str__(self) -> str:
        return self.msgid % self.values


@dataclass(frozen=True, slots=True, kw_only=True)
class ScorePart:
    """One named part of a score."""

    name: str
    value: float  # what it adds
    reason: TranslatableText | None = None  # what readers are shown; None: nothing


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """What a story is ranked by: the sum of its parts."""

    parts: tuple[ScorePart, ...] = ()

    @property
    def total(self) -> float:
        return sum(part.value for part in self.parts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A story's place in an edition."""

    story: Story
    title: str
    url: str = ""
    topic: str = ""  # display name; empty under "Also" when no topic matched
    score: Score = field(default_factory=Score)
    why: tuple[TranslatableText, ...] = ()
    day: int = 1  # 2 and more: an update of a story in an earlier edition
    sources: tuple[Source, ...] = ()  # most items first
    summary: Summary = field(default_factory=Summary)
    facts: tuple[Fact, ...] = ()  # tickers and their moves, where the texts state them

    @property
    def independent(self) -> int:
        """How many outlets report in their own words."""
        return sum(source.independent for source in self.sources)


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """The entries of one topic, best first."""

    topic: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """Something that went wrong without stopping the rest."""

    source: str  # the feed, story or channel it happened to
    reason: str  # a sentence for the reader: no address, path or setting
    detail: str = ""  # the same for an operator, with all that helps; never rendered
    known: bool = False  # an earlier edition has reported it already


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """What an edition was made from."""

    feeds: int = 0
    feeds_failed: int = 0
    items: int = 0
    stories: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """One edition: everything every form of it is rendered from."""

    name: str  # the digest's key in the configuration
    edition: date  # local date: the identity of a day's work
    since: datetime
    until: datetime
    title: str
    timezone: str = "UTC"  # IANA name: the reader's zone
    language: str = "en"  # of the fixed words
    counts: Counts = field(default_factory=Counts)
    sections: tuple[Section, ...] = ()
    also: tuple[Entry, ...] = ()  # headline only
    failures: tuple[Failure, ...] = ()  # everything that could not be read, reported before or not
    recovered: tuple[str, ...] = ()  # sources that the last edition could not read and this one could
    notices: tuple[str, ...] = ()  # sentences for the head: late, covering two days
    omitted: int = 0  # stories that matched but are not shown, for lack of space

    @property
    def entries(self) -> tuple[Entry, ...]:
        """Every entry of the sections, in reading order: all but the headlines of `also`."""
        return tuple(entry for section in self.sections for entry in section.entries)


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One digest in every form; a channel takes its own."""

    digest: Digest
    subject: str  # one line of plain text
    html: str
    text: str
    slack: tuple[Mapping[str, object], ...]  # chat.postMessage arguments in posting order, channel left out
    single: Mapping[str, object] = field(default_factory=dict)  # for where no thread can follow; empty: slack is one
    json: str
    notes: tuple[str, ...] = ()  # what had to be left out to stay within a budget
    faults: tuple[str, ...] = ()  # templates of the owner that failed, and why: the built-in ones were used


class DeliveryState(StrEnum):
    """How far a delivery has come."""

    PENDING = "pending"  # not tried, or to be tried again
    SENDING = "sending"  # claimed: from here on it may have arrived
    SENT = "sent"
    FAILED = "failed"  # refused for good
    UNKNOWN = "unknown"  # may have arrived; an operator decides
    EXPIRED = "expired"  # its deadline passed before it could be sent
    CANCELLED = "cancelled"  # not tried any more: by an operator, or because its address is suppressed


FINAL = frozenset(
    {
        DeliveryState.SENT,
        DeliveryState.FAILED,
        DeliveryState.UNKNOWN,
        DeliveryState.EXPIRED,
        DeliveryState.CANCELLED,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient:
    """Where a digest goes: `slack:#chips`, `slack-webhook:desk`, `mailto:name@example.com`, `file:./out`."""

    channel: str  # its scheme: "slack", "mailto"
    address: str

    def __str__(self) -> str:
        return f"{self.channel}:{self.address}"


def _unclaimed() -> None:
    """A delivery that nobody else could have claimed may be sent at any time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One part of one message to one recipient: a row of the outbox, unique by digest, edition, recipient and part."""

    digest: str
    edition: date
    recipient: Recipient
    part: int = 0  # 0 is the parent, replies follow
    key: str = ""  # opaque and unique: the channel is searched for it when an answer was lost
    payload: bytes = field(default=b"", repr=False)  # the final bytes: made once, so that every attempt sends the same
    state: DeliveryState = DeliveryState.PENDING
    attempts: int = 0
    claimed: datetime | None = None  # when the last attempt began
    claimed_by: str = ""  # the process that began it, in words of the store
    not_before: datetime | None = None  # earliest next attempt
    deadline: datetime | None = None  # after this it expires
    remote_id: str = ""  # its name at the channel: a Slack channel and ts, a Message-ID, a path
    error: str = ""  # why it is not sent, without secrets
    address_gone: bool = False  # there is no such address
    # Raises TemporaryFailure once the claim is too old to be sent by: to be called right before the first byte. Not stored.
    require_claim: Callable[[], None] = field(default=_unclaimed, repr=False, compare=False)


class EditionState(StrEnum):
    """How far an edition has come."""

    CLAIMED = "claimed"  # its window is fixed
    READY = "ready"  # made and frozen, deliveries in the outbox
    DONE = "done"  # every delivery in a final state
    MISSED = "missed"  # its time passed while digestbot was not running
    EMPTY = "empty"  # there was nothing new


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """The record of one digest on one local date."""

    digest: str
    date: date
    since: datetime
    until: datetime
    state: EditionState = EditionState.CLAIMED
    content: str = field(default="", repr=False)  # the digest's JSON, once ready
