"""A digest into what its templates see: made harmless, in the reader's language, every text of bearable length."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import partial
from typing import Final
from zoneinfo import ZoneInfo

from ..model import Entry, Fact, Item
from ..text.sanitise import shorten
from ..text.tokenize import is_unspaced, split_words
from .i18n import format_moment, in_words, locale_of, long_date, section_title, short_date
from .safety import SafeDigest
from .view import DigestView, Outlet, Quote, Report, SectionView, StoryView, Trouble

WORDS_A_MINUTE: Final = 230  # reference speed of silent reading (Brysbaert 2019: 238 for non-fiction)
_TITLE: Final = 250
_SENTENCE: Final = 600
_NAME: Final = 80
_REASON: Final = 200
_FACT: Final = 60
_FACTS: Final = 6  # of a story
_FAILURES: Final = 10
_REPORTS: Final = 20
_NOTICES: Final = 5
_QUOTED: Final = 1_500


def view_of(digest: SafeDigest, *, pictured: bool = False) -> DigestView:
    """The digest ready to be told, every story in full; the best one with its picture if `pictured`."""
    locale, zone = locale_of(digest.language), ZoneInfo(digest.timezone)
    story = partial(_story, language=digest.language)
    sections: list[SectionView] = []
    number = 1
    for section in digest.sections:
        if section.entries:
            topic = shorten(section_title(section.topic, digest.language), _NAME)
            stories = tuple(story(entry, number + at, topic) for at, entry in enumerate(section.entries))
            sections.append(SectionView(topic=topic, stories=stories))
            number += len(stories)
    also = tuple(replace(story(entry, number + at, entry.topic), quotes=()) for at, entry in enumerate(digest.also))
    failures = [failure for failure in digest.failures if not failure.known]
    if pictured:
        sections = _with_lead_picture(sections, digest)
    told = [*(story for section in sections for story in section.stories), *also]
    return DigestView(
        name=shorten(digest.name, _NAME),
        title=shorten(digest.title, _NAME) or shorten(digest.name, _NAME),
        edition=digest.edition.isoformat(),
        date=long_date(digest.edition, locale),
        short_date=short_date(digest.edition, locale),
        since=format_moment(digest.since, zone, locale),
        until=format_moment(digest.until, zone, locale),
        timezone=digest.timezone,
        language=str(locale).replace("_", "-"),
        direction=locale.text_direction,
        counts=digest.counts,
        told=len(told),
        minutes=_minutes(told),
        sections=tuple(sections),
        also=also,
        failures=tuple(
            Trouble(source=shorten(failure.source, _NAME), reason=shorten(failure.reason, _REASON))
            for failure in failures[:_FAILURES]
        ),
        unlisted_failures=max(0, len(failures) - _FAILURES),
        recovered=tuple(shorten(source, _NAME) for source in digest.recovered[:_FAILURES]),
        notices=tuple(shorten(note, _SENTENCE) for note in digest.notices[:_NOTICES]),
        left_out=digest.omitted,
    )


def with_top(view: DigestView, most: int, *, spare: int = 0) -> DigestView:
    """Tell the `most` best stories in full and the others in brief, with their first sentence.

    Every section keeps its best one in full as long as that makes `most + spare` at most; as many are in full altogether
    where hardly any would be in brief. None at all is in full where `most` is 0.
    """
    if most and len(view.stories) <= most + spare:
        return view
    taken = [0] * len(view.sections)
    best = sorted(range(len(taken)), key=lambda at: -view.sections[at].stories[0].score)
    for at in best[: most + spare] if most else ():
        taken[at] = 1
    while sum(taken) < most:
        waiting = [at for at, section in enumerate(view.sections) if taken[at] < len(section.stories)]
        taken[max(waiting, key=lambda at: view.sections[at].stories[taken[at]].score)] += 1
    sections = tuple(
        replace(
            section,
            stories=(
                *section.stories[:full],
                *(replace(story, top=False, quotes=story.quotes[:1]) for story in section.stories[full:]),
            ),
        )
        for section, full in zip(view.sections, taken, strict=True)
    )
    return replace(view, sections=sections)


def _with_lead_picture(sections: Sequence[SectionView], digest: SafeDigest) -> list[SectionView]:
    best = max(digest.entries, key=lambda entry: entry.score.total, default=None)
    image = next((item.image for item in best.story.items if item.image), "") if best else ""
    return [
        replace(
            section,
            stories=tuple(
                replace(story, image=image) if best and story.id == best.story.id else story
                for story in section.stories
            ),
        )
        for section in sections
    ]


def _story(entry: Entry, number: int, topic: str, *, language: str) -> StoryView:
    outlets = tuple(_outlets(entry))
    url = entry.url or entry.story.lead.url
    title, quotes = _headed(entry.title or entry.story.lead.title, tuple(_quotes(entry)))
    return StoryView(
        id=entry.story.id,
        number=number,
        title=shorten(title, _TITLE) or url or "…",
        url=url,
        topic=shorten(topic, _NAME),
        day=entry.day,
        why=tuple(shorten(in_words(reason, language), _REASON) for reason in entry.why),
        facts=tuple(_move(fact) for fact in entry.facts if fact.move)[:_FACTS],
        quotes=quotes,
        outlets=outlets[:_REPORTS],
        unlisted=max(0, len(outlets) - _REPORTS),
        independent=sum(outlet.independent for outlet in outlets),
        score=entry.score.total,
        top=True,
    )


def _headed(title: str, quotes: tuple[Quote, ...]) -> tuple[str, tuple[Quote, ...]]:
    """A page without a title is named by the beginning of its first sentence: told whole, and not once more below."""
    for quote in quotes:
        if title.endswith("…") and quote.text.startswith(title[:-1]) and len(quote.text) <= _TITLE:
            return quote.text, tuple(other for other in quotes if other is not quote)
    return title, quotes


def _quotes(entry: Entry) -> Iterable[Quote]:
    room = _QUOTED
    for sentence in entry.summary.sentences:
        text = shorten(sentence.text, _SENTENCE)
        room -= len(text)
        if room < 0:
            return
        if text:
            yield Quote(text=text, source=shorten(sentence.source, _NAME), url=sentence.url)


def _move(fact: Fact) -> str:
    """A sign that no line breaks at: a hyphen would let the figure stand alone, and read as a rise."""
    sign = {"+": "+", "-": "\u2212"}.get(fact.move[0], fact.move[0])
    return shorten(str(fact).removesuffix(f" {fact.move}"), _FACT) + f"\u00a0{sign}{fact.move[1:]}"


def _outlets(entry: Entry) -> Iterable[Outlet]:
    """The entry's sources with their addresses; the story's own outlets where no sources are given."""
    room = _REPORTS
    told = {source.name: source for source in entry.sources}
    items = _by_source(entry.story.items)
    for name in dict.fromkeys([*told, *items]):
        titles: dict[str, str] = {}
        for item in items.get(name, ()):
            if item.url:
                titles.setdefault(item.url, shorten(item.title, _TITLE))
        reports = [Report(title=title, url=url) for url, title in titles.items()][: max(room, 1)]
        room -= len(reports)
        source = told.get(name)
        yield Outlet(
            name=shorten(name, _NAME),
            reports=tuple(reports),
            items=source.items if source else len(items[name]),
            independent=source.independent if source else True,
        )


def _by_source(items: Sequence[Item]) -> dict[str, list[Item]]:
    grouped: dict[str, list[Item]] = {}
    for item in items:
        if item.source:
            grouped.setdefault(item.source, []).append(item)
    return grouped


def _minutes(stories: Iterable[StoryView]) -> int:
    texts = [text for story in stories for text in (story.title, *(quote.text for quote in story.quotes))]
    # Overlapping pairs of an unspaced script count each character; two of them read about as fast as one word.
    words = sum(0.5 if is_unspaced(word) else 1.0 for text in texts for word in split_words(text))
    return max(1, math.ceil(words / WORDS_A_MINUTE))
