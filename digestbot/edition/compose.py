"""From the draft of an edition to its digest: quote the chosen stories, and say what was read and what failed. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from ..collect import PollResult
from ..model import Counts, Digest, Edition, Entry, Item, Kind, Story, Summary
from ..ports import Progress, Summarise
from ..render import covers, left_out
from ..stories import StoryHistory, StoryStatus, kind_of, new_sentences
from ..summarise import facts
from .context import DigestSpec
from .draft import EditionDraft, unseen_items
from .history import failing_sources

# Times the usual window. A daily edition that is some hours late still covers about a day: that needs no notice.
_LONG_WINDOW = 1.5
_LEAD_WORDS = 1.5  # times WORDS: the story of the day is told at more length


def compose(
    spec: DigestSpec,
    draft: EditionDraft,
    *,
    collected: PollResult,
    articles: Sequence[Item] = (),
    too_old: int = 0,
    summarise: Summarise,
    progress: Progress,
) -> Digest:
    """Everything that the digest's forms show; reads, fetches and writes nothing.

    Args:
        spec: the digest.
        draft: which stories it shows.
        collected: which feeds were read, and which failed.
        too_old: how many items came after the last edition's window, but are too old by now.
        articles: items with the whole text of their articles, in place of the stubs in their feeds.
        summarise: quotes sentences of a story.
        progress: is informed of every summary.
    """
    edition, selection = draft.edition, draft.selection
    failing = failing_sources(draft.history.editions, before=edition.date)
    full = _told(spec, draft, articles=articles, summarise=summarise, progress=progress)
    return Digest(
        name=spec.name,
        edition=edition.date,
        since=edition.since,
        until=edition.until,
        title=spec.title,
        timezone=spec.timezone,
        language=spec.language,
        counts=Counts(
            feeds=collected.feeds,
            feeds_failed=collected.failed,
            items=draft.items,
            stories=len(draft.eligible),  # a muted story is none to this reader: the head does not count it
        ),
        lead=full[selection.lead.story.id] if selection.lead else None,
        sections=tuple(
            replace(section, entries=tuple(full[entry.story.id] for entry in section.entries))
            for section in selection.sections
        ),
        elsewhere=selection.elsewhere,
        also=selection.also,
        further=selection.further,
        failures=tuple(replace(failure, known=failure.source in failing) for failure in collected.failures),
        # An outlet with two feeds has not recovered while one of them still fails.
        recovered=tuple(sorted((failing & collected.readable) - {failure.source for failure in collected.failures})),
        notices=(*_covers(spec, edition), *_too_old(spec, edition, too_old)),
        omitted=selection.omitted,
        omitted_big=selection.omitted_big,
        shows_why=spec.shows_why,
    )


def _covers(spec: DigestSpec, edition: Edition) -> tuple[str, ...]:
    """A notice about a window that is longer than readers expect, after an outage or a weekend."""
    days = round((edition.until - edition.since) / timedelta(days=1))
    if edition.until - edition.since < _LONG_WINDOW * spec.window or days < 2:
        return ()
    return (covers(days, language=spec.language),)


def _too_old(spec: DigestSpec, edition: Edition, count: int) -> tuple[str, ...]:
    """After an outage that was longer than news stays news: what is left out is counted, not passed over in silence."""
    days = max(1, round((edition.until - edition.since) / timedelta(days=1)))
    return (left_out(days, count, language=spec.language),) if count else ()


def _told(
    spec: DigestSpec,
    draft: EditionDraft,
    *,
    articles: Sequence[Item],
    summarise: Summarise,
    progress: Progress,
) -> dict[str, Entry]:
    """By story id, every entry that is told in full, with the articles' texts, its summary and its facts."""
    whole = {(item.feed, item.id): item for item in articles}
    lead, shown = draft.selection.lead, draft.selection.full
    progress.stage("summarise", total=len(shown))
    told: dict[str, Entry] = {}
    for entry in shown:
        items = tuple(whole.get((item.feed, item.id), item) for item in entry.story.items)
        story = replace(entry.story, items=items)
        words = round(spec.words * _LEAD_WORDS) if entry is lead else spec.words
        history = draft.histories[story.id]
        reports, filmed = _news_of(story, Kind.NEWS), _news_of(story, Kind.NEWS, Kind.VIDEO)
        summary = _summary(reports, history, words=words, summarise=summarise)
        if not summary.sentences and filmed != reports:
            # What was filmed is told in words as well, though not at first hand.
            summary = _summary(filmed, history, words=words, summarise=summarise)
        told[story.id] = replace(entry, story=story, summary=summary, facts=facts(story))
        progress.step(entry.title)
    progress.done(stories=len(shown), quoted=sum(bool(entry.summary.sentences) for entry in told.values()))
    return told


def _news_of(story: Story, *kinds: Kind) -> Story:
    """The story without what is of no such kind, opinions and live pages, where anything else has a text to quote."""
    news = tuple(item for item in story.items if item is story.lead or kind_of(item) in kinds)
    return replace(story, items=news) if any(item.text for item in news) else story


def _summary(story: Story, history: StoryHistory, *, words: int, summarise: Summarise) -> Summary:
    """A story's sentences; of an update only those that say something new to its readers."""
    if history.status is not StoryStatus.UPDATE:
        return summarise(story, words=words)
    shown = [text for past in history.past for text in (past.title, *past.sentences)]
    # Readers may have followed the links: what the earlier reports say in full is no news to them either.
    known = [*shown, *(text for past in history.past for text in past.texts)]
    unseen = {item.id for item in unseen_items(history)}
    news = replace(story, items=tuple(item for item in story.items if item.id in unseen))
    headlines = [item.title for item in news.items]
    stale: list[str] = []
    while True:
        # Choosing again without the stale sentences, rather than dropping them from the result: a sentence may depend
        # on the one before it. What was excluded is not quoted again, so this ends.
        summary = summarise(news, words=words, exclude=[*shown, *stale])
        quoted = [sentence.text for sentence in summary.sentences]
        new = new_sentences(quoted, known, headlines=headlines)
        if len(new) == len(quoted):
            return summary if quoted else _first_of_news(story, history, known, words=words, summarise=summarise)
        stale += set(quoted).difference(new)


def _first_of_news(
    story: Story, history: StoryHistory, known: Sequence[str], *, words: int, summarise: Summarise
) -> Summary:
    """One sentence of what makes it an update, mostly of known words: its headline alone would say less."""
    # Under the headline, which is one of what is not seen and may not be the first of what makes it an update.
    reports = {story.lead.id, *(item.id for item in history.news)}
    news = replace(story, items=tuple(item for item in story.items if item.id in reports))
    summary = summarise(news, words=words)
    fresh = [sentence for sentence in summary.sentences if not any(sentence.text in text for text in known)]
    return replace(summary, sentences=tuple(fresh[:1]))
