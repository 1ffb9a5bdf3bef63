"""What templates see: a digest in reading order, with dates in the reader's language. docs/templates.md lists each field."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from ..model import Counts

_GLANCE_FROM: Final = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportLink:
    """The title and address of one report."""

    title: str
    url: str
    source: str = ""  # its outlet, where the report stands on a line of its own


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlet:
    """An outlet's reports in a story."""

    name: str
    reports: tuple[ReportLink, ...]  # those with an address
    items: int
    independent: bool

    @property
    def url(self) -> str:
        return self.reports[0].url if self.reports else ""

    @property
    def more(self) -> tuple[str, ...]:
        return tuple(report.url for report in self.reports[1:])


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """A sentence and where it is quoted from."""

    text: str
    source: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryView:
    """A story as readers see it."""

    id: str
    number: int  # its place in reading order, from 1
    title: str
    url: str
    topic: str
    day: int
    told_today: str  # when an edition of the same day told it: "morning", or a time; empty: none did
    why: tuple[str, ...]
    facts: tuple[str, ...]  # tickers and their moves, as "HK:0981 more than +3%"
    quotes: tuple[Quote, ...]
    outlets: tuple[Outlet, ...]
    unlisted: int  # outlets beyond those listed
    independent: int  # outlets that report independently
    score: float
    top: bool  # shown in full; else in brief
    image: str = ""  # address of its picture; empty unless images are on
    line: bool = False  # told in one line, without a sentence
    named: bool = False  # by its headline alone, one after another behind "Also": all lines were taken
    time: str = ""  # when its newest report came out: "14:20", "yesterday 22:05"
    headlines: tuple[ReportLink, ...] = ()  # of the lead: what others call it
    related: tuple[ReportLink, ...] = ()  # other stories about the same event

    @property
    def is_update(self) -> bool:
        """Whether an earlier edition has told it."""
        return self.day > 1 or bool(self.told_today)

    @property
    def outlet_count(self) -> int:
        return len(self.outlets) + self.unlisted

    @property
    def unquoted(self) -> tuple[Outlet, ...]:
        """Without those whose every report the title or a sentence links; of several, one that no sentence names stays."""
        linked = {self.url, *(quote.url for quote in self.quotes)}
        named = {quote.source for quote in self.quotes}
        return tuple(
            outlet
            for outlet in self.outlets
            if not {outlet.url, *outlet.more} <= linked or (self.outlet_count > 1 and outlet.name not in named)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionView:
    """The stories of a topic; or the lead alone, or what is told elsewhere, each under a title of its own."""

    topic: str
    stories: tuple[StoryView, ...]
    lead: bool = False
    elsewhere: bool = False

    @property
    def top(self) -> tuple[StoryView, ...]:
        return tuple(story for story in self.stories if story.top)

    @property
    def brief(self) -> tuple[StoryView, ...]:
        return tuple(story for story in self.stories if not story.top and not story.line)

    @property
    def lines(self) -> tuple[StoryView, ...]:
        return tuple(story for story in self.stories if story.line)


@dataclass(frozen=True, slots=True, kw_only=True)
class FailureView:
    """A feed that could not be read, and why."""

    source: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestView:
    """One edition as readers see it."""

    name: str
    title: str
    edition: str  # ISO date
    date: str  # in the reader's language, with the weekday
    short_date: str
    since: str  # day and time in the reader's zone
    until: str
    timezone: str
    language: str
    direction: str  # "ltr" or "rtl", of the language
    counts: Counts
    story_count: int  # of the whole digest, "Also" included, however many of them this message holds
    minutes: int  # reading time of the whole digest
    sections: tuple[SectionView, ...]
    also: tuple[StoryView, ...]
    failures: tuple[FailureView, ...]
    unlisted_failures: int
    recovered: tuple[str, ...]
    notices: tuple[str, ...]
    omitted: int  # stories that are not shown
    omitted_big: int = 0  # of them, told by four outlets or more
    page: str = ""  # address of its page on the web; empty where it has none
    dropped: tuple[str, ...] = ()  # what else this form left out to stay within its size limit, in sentences
    list: str = ""  # what readers call the list that it goes to; empty for a recipient of the configuration
    preferences: str = ""  # the page on which a reader of that list changes what comes, or leaves; empty without a site

    @property
    def also_lines(self) -> tuple[StoryView, ...]:
        """Of "Also" what has a line of its own."""
        return tuple(story for story in self.also if not story.named)

    @property
    def further(self) -> tuple[StoryView, ...]:
        """Of "Also" what is named alone, because all lines were taken: told by four outlets or more."""
        return tuple(story for story in self.also if story.named)

    @property
    def stories(self) -> tuple[StoryView, ...]:
        """Every story outside "Also", in reading order."""
        return tuple(story for section in self.sections for story in section.stories)

    @property
    def best(self) -> tuple[StoryView, ...]:
        """Every story that is told with a summary, the lead first, then by score: for subjects and previews.

        On a day of lines alone these, rather than none: the day was not quiet.
        """
        lead = {story.number for section in self.sections if section.lead for story in section.stories}
        told = tuple(story for story in self.stories if not story.line) or (*self.stories, *self.also)
        return tuple(sorted(told, key=lambda story: (story.number not in lead, -story.score, story.number)))

    @property
    def glance(self) -> tuple[StoryView, ...]:
        """The stories to list at the top: those with a summary, in reading order, where they are more than six."""
        told = tuple(story for story in self.stories if not story.line)
        return told if len(told) > _GLANCE_FROM else ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Which of a digest's Slack messages a template renders."""

    number: int  # 0 is the parent, replies follow
    mode: str
    outline: tuple[SectionView, ...] = ()  # sections to announce only: their stories are in the thread
    in_thread: int = 0  # stories that the parent leaves to the thread


@dataclass(frozen=True, slots=True, kw_only=True)
class ReaderMailView:
    """A mail to one reader that is no edition."""

    kind: str  # what for: "confirm", "manage", "left", "move_from", "move_to"
    list: str  # what readers call it
    link: str  # to a page of the site, which asks once more
    hours: int  # for which the link is good; 0 for as long as they are in the list
    language: str
    direction: str  # "ltr" or "rtl", of the language
