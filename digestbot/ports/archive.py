"""What was sent, for whoever looks it up later: editions with all their revisions, and a search over every story."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from ..model import EditionLine, PublishedEdition, SentStory
from ..text.search_query import SearchQuery


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A page of stories."""

    stories: tuple[SentStory, ...]  # those sent last first
    after: int | None = None  # where the next page begins; None where there is none


class Archive(Protocol):
    """Reads only. An edition is in it from the moment it is published; `day` is a name, as in `Editions`."""

    def called_now(self, name: str) -> str | None:
        """What a digest is called that was called so before."""

    def former_names(self, digest: str) -> tuple[str, ...]:
        """What it was called before."""

    def edition(self, digest: str, day: date, *, revision: int | None = None) -> PublishedEdition | None:
        """An edition that went out, its newest revision or another one; None where there is none."""

    def newest(self, digest: str) -> date | None:
        """The name of the last edition that went out."""

    def neighbours(self, digest: str, day: date) -> tuple[date | None, date | None]:
        """The names of the editions before and after this one that went out."""

    def months(self, digest: str) -> tuple[tuple[date, int], ...]:
        """The first of each month with editions and how many, the newest first."""

    def lines(
        self, digest: str, *, since: date | None = None, until: date | None = None, limit: int = 100
    ) -> tuple[EditionLine, ...]:
        """The editions of these days, both included, the newest first."""

    def newest_editions(self, digest: str, *, limit: int) -> tuple[PublishedEdition, ...]:
        """The last editions that went out, the newest first, each in its newest revision."""

    def story(self, digest: str, day: date, story: str) -> SentStory | None:
        """A story by its id in an edition."""

    def course(self, digest: str, course: str, *, limit: int = 60) -> tuple[SentStory, ...]:
        """What editions told of one course of events, the first first; of a longer one the last ones."""

    def search(
        self, query: SearchQuery, *, digests: Collection[str], after: int | None = None, limit: int = 20
    ) -> Found:
        """The stories of these digests that meet the query, those sent last first.

        Args:
            query: what is looked for.
            digests: no story of another is found.
            after: `Found.after` of the page before; no story stands on two pages, whatever is sent meanwhile.
            limit: so many at most.
        """
