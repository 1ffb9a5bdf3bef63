"""From the items of a window to the digest: group, follow, judge, select, quote."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from ..collect import PollResult
from ..model import Counts, Digest, Edition, Entry, Item, Section, Story, Summary
from ..render import covers
from ..stories import CorpusStatistics, StoryHistory, StoryStatus, match_history, new_sentences
from ..summarise import facts
from ..topics import Topics, apply_filters, ticker_names
from .context import DigestSpec, EditionContext
from .fulltext import with_full_text
from .history import failing_sources, past_stories
from .scoring import score_stories
from .selection import Selection, select

REMEMBERED = timedelta(days=30)  # how far back feeds' own words and the names behind tickers are learned
TOLD = timedelta(days=14)  # how far back stories are followed


@dataclass(frozen=True, slots=True, kw_only=True)
class EditionDraft:
    """How an edition came about: every story that was looked at, and what was decided of it."""

    background: CorpusStatistics
    stories: tuple[Story, ...]  # everything that happened in the window
    heard: tuple[Story, ...]  # without what the reader's mutes and sources leave out
    followed: Mapping[str, StoryHistory]  # by story id: whether it was told before
    entries: tuple[Entry, ...]  # what may be shown
    chosen: Selection


def compose(
    spec: DigestSpec, context: EditionContext, items: Sequence[Item], *, edition: Edition, collected: PollResult
) -> Digest:
    """From the items of a window to everything that its renderings show.

    A story that was told before and brings nothing new is left out; one with news is an update with its day.
    """
    context.progress.stage("group")
    made = draft_edition(spec, context, items, edition=edition)
    failing = failing_sources(
        context.store.editions.published(spec.name, since=edition.date - TOLD), before=edition.date
    )
    sections = made.chosen.sections
    if spec.full_text:
        sections = with_full_text(sections, context.store.items, options=context.fetch, now=edition.until)
    repeated = len(made.heard) - len(made.entries)
    context.progress.done(items=len(items), stories=len(made.stories), repeated=repeated)
    return Digest(
        name=spec.name,
        edition=edition.date,
        since=edition.since,
        until=edition.until,
        title=spec.title,
        timezone=spec.timezone,
        language=spec.language,
        counts=Counts(feeds=collected.feeds, feeds_failed=collected.failed, items=len(items), stories=len(made.heard)),
        sections=_with_summaries(spec, context, sections, made.followed),
        also=made.chosen.also,
        failures=tuple(replace(failure, known=failure.source in failing) for failure in collected.failures),
        recovered=tuple(sorted((failing & collected.readable) - {failure.source for failure in collected.failures})),
        notices=_covers(spec, edition),
        omitted=made.chosen.omitted,
    )


def draft_edition(
    spec: DigestSpec, context: EditionContext, items: Sequence[Item], *, edition: Edition
) -> EditionDraft:
    """Group the items, follow the stories, judge them, and give the best a place."""
    past = context.store.items.recent(since=edition.until - REMEMBERED, until=edition.until)
    background = context.learn(
        tuple(item for item in past if item.effective_time and item.effective_time <= edition.since)
    )
    stories = context.cluster(_once_per_address(items), background=background)
    heard = apply_filters(stories, spec.reader_filter, day=edition.date)
    told = past_stories(context.store.editions.published(spec.name, since=edition.date - TOLD), past)
    followed = {each.story.id: each for each in match_history(heard, told, today=edition.date, background=background)}
    entries = score_stories(
        [_as_told_now(each) for each in followed.values() if each.status is not StoryStatus.ALREADY_REPORTED],
        topics=Topics(spec.topics, _names_of_tickers(spec, past)),
        pins=spec.reader_filter.pins_on(edition.date),
        weights={feed.name: feed.weight for feed in context.feeds} | dict(spec.source_weights),
        since=edition.since,
        until=edition.until,
    )
    entries = [replace(entry, day=followed[entry.story.id].day) for entry in entries]
    return EditionDraft(
        background=background,
        stories=tuple(stories),
        heard=tuple(heard),
        followed=followed,
        entries=tuple(entries),
        chosen=select(entries, topics=[topic.title for topic in spec.topics], limits=spec.limits),
    )


def _covers(spec: DigestSpec, edition: Edition) -> tuple[str, ...]:
    """A word about a window that is longer than readers expect, after an outage or a weekend."""
    days = round((edition.until - edition.since) / timedelta(days=1))
    if edition.until - edition.since < 1.5 * spec.window or days < 2:
        return ()
    return (covers(days, language=spec.language),)


def _names_of_tickers(spec: DigestSpec, past: Sequence[Item]) -> Mapping[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    if not any(term.ticker for topic in spec.topics for term in topic.terms):
        return {}
    return ticker_names(spec.topics, past)


def _as_told_now(followed: StoryHistory) -> Story:
    """An update with what no edition has shown in front; a new story as it is."""
    fresh = _fresh(followed)
    old = tuple(item for item in followed.story.items if item not in fresh)
    return replace(followed.story, items=(*fresh, *old))


def _fresh(followed: StoryHistory) -> tuple[Item, ...]:
    """The items of a story that no edition has shown."""
    shown = {identity for told in followed.past for identity, _ in told.items}
    return tuple(item for item in followed.story.items if item.id not in shown)


def _once_per_address(items: Sequence[Item]) -> tuple[Item, ...]:
    """An article that two feeds of one outlet carry counts once, in its longest form."""
    kept: dict[str, Item] = {}
    for item in items:
        address = item.url or item.id
        if address not in kept or len(item.text) > len(kept[address].text):
            kept[address] = item
    return tuple(kept.values())


def _with_summaries(
    spec: DigestSpec, context: EditionContext, sections: Sequence[Section], followed: Mapping[str, StoryHistory]
) -> tuple[Section, ...]:
    shown = [entry for section in sections for entry in section.entries]
    context.progress.stage("summarise", total=len(shown))
    summaries: dict[str, Summary] = {}
    for entry in shown:
        summaries[entry.story.id] = _summary(entry, followed[entry.story.id], spec, context)
        context.progress.step(entry.title)
    context.progress.done(stories=len(shown), quoted=sum(bool(summary.sentences) for summary in summaries.values()))
    return tuple(
        replace(
            section,
            entries=tuple(
                replace(entry, summary=summaries[entry.story.id], facts=facts(entry.story)) for entry in section.entries
            ),
        )
        for section in sections
    )


def _summary(entry: Entry, followed: StoryHistory, spec: DigestSpec, context: EditionContext) -> Summary:
    """A story's sentences; of an update only those that say what was not told."""
    if followed.status is not StoryStatus.UPDATE:
        return context.summarise(entry.story, words=spec.words)
    shown = [text for told in followed.past for text in (told.title, *told.sentences)]
    known = [*shown, *(text for told in followed.past for text in told.texts)]
    fresh = {item.id for item in _fresh(followed)}
    news = replace(entry.story, items=tuple(item for item in entry.story.items if item.id in fresh))
    stale: list[str] = []
    while True:
        # Again without what is not new, rather than merely less of it: a sentence may lean on the one before it.
        # What was excluded is not quoted again, so this ends.
        summary = context.summarise(news, words=spec.words, exclude=[*shown, *stale])
        quoted = [sentence.text for sentence in summary.sentences]
        new = new_sentences(quoted, known)
        if len(new) == len(quoted):
            return summary
        stale += set(quoted).difference(new)
