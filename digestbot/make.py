"""From the items of a window to the digest: group, follow, judge, select, quote."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

from .collect import Round
from .desk import Desk, Recipe
from .judge import judge
from .model import Counts, Digest, Edition, Entry, Item, Section, Story, Summary
from .select import select
from .stories import Followed, Told, Verdict, follow, new_sentences
from .told import told_in
from .topics import Topics, names_of_tickers, restrict

REMEMBERED = timedelta(days=30)  # how far back feeds' own words and the names behind tickers are learned
TOLD = timedelta(days=14)  # how far back stories are followed


def make(recipe: Recipe, desk: Desk, items: Sequence[Item], *, edition: Edition, collected: Round) -> Digest:
    """From the items of a window to everything that its renderings show.

    A story that was told before and brings nothing new is left out; one with news is an update with its day.
    """
    desk.progress.stage("group")
    past = desk.store.items.recent(since=edition.until - REMEMBERED, until=edition.until)
    background = desk.learn(tuple(item for item in past if item.moment and item.moment <= edition.since))
    stories = restrict(desk.cluster(_once_per_address(items), background=background), recipe.audience, day=edition.date)
    told = told_in(desk.store.editions.told(recipe.name, since=edition.date - TOLD), past)
    followed = {each.story.id: each for each in follow(stories, told, today=edition.date, background=background)}
    entries = judge(
        [_as_told_now(each) for each in followed.values() if each.verdict is not Verdict.KNOWN],
        topics=Topics(recipe.topics, _names_of_tickers(recipe, past)),
        pins=recipe.audience.pins_on(edition.date),
        weights={feed.name: feed.weight for feed in desk.feeds} | dict(recipe.source_weights),
        since=edition.since,
        until=edition.until,
    )
    entries = [replace(entry, day=followed[entry.story.id].day) for entry in entries]
    chosen = select(entries, topics=[topic.title for topic in recipe.topics], limits=recipe.limits)
    desk.progress.done(items=len(items), stories=len(stories), repeated=len(stories) - len(entries))
    return Digest(
        name=recipe.name,
        edition=edition.date,
        since=edition.since,
        until=edition.until,
        title=recipe.title,
        timezone=recipe.timezone,
        language=recipe.language,
        counts=Counts(feeds=collected.feeds, feeds_failed=collected.failed, items=len(items), stories=len(stories)),
        sections=_with_summaries(recipe, desk, chosen.sections, followed),
        also=chosen.also,
        failures=collected.failures,
        notes=_covers(recipe, edition),
        hidden=chosen.hidden,
    )


def _covers(recipe: Recipe, edition: Edition) -> tuple[str, ...]:
    """A word about a window that is longer than readers expect, after an outage or a weekend."""
    days = round((edition.until - edition.since) / timedelta(days=1))
    if edition.until - edition.since < 1.5 * recipe.window or days < 2:
        return ()
    return (f"This edition covers {days} days.",)


def _names_of_tickers(recipe: Recipe, past: Sequence[Item]) -> Mapping[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    if not any(term.ticker for topic in recipe.topics for term in topic.terms):
        return {}
    return names_of_tickers(recipe.topics, past)


def _as_told_now(followed: Followed) -> Story:
    """A story with the item that brings the news first; a new one as it is."""
    if followed.verdict is not Verdict.UPDATE:
        return followed.story
    old = tuple(item for item in followed.story.items if item not in followed.news)
    return replace(followed.story, items=(*followed.news, *old))


def _once_per_address(items: Sequence[Item]) -> tuple[Item, ...]:
    """An article that two feeds of one outlet carry counts once, in its longest form."""
    kept: dict[str, Item] = {}
    for item in items:
        address = item.url or item.id
        if address not in kept or len(item.text) > len(kept[address].text):
            kept[address] = item
    return tuple(kept.values())


def _with_summaries(
    recipe: Recipe, desk: Desk, sections: Sequence[Section], followed: Mapping[str, Followed]
) -> tuple[Section, ...]:
    shown = [entry for section in sections for entry in section.entries]
    desk.progress.stage("summarise", total=len(shown))
    summaries: dict[str, Summary] = {}
    for entry in shown:
        summaries[entry.story.id] = _summary(entry, followed[entry.story.id], recipe, desk)
        desk.progress.step(entry.title)
    desk.progress.done(stories=len(shown), quoted=sum(bool(summary.sentences) for summary in summaries.values()))
    return tuple(
        replace(
            section,
            entries=tuple(replace(entry, summary=summaries[entry.story.id]) for entry in section.entries),
        )
        for section in sections
    )


def _summary(entry: Entry, followed: Followed, recipe: Recipe, desk: Desk) -> Summary:
    """A story's sentences; of an update only those that say what was not told."""
    if followed.verdict is not Verdict.UPDATE:
        return desk.summarise(entry.story, words=recipe.words)
    known = _heard(followed.told)
    summary = desk.summarise(replace(entry.story, items=followed.news), words=recipe.words, exclude=known)
    new = new_sentences([sentence.text for sentence in summary.sentences], known)
    return replace(summary, sentences=tuple(each for each in summary.sentences if each.text in new))


def _heard(told: Sequence[Told]) -> tuple[str, ...]:
    return tuple(text for each in told for text in (each.title, *each.sentences, *each.texts))
