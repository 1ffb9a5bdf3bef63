"""A digest with every field filled, and an empty one: `digestbot check` tries templates on both."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Final

from ..model import (
    Counts,
    Digest,
    Entry,
    Fact,
    Failure,
    Item,
    Score,
    ScorePart,
    Section,
    Sentence,
    Source,
    Story,
    Summary,
    TranslatableText,
)

_MORNING: Final = datetime(2026, 5, 27, 5, 30, tzinfo=UTC)


def full() -> Digest:
    """Two sections, an update, a copy, two reports of one outlet, "Also", notices, failures, stories that were left out."""
    return Digest(
        name="sample",
        edition=date(2026, 5, 27),
        since=datetime(2026, 5, 26, 5, 30, tzinfo=UTC),
        until=_MORNING,
        title="Sample digest",
        timezone="Europe/Berlin",
        counts=Counts(feeds=3, feeds_failed=1, items=9, stories=4),
        sections=(
            Section(topic="Bridges", entries=(_entry("Harbour bridge reopens", day=2), _entry("New span planned"))),
            # More stories than any form shows in full, so that the lines in brief of a template are tried as well.
            Section(topic="Ferries", entries=tuple(_entry(f"Ferry line {at} extended") for at in range(1, 10))),
        ),
        also=(_entry("Library opens longer"),),
        failures=(Failure(source="Old Mill News", reason="no answer within 30 seconds"),),
        notices=("Sent late: 11:02 instead of 07:30.",),
        omitted=2,
    )


def empty() -> Digest:
    """A day without any story."""
    return Digest(name="sample", edition=date(2026, 5, 27), since=_MORNING, until=_MORNING, title="Sample digest")


def _entry(title: str, *, day: int = 1) -> Entry:
    names = ("Harbour Gazette", "The Ledger", "The Ledger")
    items = tuple(
        Item(id=f"{title}-{at}", title=title, source=name, url=f"https://news.example/{at}", published=_MORNING)
        for at, name in enumerate(names)
    )
    quote = Sentence(text=f"{title}, the city said.", item=items[0].id, source=names[0], url=items[0].url)
    return Entry(
        story=Story(id=title, items=items),
        title=title,
        url=items[0].url,
        score=Score(parts=(ScorePart(name="coverage", value=1.0),)),
        why=(TranslatableText(msgid="matches %(terms)s", values={"terms": "bridge*, ferry"}),),
        day=day,
        sources=(Source(name="The Ledger", items=2), Source(name="Harbour Gazette", independent=False)),
        summary=Summary(sentences=(quote, quote)),
        facts=(Fact(symbol="HBR:4410", move="+2%", sentence=quote.text, item=quote.item, source=quote.source),),
    )
