"""The digest as JSON: for other programs, for the archive, and for comparing later editions with it."""

from __future__ import annotations

import json
from datetime import datetime
from functools import partial
from typing import Any

from ..model import Digest, Entry, Item
from .i18n import translated
from .safety import SafeDigest, sanitised


def as_json(digest: Digest) -> str:
    """The whole digest, nothing shortened; times are ISO with offset. `also` has the shape of a section's stories."""
    return encode_json(sanitised(digest))


def encode_json(digest: SafeDigest) -> str:
    """`as_json` of a digest that is sanitised already."""
    story = partial(_story, language=digest.language)

    def line(entry: Entry) -> dict[str, Any]:
        # Later editions read this back to know what was said. Of a line readers saw the headline alone, so a sentence in
        # here would be left out of tomorrow's update though nobody has read it.
        return {**story(entry), "summary": [], "facts": []}

    value = {
        "digest": digest.name,
        "edition": digest.edition.isoformat(),
        "since": digest.since.isoformat(),
        "until": digest.until.isoformat(),
        "timezone": digest.timezone,
        "title": digest.title,
        "counts": {
            "feeds": digest.counts.feeds,
            "feeds_failed": digest.counts.feeds_failed,
            "items": digest.counts.items,
            "stories": digest.counts.stories,
        },
        "lead": story(digest.lead) if digest.lead else None,
        "sections": [
            {
                "topic": section.topic,
                "stories": [story(entry) for entry in section.entries],
                "briefs": [line(entry) for entry in section.briefs],
            }
            for section in digest.sections
        ],
        "elsewhere": [line(entry) for entry in digest.elsewhere],
        "also": [line(entry) for entry in digest.also],
        "further": [line(entry) for entry in digest.further],
        "failures": [{"source": failure.source, "reason": failure.reason} for failure in digest.failures],
        "notices": list(digest.notices),
        "omitted": digest.omitted,
    }
    # Without indentation it would be a tenth smaller; people read `digest.json`, so it has some (docs/design.md).
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"


def _story(entry: Entry, *, language: str) -> dict[str, Any]:
    earlier = entry.earlier
    return {
        "id": entry.story.id,
        "title": entry.title,
        "url": entry.url,
        "topic": entry.topic,
        "kind": entry.kind,
        "published": _iso(entry.published),
        # The last digits of a sum of floats differ between machines: rounded, one digest has one JSON form.
        "score": round(entry.score.total, 4),
        "why": [translated(reason, language) for reason in entry.why],
        "day": entry.day,
        **({"told_today": entry.told_today} if entry.told_today else {}),
        "sources": [
            {"name": source.name, "items": source.items, "independent": source.independent} for source in entry.sources
        ],
        "items": [_item(item) for item in entry.story.items],
        "summary": [
            {"text": sentence.text, "item": sentence.item, "source": sentence.source, "url": sentence.url}
            for sentence in entry.summary.sentences
        ],
        "facts": [
            {
                "symbol": fact.symbol,
                "move": fact.move,
                "about": fact.about,
                "text": fact.sentence,
                "item": fact.item,
                "source": fact.source,
                "url": fact.url,
            }
            for fact in entry.facts
        ],
        "related": [{"id": other.story.id, "title": other.title, "url": other.url} for other in entry.related],
        **({"earlier": [{"edition": day.isoformat(), "id": one} for day, one in earlier]} if earlier else {}),
    }


def _item(item: Item) -> dict[str, Any]:
    return {
        "id": item.id,
        "title": item.title,
        "url": item.url,
        "source": item.source,
        "published": _iso(item.published),
    }


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at else None
