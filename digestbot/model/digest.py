"""What readers get: a Digest of Entries in Sections, and the Message that shows it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final

from .items import Kind, Story
from .subscribers import MailingList

# Titles of the sections that belong to no topic. Every form translates them; as keys they stay English.
TOP_STORIES: Final = "Top stories"
PINNED: Final = "Pinned"  # stories that PIN names and no topic matches
LEAD: Final = "Story of the day"
MORNING: Final = "morning"  # what Entry.told_today says of an edition before noon
ELSEWHERE: Final = "Elsewhere"  # the most covered stories that match no topic


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """An outlet that reports a story."""

    name: str
    items: int = 1  # how many of the story's items are its own
    independent: bool = True  # False when all of them are copies of another outlet's text
    reports: bool = True  # False when all of them are opinion, advice and the like beside others' reports

    @property
    def tells(self) -> bool:
        """Whether it reports the event in its own words."""
        return self.independent and self.reports


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
    fit: float = 1.0  # 0 to 1: how far its reports are about the topic
    score: Score = field(default_factory=Score)
    why: tuple[TranslatableText, ...] = ()
    day: int = 1  # 2 and more: an update of a story in an earlier edition
    told_today: str = ""  # when an edition of the same day told it: MORNING or a time, "14:00"; empty: none did
    sources: tuple[Source, ...] = ()  # most items first
    summary: Summary = field(default_factory=Summary)
    facts: tuple[Fact, ...] = ()  # tickers and their moves, where the texts state them
    kind: Kind = Kind.NEWS  # what kind of thing it is: most of its reports, news where one is news
    not_news: tuple[str, ...] = ()  # ids of its reports that are opinion, a live page or another kind
    related: tuple[Entry, ...] = ()  # other stories about the same event, each a line under this one
    earlier: tuple[tuple[date, str], ...] = ()  # what it goes on with: editions and the ids of their stories

    @property
    def published(self) -> datetime | None:
        """When its newest report came out, opinion and the like only where nothing else has a date; None without one."""
        dated = [item for item in self.story.items if item.published]
        news = [item for item in dated if item.id not in self.not_news]
        return max((item.published for item in news or dated if item.published), default=None)

    @property
    def independent(self) -> int:
        """How many outlets report in their own words."""
        return sum(source.independent for source in self.sources)

    @property
    def reporting(self) -> int:
        """How many outlets report it, in whatever words: one that has but an opinion or a guide about it is none of them."""
        return sum(source.reports for source in self.sources)


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """The entries of one topic, best first."""

    topic: str
    entries: tuple[Entry, ...]
    briefs: tuple[Entry, ...] = ()  # headline only, for lack of room


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
    edition: date  # its name: the local date, an EditionDate where there are several a day
    since: datetime
    until: datetime
    title: str
    timezone: str = "UTC"  # IANA name: the reader's zone
    language: str = "en"  # of the fixed words
    counts: Counts = field(default_factory=Counts)
    sections: tuple[Section, ...] = ()
    also: tuple[Entry, ...] = ()  # headline only
    lead: Entry | None = None  # the story of the day, which stands in no section
    elsewhere: tuple[Entry, ...] = ()  # headline only: the most covered stories that match no topic
    further: tuple[Entry, ...] = ()  # headline alone: told by four outlets or more, when all lines are taken
    failures: tuple[Failure, ...] = ()  # everything that could not be read, reported before or not
    recovered: tuple[str, ...] = ()  # sources that the last edition could not read and this one could
    notices: tuple[str, ...] = ()  # sentences for the head: late, covering two days
    omitted: int = 0  # stories that matched but are not shown, for lack of space
    omitted_big: int = 0  # of them, told by four outlets or more
    shows_why: bool = False  # whether readers see the reasons of each place

    @property
    def entries(self) -> tuple[Entry, ...]:
        """The lead and every entry of the sections, in reading order: all that are told with a summary."""
        first = (self.lead,) if self.lead else ()
        return (*first, *(entry for section in self.sections for entry in section.entries))

    @property
    def headlines(self) -> tuple[Entry, ...]:
        """Every entry that is told by its headline alone: briefs, elsewhere, also, further."""
        briefs = (entry for section in self.sections for entry in section.briefs)
        return (*briefs, *self.elsewhere, *self.also, *self.further)


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
    list: MailingList | None = None  # whose readers it is for
    plain: bool = False  # without its HTML
    token_place: str = ""  # the word that stands where one reader's own token belongs; empty where no token does
    words_key: str = ""  # the name of the key for readers' own words, kept with the bytes; empty where there are none
    notes: tuple[str, ...] = ()  # what had to be left out to stay within a budget
    faults: tuple[str, ...] = ()  # templates of the owner that failed, and why: the built-in ones were used
