"""What readers have been told: read back from the JSON of editions that went out."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from ..model import Item
from ..stories import PastStory


def past_stories(editions: Iterable[tuple[date, str]], stored: Iterable[Item]) -> tuple[PastStory, ...]:
    """Every story of these editions, headline only or with a summary.

    Args:
        editions: date and JSON form of each, oldest first.
        stored: items as they are kept: what their texts say is known too.
    """
    texts = {item.id: item.text for item in stored if item.text}
    return tuple(
        _told(story, edition, texts)
        for edition, content in editions
        if content
        for story in _stories(json.loads(content))
    )


def failing_sources(editions: Iterable[tuple[date, str]], *, before: date) -> frozenset[str]:
    """What the last edition before a day could not read, by the names it told."""
    contents = [content for day, content in editions if content and day < before]
    failures = json.loads(contents[-1])["failures"] if contents else ()
    return frozenset(failure["source"] for failure in failures)


def _stories(digest: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [story for section in digest["sections"] for story in section["stories"]] + list(digest["also"])


def _told(story: Mapping[str, Any], edition: date, texts: Mapping[str, str]) -> PastStory:
    items = tuple((item["id"], item["title"]) for item in story["items"])
    return PastStory(
        id=story["id"],
        edition=edition,
        title=story["title"],
        day=story["day"],
        items=items,
        sentences=tuple(sentence["text"] for sentence in story["summary"]),
        texts=tuple(texts[identity] for identity, _ in items if identity in texts),
    )
