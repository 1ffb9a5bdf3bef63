"""The digest's JSON read back: for a recipient who was added after the edition, as everybody else got it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from ..model import (
    Counts,
    Digest,
    Entry,
    Fact,
    Failure,
    Item,
    Kind,
    Score,
    ScorePart,
    Section,
    Sentence,
    Source,
    Story,
    Summary,
    TranslatableText,
    parse_edition,
)

_AS_WRITTEN = "%(words)s"  # text that is in the reader's language already: nothing to translate


def digest_from_json(text: str, *, language: str = "en", shows_why: bool = False) -> Digest:
    """The digest whose JSON this is: `as_json` of it gives the same text.

    What readers never see is not in it: the texts of items, the parts of a score. Editions of earlier releases lack some
    fields, which are empty then.

    Args:
        text: the JSON that is stored with the edition.
        language: of its fixed words: the JSON does not say it.
        shows_why: whether its readers see the reasons of each place.
    """
    value = json.loads(text)
    return Digest(
        name=value["digest"],
        edition=parse_edition(value["edition"]),
        since=datetime.fromisoformat(value["since"]),
        until=datetime.fromisoformat(value["until"]),
        timezone=value.get("timezone", "UTC"),
        language=language,
        title=value["title"],
        counts=Counts(**value["counts"]),
        lead=_entry(value["lead"]) if value.get("lead") else None,
        sections=tuple(
            Section(
                topic=section["topic"],
                entries=tuple(map(_entry, section["stories"])),
                briefs=tuple(map(_entry, section.get("briefs", ()))),
            )
            for section in value["sections"]
        ),
        elsewhere=tuple(map(_entry, value.get("elsewhere", ()))),
        also=tuple(map(_entry, value["also"])),
        further=tuple(map(_entry, value.get("further", ()))),
        failures=tuple(Failure(source=one["source"], reason=one["reason"]) for one in value["failures"]),
        notices=tuple(value.get("notices", ())),
        omitted=value.get("omitted", 0),
        shows_why=shows_why,
    )


def _entry(value: Mapping[str, Any]) -> Entry:
    return Entry(
        story=Story(id=value["id"], items=tuple(map(_item, value["items"]))),
        title=value["title"],
        url=value["url"],
        topic=value.get("topic", ""),
        kind=Kind(value.get("kind", Kind.NEWS)),
        score=Score(parts=(ScorePart(name="total", value=value["score"]),)),
        # In the language of the edition already.
        why=tuple(TranslatableText(msgid=_AS_WRITTEN, values={"words": words}) for words in value["why"]),
        day=value.get("day", 1),
        told_today=value.get("told_today", ""),
        sources=tuple(Source(**source) for source in value["sources"]),
        summary=Summary(sentences=tuple(Sentence(**sentence) for sentence in value["summary"])),
        facts=tuple(_fact(fact) for fact in value.get("facts", ())),
        related=tuple(map(_related, value.get("related", ()))),
        earlier=tuple((parse_edition(one["edition"]), one["id"]) for one in value.get("earlier", ())),
    )


def _item(value: Mapping[str, Any]) -> Item:
    published = value["published"]
    return Item(
        id=value["id"],
        title=value["title"],
        url=value["url"],
        source=value["source"],
        published=datetime.fromisoformat(published) if published else None,
    )


def _fact(value: Mapping[str, Any]) -> Fact:
    kept = {name: value[name] for name in ("symbol", "move", "about", "item", "source", "url")}
    return Fact(sentence=value["text"], **kept)


def _related(value: Mapping[str, Any]) -> Entry:
    """Of a line under another story its outlet is not stored."""
    item = Item(id=value["id"], title=value["title"], url=value["url"])
    return Entry(story=Story(id=value["id"], items=(item,)), title=value["title"], url=value["url"])
