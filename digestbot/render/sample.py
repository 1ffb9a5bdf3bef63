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
from .view import ReaderMailView

_MORNING: Final = datetime(2026, 5, 27, 5, 30, tzinfo=UTC)


def full() -> Digest:
    """Every place: a lead, sections with lines, "Elsewhere", "Also", related stories; an update, a copy, notices, failures."""
    return Digest(
        name="sample",
        edition=date(2026, 5, 27),
        since=datetime(2026, 5, 26, 5, 30, tzinfo=UTC),
        until=_MORNING,
        title="Sample digest",
        timezone="Europe/Berlin",
        counts=Counts(feeds=3, feeds_failed=1, items=62, stories=19),
        lead=_entry("Old bridge closes for a year", related=("Shops ask the city for help",)),
        sections=(
            Section(
                topic="Bridges",
                entries=(_entry("Harbour bridge reopens", day=2), _entry("New span planned", related=("Its price",))),
                briefs=(_entry("Footbridge painted", day=2), _entry("Toll stays")),
            ),
            # More stories than any form shows in full, so that the lines in brief of a template are tried as well.
            Section(topic="Ferries", entries=tuple(_entry(f"Ferry line {at} extended") for at in range(1, 10))),
        ),
        elsewhere=(_entry("Storm takes a roof off"),),
        also=(_entry("Library opens longer"),),
        failures=(Failure(source="Old Mill News", reason="no answer within 30 seconds"),),
        notices=("Sent late: 11:02 instead of 07:30.",),
        omitted=2,
        shows_why=True,
    )


def empty() -> Digest:
    """A day without any story."""
    return Digest(name="sample", edition=date(2026, 5, 27), since=_MORNING, until=_MORNING, title="Sample digest")


def _entry(title: str, *, day: int = 1, related: tuple[str, ...] = ()) -> Entry:
    names = ("Harbour Gazette", "The Ledger", "The Ledger")
    items = tuple(
        Item(
            id=f"{title}-{at}",
            title="Ferries are full all day" if at == 1 else title,  # another headline, for the list under the lead
            source=name,
            url=f"https://news.example/{at}",
            published=_MORNING,
        )
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
        related=tuple(map(_entry, related)),
    )


def reader_mail() -> ReaderMailView:
    """The question whether somebody wants a list."""
    link = "https://digest.example.com/c/briefing/7.6a16d3c0.AAAAAAAAAAAAAAAAAAAAAA"
    return ReaderMailView(kind="confirm", list="Morning & evening", link=link, hours=48, language="en", direction="ltr")
