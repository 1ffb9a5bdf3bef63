"""What templates see: a digest in words, in reading order, with the reader's dates. docs/templates.md tells each field."""

from __future__ import annotations

from dataclasses import dataclass

from ..model import Counts


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """One report that can be opened."""

    title: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlet:
    """An outlet's reports in a story."""

    name: str
    reports: tuple[Report, ...]  # those with an address
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
    """A story as it is told."""

    id: str
    number: int  # its place in reading order, from 1
    title: str
    url: str
    topic: str
    day: int
    why: tuple[str, ...]
    facts: tuple[str, ...]  # tickers and their moves, as "HK:0981 more than +3%"
    quotes: tuple[Quote, ...]
    outlets: tuple[Outlet, ...]
    unlisted: int  # outlets beyond those listed
    independent: int  # outlets that report in their own words
    score: float
    top: bool  # told in full; else in brief
    image: str = ""  # address of its picture; only where pictures are asked for

    @property
    def outlet_count(self) -> int:
        return len(self.outlets) + self.unlisted

    @property
    def unquoted(self) -> tuple[Outlet, ...]:
        linked = {self.url, *(quote.url for quote in self.quotes)}
        return tuple(outlet for outlet in self.outlets if not {outlet.url, *outlet.more} <= linked)


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionView:
    """The stories of a topic."""

    topic: str
    stories: tuple[StoryView, ...]

    @property
    def top(self) -> tuple[StoryView, ...]:
        return tuple(story for story in self.stories if story.top)

    @property
    def brief(self) -> tuple[StoryView, ...]:
        return tuple(story for story in self.stories if not story.top)


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """What could not be read, and why."""

    source: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestView:
    """One edition as it is told."""

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
    told: int  # stories of the whole digest, "Also" included, however many of them this message holds
    minutes: int  # reading time of the whole digest
    sections: tuple[SectionView, ...]
    also: tuple[StoryView, ...]
    failures: tuple[Trouble, ...]
    unlisted_failures: int
    recovered: tuple[str, ...]
    notices: tuple[str, ...]
    left_out: int  # stories that found no place
    dropped: tuple[str, ...] = ()  # what this form left out to stay within its budget, in sentences

    @property
    def stories(self) -> tuple[StoryView, ...]:
        """Every story outside "Also", in reading order."""
        return tuple(story for section in self.sections for story in section.stories)

    @property
    def best(self) -> tuple[StoryView, ...]:
        """Every story outside "Also", best first: for subjects and previews."""
        return tuple(sorted(self.stories, key=lambda story: (-story.score, story.number)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Which of a digest's Slack messages a template is to make."""

    number: int  # 0 is the parent, replies follow
    mode: str
    outline: tuple[SectionView, ...] = ()  # sections to announce only: their stories are in the thread
    in_thread: int = 0  # stories that the parent leaves to the thread
