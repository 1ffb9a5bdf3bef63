"""What was sent, as readers may look it up: an edition as it stands, a line about each, and their stories."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum


class Place(StrEnum):
    """Where an edition told a story."""

    LEAD = "lead"
    FULL = "full"  # under its topic, with a summary
    BRIEF = "brief"  # under its topic, in one line
    ELSEWHERE = "elsewhere"
    ALSO = "also"
    RELATED = "related"  # a line under another story


@dataclass(frozen=True, slots=True, kw_only=True)
class SentStory:
    """A story as an edition told it."""

    digest: str
    edition: date  # its name
    revision: int  # the newest one that tells it
    story: str  # its id in that edition; an edition tells it once
    place: Place
    position: int  # in reading order, from 0
    told: datetime  # the edition's moment
    topic: str = ""
    title: str
    url: str = ""
    outlets: tuple[str, ...] = ()  # most items first
    published: datetime | None = None  # when its newest report came out
    day: int = 1  # of its coverage
    course: str = ""  # the same for all that editions told of one course of events
    excerpt: str = ""  # the first sentence that was quoted


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedEdition:
    """One revision of an edition that went out."""

    digest: str
    date: date  # its name
    revision: int  # of the content; 0 is the first
    newest: int  # the newest one there is
    until: datetime  # the edition's moment
    made: datetime  # when this revision was made; of one made by an earlier release the edition's moment
    content: str = field(repr=False)  # the digest's JSON

    @property
    def corrected(self) -> bool:
        """Whether it stands in the place of an earlier one."""
        return self.revision > 0


@dataclass(frozen=True, slots=True, kw_only=True)
class EditionLine:
    """What a list of editions says of one."""

    date: date  # its name
    revision: int
    until: datetime
    made: datetime
    headline: str = ""  # of its first story
    stories: int = 0
