"""What the pages of the archive show: lists of editions, lists of stories, one story with all its reports. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final
from urllib.parse import quote
from zoneinfo import ZoneInfo

from ..model import PINNED, TOP_STORIES, EditionLine, Entry, Item, SentStory
from ..text.locales import locale_of
from ..text.sanitise import isolated, one_line, shorten
from .build_view import build_view
from .i18n import capitalised, edition_date, listed_date, section_title, story_time
from .safety import SafeDigest
from .view import ReportLink, StoryView

_MOST_TITLE: Final = 250
_MOST_NAME: Final = 80
_MOST_EXCERPT: Final = 300
_MOST_OUTLETS: Final = 4
_OUR_SECTIONS: Final = frozenset({TOP_STORIES, PINNED})  # no topic of the reader's: they have no page


@dataclass(frozen=True, slots=True, kw_only=True)
class EditionLink:
    """An edition in a list."""

    url: str
    date: str
    headline: str
    stories: int
    corrected: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryLink:
    """A story in a list, as one edition told it."""

    title: str
    url: str  # its page
    digest: str  # title; empty where all are of one
    date: str
    edition: str  # the page of that edition
    topic: str
    outlets: tuple[str, ...]
    unlisted: int  # outlets beyond those
    excerpt: str
    day: int
    here: bool = False  # whether it is the one that the page is about


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """One report of a story."""

    title: str
    url: str
    source: str
    outlet: str  # the path of that outlet's page, below the digest's
    time: str
    copied: bool  # whether it is a copy of another outlet's text


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryPage:
    """A story of an edition, with all that is known of it."""

    story: StoryView
    topic: str  # as its page is called; empty where it has none
    reports: tuple[Report, ...]  # in the order of time
    related: tuple[ReportLink, ...]  # to their own pages


def edition_links(lines: Iterable[EditionLine], *, home: str, language: str) -> tuple[EditionLink, ...]:
    """Editions as a list shows them; `home` is the address of their digest."""
    locale = locale_of(language)
    return tuple(
        EditionLink(
            url=f"{home}/{line.date.isoformat()}",
            date=capitalised(edition_date(line.date, locale)),
            headline=shorten(one_line(line.headline), _MOST_TITLE),
            stories=line.stories,
            corrected=line.revision > 0,
        )
        for line in lines
    )


def story_link(story: SentStory, *, home: str, language: str, digest: str = "", here: bool = False) -> StoryLink:
    """A story as a list shows it.

    Args:
        story: as it was sent.
        home: the address of its digest.
        language: of the page.
        digest: what the digest is called, where several are in the list.
        here: whether the page is about it.
    """
    locale = locale_of(language)
    edition = f"{home}/{story.edition.isoformat()}"
    return StoryLink(
        title=shorten(one_line(story.title), _MOST_TITLE) or "…",
        url=f"{edition}/s/{quote(story.story, safe='')}",
        digest=digest,
        date=listed_date(story.edition, locale),
        edition=edition,
        topic=section_title(shorten(one_line(story.topic), _MOST_NAME), language),
        outlets=tuple(isolated(shorten(one_line(name), _MOST_NAME)) for name in story.outlets[:_MOST_OUTLETS]),
        unlisted=max(0, len(story.outlets) - _MOST_OUTLETS),
        excerpt=shorten(one_line(story.excerpt), _MOST_EXCERPT),
        day=story.day,
        here=here,
    )


def own_topics(digest: SafeDigest) -> tuple[str, ...]:
    """The topics of an edition that have a page, as a template sees their titles."""
    return tuple(shorten(one.topic, _MOST_NAME) for one in digest.sections if one.topic not in _OUR_SECTIONS)


def story_page(digest: SafeDigest, story: str, *, at: str) -> StoryPage | None:
    """The story with this id; None where the edition has none.

    Args:
        digest: the edition.
        story: an id.
        at: the address of the edition's page.
    """
    found = next((entry for entry in _told(digest) if entry.story.id == story), None)
    if found is None:
        return None
    view = build_view(digest)
    seen = next((one for one in (*view.stories, *view.also) if one.id == story), None)
    return StoryPage(
        story=seen or _line(found),
        topic=found.topic if found.topic not in _OUR_SECTIONS else "",
        reports=tuple(_reports(found, digest)),
        related=tuple(
            ReportLink(title=shorten(one.title, _MOST_TITLE), url=f"{at}/s/{quote(one.story.id, safe='')}")
            for one in found.related
        ),
    )


def _told(digest: SafeDigest) -> Iterator[Entry]:
    """Whatever readers saw of it: what is told under another story comes after all that stands by itself."""
    own = (*digest.entries, *digest.headlines)
    yield from own
    yield from (other for entry in own for other in entry.related)


def _line(entry: Entry) -> StoryView:
    """Of a line under another story no more is stored than it showed."""
    return StoryView(
        id=entry.story.id,
        number=0,
        title=shorten(entry.title, _MOST_TITLE) or "…",
        url=entry.url,
        topic="",
        day=entry.day,
        told_today="",
        why=(),
        facts=(),
        quotes=(),
        outlets=(),
        unlisted=0,
        independent=0,
        score=0.0,
        top=True,
        line=True,
    )


def _reports(entry: Entry, digest: SafeDigest) -> Iterator[Report]:
    zone = ZoneInfo(digest.timezone)
    today = digest.until.astimezone(zone).date()
    own_words = {source.name for source in entry.sources if source.independent} | {""}
    for item in sorted(entry.story.items, key=_moment):
        if item.source:
            yield Report(
                title=shorten(item.title, _MOST_TITLE) or item.url or "…",
                url=item.url,
                source=isolated(shorten(item.source, _MOST_NAME)),
                outlet=f"outlet/{quote(item.source, safe='')}",
                time=story_time(item.published, zone, today, digest.language),
                copied=bool(entry.sources) and item.source not in own_words,
            )


def _moment(item: Item) -> datetime:
    return item.published or datetime.max.replace(tzinfo=UTC)
