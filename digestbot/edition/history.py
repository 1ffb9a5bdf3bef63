"""What readers have seen before: read back from the JSON of the editions that were sent."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from ..model import Item
from ..stories import PastStory
from .counted_days import CountedDays

# What was last reported two weeks ago counts as a new story: `stories` compares no further back either.
STORIES_LOOK_BACK = timedelta(days=14)


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """What an edition looks back on, read from the store before anything is decided."""

    # Of the last month before the edition's cutoff, and its own; of very many the newest.
    items: tuple[Item, ...] = ()
    counted: CountedDays | None = None  # besides those: the days before, where they are more than these
    told: tuple[Item, ...] = ()  # besides those: what earlier editions told
    begun: Mapping[str, datetime] = field(default_factory=dict)  # when feeds were first read, where `items` do not tell
    editions: tuple[tuple[date, str], ...] = ()  # name and JSON form of what was sent, oldest first


def past_stories(editions: Iterable[tuple[date, str]], stored: Iterable[Item]) -> tuple[PastStory, ...]:
    """Every story of these editions, headline only or with a summary.

    Args:
        editions: name and JSON form of each, oldest first.
        stored: items of these stories where the store still has them: their texts are known to readers, too.
    """
    texts = {item.id: item.text for item in stored if item.text}
    read = ((edition, json.loads(content)) for edition, content in editions if content)
    return tuple(
        _past_story(story, edition, texts, line=line, told=datetime.fromisoformat(digest["until"]))
        for edition, digest in read
        for story, line in _stories(digest)
    )


def told_ids(editions: Iterable[tuple[date, str]]) -> frozenset[str]:
    """The items of every story of these editions: name and JSON form of each."""
    read = (json.loads(content) for _, content in editions if content)
    return frozenset(item["id"] for digest in read for story, _ in _stories(digest) for item in story.get("items", ()))


def failing_sources(editions: Iterable[tuple[date, str]], *, before: date) -> frozenset[str]:
    """The sources that the last edition before this one reported as failing, by the names its readers saw."""
    # The last one is enough: its JSON lists what failed even where its readers had heard of it before.
    contents = [content for day, content in editions if content and day < before]
    failures = json.loads(contents[-1])["failures"] if contents else ()
    return frozenset(failure["source"] for failure in failures)


def _stories(digest: Mapping[str, Any]) -> Iterator[tuple[Mapping[str, Any], bool]]:
    """All that readers saw, and whether it was its headline alone; editions of older versions have fewer places."""
    lead = [digest["lead"]] if digest.get("lead") else []
    full = [*lead, *(story for section in digest["sections"] for story in section["stories"])]
    yield from ((story, False) for story in full)
    briefs = [story for section in digest["sections"] for story in section.get("briefs", ())]
    lines = [*briefs, *digest.get("elsewhere", ()), *digest["also"], *digest.get("further", ())]
    yield from ((story, True) for story in lines)
    related = [other for story in (*full, *lines) for other in story.get("related", ())]
    yield from ((other, True) for other in related)


def _past_story(
    story: Mapping[str, Any], edition: date, texts: Mapping[str, str], *, line: bool, told: datetime
) -> PastStory:
    # A related line has an id, a title and an address only.
    items = tuple((item["id"], item["title"]) for item in story.get("items", ()))
    return PastStory(
        id=story["id"],
        edition=edition,
        title=story["title"],
        told=told,
        day=story.get("day", 1),
        items=items,
        sentences=tuple(sentence["text"] for sentence in story.get("summary", ())),
        texts=tuple(texts[identity] for identity, _ in items if identity in texts),
        outlets=tuple(source["name"] for source in story.get("sources", ())),
        line=line,
    )
