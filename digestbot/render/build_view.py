"""Turns a digest into what its templates see: in the reader's language and time zone, every text within a maximum length."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from itertools import count
from typing import Final
from zoneinfo import ZoneInfo

from ..model import ELSEWHERE, LEAD, Entry, Fact, Item, Section
from ..text.clauses import is_only_occasion
from ..text.language import stemmer_for, stop_words_for
from ..text.locales import locale_of
from ..text.sanitise import isolated, shorten
from ..text.title_forms import forms_of, without_label
from ..text.tokenize import is_unspaced, split_words
from .i18n import (
    edition_date,
    failure_reason,
    format_time_in_zone,
    section_title,
    story_time,
    translated,
)
from .safety import SafeDigest
from .view import DigestView, FailureView, Outlet, Quote, ReportLink, SectionView, StoryView

WORDS_A_MINUTE: Final = 230  # reference speed of silent reading (Brysbaert 2019: 238 for non-fiction)
FULL_STORIES: Final = 5  # shown with their whole summary in a message; the others get one line or sentence
# Characters. No feed's text can push the rest of a digest out of a message, however long it is.
_MOST_TITLE: Final = 250
_MOST_SENTENCE: Final = 600
_MOST_NAME: Final = 80
_MOST_REASON: Final = 200
_MOST_FACT: Final = 60
_MOST_QUOTED: Final = 1_500  # of all sentences of a story together
# Counts, of a story or of a digest.
_MOST_FACTS: Final = 6
_MOST_FAILURES: Final = 10
_SAME_WORDS: Final = 0.6  # of the shorter of two headlines: a second one in the same words tells a reader nothing
_MOST_REPORTS: Final = 20  # linked, of all outlets together
_MOST_OUTLETS: Final = 3  # named; the others are a number, and stand in the JSON form
_MOST_HEADLINES: Final = 4
_MOST_RELATED: Final = 3
_MOST_NOTICES: Final = 5


def build_view(digest: SafeDigest, *, with_image: bool = False, page: str = "") -> DigestView:
    """The digest as templates see it, every story in full; the best one with its picture if `with_image`.

    `page` is the address of its page on the web.
    """
    locale, zone = locale_of(digest.language), ZoneInfo(digest.timezone)
    sections, also = _places(digest)
    # What failed in the last edition was named there. Readers hear of it once, and once more when it works again.
    failures = [failure for failure in digest.failures if not failure.known]
    if with_image:
        sections = _with_lead_picture(sections, digest)
    shown = [*(story for section in sections for story in section.stories), *also]
    return DigestView(
        name=shorten(digest.name, _MOST_NAME),
        title=shorten(digest.title, _MOST_NAME) or shorten(digest.name, _MOST_NAME),
        edition=digest.edition.isoformat(),
        date=edition_date(digest.edition, locale),
        short_date=edition_date(digest.edition, locale, short=True),
        since=format_time_in_zone(digest.since, zone, locale),
        until=format_time_in_zone(digest.until, zone, locale),
        timezone=digest.timezone,
        # Babel writes zh_Hant; the `lang` of HTML takes a BCP 47 tag, which has a hyphen.
        language=str(locale).replace("_", "-"),
        direction=locale.text_direction,
        counts=digest.counts,
        story_count=len(shown),
        minutes=_minutes(shown),
        sections=tuple(sections),
        also=also,
        failures=tuple(
            FailureView(
                source=isolated(shorten(failure.source, _MOST_NAME)),
                reason=shorten(failure_reason(failure.reason, digest.language), _MOST_REASON),
            )
            for failure in failures[:_MOST_FAILURES]
        ),
        unlisted_failures=max(0, len(failures) - _MOST_FAILURES),
        recovered=tuple(isolated(shorten(source, _MOST_NAME)) for source in digest.recovered[:_MOST_FAILURES]),
        notices=tuple(shorten(note, _MOST_SENTENCE) for note in digest.notices[:_MOST_NOTICES]),
        omitted=digest.omitted + _unlisted_related(digest),
        omitted_big=digest.omitted_big,
        page=page,
    )


def _places(digest: SafeDigest) -> tuple[list[SectionView], tuple[StoryView, ...]]:
    """The sections, with the lead as the first and "Elsewhere" as the last, and "Also": all numbered in reading order."""
    numbers = count(1)

    def seen(entry: Entry, topic: str) -> StoryView:
        return _story(entry, next(numbers), topic, digest=digest)

    def line(entry: Entry, topic: str) -> StoryView:
        return replace(seen(entry, topic), quotes=(), facts=(), line=True, top=False)

    sections = []
    if digest.lead:
        lead = replace(seen(digest.lead, digest.lead.topic), headlines=_headlines(digest.lead))
        title = shorten(section_title(LEAD, digest.language), _MOST_NAME)
        sections.append(SectionView(topic=title, stories=(lead,), lead=True))
    for section in (*digest.sections, Section(topic=ELSEWHERE, entries=(), briefs=digest.elsewhere)):
        topic = shorten(section_title(section.topic, digest.language), _MOST_NAME)
        full = [seen(entry, topic) for entry in section.entries]
        stories = (*full, *(line(entry, topic) for entry in section.briefs))
        if stories:
            # A topic of the reader's may be called so as well.
            elsewhere = not section.entries and section.briefs is digest.elsewhere
            sections.append(SectionView(topic=topic, stories=stories, elsewhere=elsewhere))
    also = [replace(line(entry, entry.topic), top=True) for entry in digest.also]
    further = [replace(line(entry, entry.topic), top=True, named=True, related=()) for entry in digest.further]
    return sections, (*also, *further)


def with_top(view: DigestView, most: int, *, spare: int = 0) -> DigestView:
    """Show the `most` best stories in full and the others in brief, with their first sentence.

    Every section keeps its best story in full while that makes at most `most + spare` in all. Up to `most + spare`
    stories altogether are all in full: one or two in brief would look odd. With `most` 0, every story is in brief. The
    lead comes before all others; what is told in one line stays as it is.
    """
    told = [[story for story in section.stories if not story.line] for section in view.sections]
    if most and sum(map(len, told)) <= most + spare:
        return view
    taken = [0] * len(told)
    best = sorted(
        (at for at, stories in enumerate(told) if stories),
        key=lambda at: (not view.sections[at].lead, -told[at][0].score),
    )
    for at in best[: most + spare] if most else ():
        taken[at] = 1
    # This ends: where no more than `most` stories are there, all of them have been returned in full above.
    while sum(taken) < most:
        waiting = [at for at, stories in enumerate(told) if taken[at] < len(stories)]
        taken[max(waiting, key=lambda at: told[at][taken[at]].score)] += 1
    sections = tuple(
        replace(
            section,
            stories=(
                *stories[:full],
                *(replace(story, top=False, quotes=story.quotes[:1]) for story in stories[full:]),
                *section.lines,
            ),
        )
        for section, stories, full in zip(view.sections, told, taken, strict=True)
    )
    return replace(view, sections=sections)


def _with_lead_picture(sections: Sequence[SectionView], digest: SafeDigest) -> list[SectionView]:
    best = digest.lead or max(digest.entries, key=lambda entry: entry.score.total, default=None)
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


def _story(entry: Entry, number: int, topic: str, *, digest: SafeDigest) -> StoryView:
    outlets = tuple(_outlets(entry))
    url = entry.url or entry.story.lead.url
    title, quotes = _titled(entry.title or entry.story.lead.title, tuple(_quotes(entry)))
    if len(outlets) == 1:
        # Its only outlet is named under it: after each sentence as well would be once too often.
        quotes = tuple(replace(quote, source="") for quote in quotes)
    zone = ZoneInfo(digest.timezone)
    why = entry.why if digest.shows_why else ()
    return StoryView(
        id=entry.story.id,
        number=number,
        title=shorten(title, _MOST_TITLE) or url or "…",
        url=url,
        topic=shorten(topic, _MOST_NAME),
        day=entry.day,
        told_today=entry.told_today,
        why=tuple(shorten(translated(reason, digest.language), _MOST_REASON) for reason in why),
        facts=tuple(_move(fact) for fact in entry.facts if fact.move)[:_MOST_FACTS],
        quotes=quotes,
        outlets=outlets[:_MOST_OUTLETS],
        unlisted=max(0, len(outlets) - _MOST_OUTLETS),
        independent=sum(outlet.independent for outlet in outlets),
        score=entry.score.total,
        top=True,
        time=story_time(entry.published, zone, digest.until.astimezone(zone).date(), digest.language),
        related=tuple(
            _link(other.title, other.url, other.story.lead.source) for other in entry.related[:_MOST_RELATED]
        ),
    )


def _unlisted_related(digest: SafeDigest) -> int:
    named = {entry.story.id for entry in digest.further}
    every = (*digest.entries, *digest.headlines)
    return sum(len(entry.related[0 if entry.story.id in named else _MOST_RELATED :]) for entry in every)


def _headlines(entry: Entry) -> tuple[ReportLink, ...]:
    """What other outlets call the lead: a plain headline of news of each, newest first, none in much the same words as one before.

    None, either, of what only happened after it.
    """
    language = entry.story.lead.language.partition("-")[0] or "en"
    said, stem = stop_words_for(language), stemmer_for(language)

    def telling(text: str) -> frozenset[str]:
        return frozenset(stem(word) for word in _words(text) - said)

    known, outlets, links = [_words(entry.title)], set[str](), []
    reports = (item for item in entry.story.items if item.id not in entry.not_news)
    for item in sorted(reports, key=lambda item: (_moment(item), item.id), reverse=True):
        title = without_label(item.title)
        words = _words(title)
        if not words or not item.url or item.url == entry.url or item.source in outlets:
            continue
        if is_only_occasion(entry.title, title, telling):
            continue
        if any(len(words & other) > _SAME_WORDS * min(len(words), len(other)) for other in known):
            continue
        if next(forms_of(item.title), None) is None:
            known.append(words)
            outlets.add(item.source)
            links.append(_link(title, item.url, item.source))
    return tuple(links[:_MOST_HEADLINES])


def _words(title: str) -> frozenset[str]:
    return frozenset(split_words(title))


def _moment(item: Item) -> datetime:
    return item.effective_time or datetime.min.replace(tzinfo=UTC)


def _link(title: str, url: str, source: str) -> ReportLink:
    return ReportLink(title=shorten(title, _MOST_TITLE), url=url, source=isolated(shorten(source, _MOST_NAME)))


def _titled(title: str, quotes: tuple[Quote, ...]) -> tuple[str, tuple[Quote, ...]]:
    """Title and sentences, where a page without a title was named after its first sentence: shown once, as the title."""
    for quote in quotes:
        if title.endswith("…") and quote.text.startswith(title[:-1]) and len(quote.text) <= _MOST_TITLE:
            return quote.text, tuple(other for other in quotes if other is not quote)
    return title, quotes


def _quotes(entry: Entry) -> Iterable[Quote]:
    room = _MOST_QUOTED
    for sentence in entry.summary.sentences:
        text = shorten(sentence.text, _MOST_SENTENCE)
        room -= len(text)
        if room < 0:
            return
        if text:
            yield Quote(text=text, source=isolated(shorten(sentence.source, _MOST_NAME)), url=sentence.url)


def _move(fact: Fact) -> str:
    """A fact with a true minus sign and a space that no line breaks at: after a break, "-3%" could read as a rise."""
    sign = {"+": "+", "-": "\u2212"}.get(fact.move[0], fact.move[0])
    return shorten(str(fact).removesuffix(f" {fact.move}"), _MOST_FACT) + f"\u00a0{sign}{fact.move[1:]}"


def _outlets(entry: Entry) -> Iterable[Outlet]:
    """The entry's sources with their addresses; the story's own outlets where no sources are given."""
    room = _MOST_REPORTS
    given = {source.name: source for source in entry.sources}
    items = _by_source(_best_first(entry))
    # The outlet that the headline links to comes first: three are named, and a reader looks for the one behind the link.
    first = [name for name in (entry.story.lead.source,) if name in given or name in items]
    for name in dict.fromkeys([*first, *given, *items]):
        titles: dict[str, str] = {}
        for item in items.get(name, ()):
            if item.url:
                titles.setdefault(item.url, shorten(item.title, _MOST_TITLE))
        # One link at least, even beyond the room: a reader must be able to reach every outlet that is named.
        reports = [ReportLink(title=title, url=url) for url, title in titles.items()][: max(room, 1)]
        room -= len(reports)
        source = given.get(name)
        yield Outlet(
            name=isolated(shorten(name, _MOST_NAME)),
            reports=tuple(reports),
            items=source.items if source else len(items[name]),
            independent=source.independent if source else True,
        )


def _best_first(entry: Entry) -> list[Item]:
    """Its reports: that of the headline, then the newest; opinion and the like last. What came before it may have been wrong."""
    newest = sorted(entry.story.items, key=lambda item: (_moment(item), item.id), reverse=True)
    return sorted(newest, key=lambda item: (item.id in entry.not_news, item.url != entry.url))


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
