"""Editions in an archive, as a test needs them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from builders import NOON, item, story

from digestbot.model import Counts, Digest, Edition, Entry, Score, ScorePart, Section, Sentence, Source, Summary
from digestbot.render import as_json
from digestbot.store import Stores

TODAY = NOON.date()
DAY = timedelta(days=1)


def entry(
    title: str,
    *sentences: str,
    id: str = "",  # noqa: A002 -- it is the field's name
    topic: str = "Chips",
    outlets: Sequence[str] = ("Gazette",),
    day: int = 1,
    earlier: tuple[tuple[date, str], ...] = (),
    related: tuple[Entry, ...] = (),
    score: float = 1.0,
    hours: Sequence[float] = (),
) -> Entry:
    """A story of an edition, told by these outlets with one report each."""
    times = [*hours, *range(len(hours) + 1, len(outlets) + 1)]
    reports = [
        item(title if not at else f"{title}, says {name}", source=name, hours=times[at])
        for at, name in enumerate(outlets)
    ]
    quoted = [
        Sentence(text=text, item=reports[0].id, source=reports[0].source, url=reports[0].url) for text in sentences
    ]
    return Entry(
        story=story(*reports, id=id),
        title=title,
        url=reports[0].url,
        topic=topic,
        day=day,
        earlier=earlier,
        related=related,
        score=Score(parts=(ScorePart(name="coverage", value=score),)),
        sources=tuple(Source(name=name) for name in outlets),
        summary=Summary(sentences=tuple(quoted)),
    )


def digest(
    *entries: Entry,
    name: str = "morning",
    edition: date = TODAY,
    until: datetime = NOON,
    lead: Entry | None = None,
    also: tuple[Entry, ...] = (),
    elsewhere: tuple[Entry, ...] = (),
    title: str = "Morning",
    **fields: object,
) -> Digest:
    """An edition that tells these, each under its topic."""
    topics = dict.fromkeys(one.topic for one in entries)
    return Digest(
        name=name,
        edition=edition,
        since=until - DAY,
        until=until,
        title=title,
        counts=Counts(feeds=2, items=9, stories=len(entries)),
        lead=lead,
        sections=tuple(
            Section(topic=topic, entries=tuple(one for one in entries if one.topic == topic)) for topic in topics
        ),
        elsewhere=elsewhere,
        also=also,
        **fields,  # type: ignore[arg-type]
    )


def publish(store: Stores, of: Digest, *, made: datetime | None = None) -> Edition:
    """Publish it to nobody."""
    edition = store.editions.claim(Edition(digest=of.name, date=of.edition, since=of.since, until=of.until))
    store.editions.publish(edition, as_json(of), (), used=(), made=made)
    return edition


def send(store: Stores, *titles: str, days: int = 0, name: str = "morning", **fields: object) -> Edition:
    """Publish an edition of a day, counted from 27 May 2026, that tells these in this order."""
    until = NOON + days * DAY
    entries = [entry(title, **fields) for title in titles]  # type: ignore[arg-type]
    return publish(store, digest(*entries, name=name, edition=until.date(), until=until))
