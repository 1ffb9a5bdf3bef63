"""The same story on later days: not told twice, and as an update where there is news."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from ..model import Item, Story
from ..text.language import guess_language
from ..text.tokenize import fold
from .idf import CorpusStatistics
from .similarity import Evidence, weigh
from .tokens import pieces_of, stems_of

_FIRST = re.compile(r"(?<=[^\W\d_]{2}[.!?])\s|(?<=[。！？])")
DAYS = 14  # a story that was told longer ago is a new one
_SAME = 0.28  # mean likeness from which today's story is the told one, as for items of one story
_HEARD = 5  # titles beside the lead that stand for a story
_NEW = 0.5  # share of a sentence's weight in words that were not told, from which it says something new


class Verdict(StrEnum):
    """What a story is to a reader who read the editions before."""

    NEW = "new"  # never told
    UPDATE = "update"  # told, and there is news
    KNOWN = "known"  # told, and nothing has been added: not to be shown again


@dataclass(frozen=True, slots=True, kw_only=True)
class PastStory:
    """A story as an edition told it: everything is in the digest's JSON."""

    id: str  # the Story's
    edition: date
    title: str
    day: int = 1  # as it was shown: 2 and more for an update
    items: tuple[tuple[str, str], ...] = ()  # id and title of each of its items
    sentences: tuple[str, ...] = ()  # of its summary
    texts: tuple[str, ...] = ()  # of its items, where they are still stored: what they said is no news either


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryHistory:
    """What became of a story since it was last told."""

    story: Story
    verdict: Verdict
    day: int = 1  # counts editions' dates from the first telling
    told: tuple[PastStory, ...] = ()  # its tellings, oldest first
    news: tuple[Item, ...] = ()  # items that no edition showed and that say something new; all of them for a new story


def follow(
    stories: Sequence[Story], told: Sequence[PastStory], *, today: date, background: CorpusStatistics | None = None
) -> tuple[StoryHistory, ...]:
    """Today's stories against those told in the last `DAYS` days, in the order of `stories`.

    A story is a told one when they share an item, or when it is as like the told titles and sentences as the items of
    one story are. It is an update when an item that was not shown says something that was not told.
    """
    recent = [past for past in told if timedelta(0) < today - past.edition <= timedelta(days=DAYS)]
    if not recent:
        return tuple(StoryHistory(story=story, verdict=Verdict.NEW, news=story.items) for story in stories)
    evidence = weigh(
        [*(_of_story(story) for story in stories), *map(_of_past, recent)], background or CorpusStatistics()
    )
    return tuple(_follow(story, number, recent, evidence, today=today) for number, story in enumerate(stories))


def says_something_new(sentence: str, told: Iterable[str]) -> bool:
    """Whether enough of a sentence's words, numbers first of all, were in nothing that was told."""
    language = guess_language(sentence)
    known = {stem for text in told for stem in stems_of(pieces_of(text), language)}
    stems = set(stems_of(pieces_of(sentence), language))
    weights = {stem: 2.0 if any(map(str.isdigit, stem)) else 1.0 for stem in stems}
    new = math.fsum(weight for stem, weight in weights.items() if stem not in known)
    return new > 0 and new >= _NEW * math.fsum(weights.values())


def new_sentences(sentences: Sequence[str], told: Iterable[str]) -> tuple[str, ...]:
    """Those of the sentences that say something new, against the told ones and against each other."""
    known, kept = list(told), []
    for sentence in sentences:
        if says_something_new(sentence, known):
            kept.append(sentence)
            known.append(sentence)
    return tuple(kept)


def _follow(story: Story, number: int, told: Sequence[PastStory], evidence: Evidence, *, today: date) -> StoryHistory:
    shown = {identity for past in told for identity, _ in past.items}
    likeness = evidence.likeness[[number], :].toarray()[0]
    first = len(evidence.items) - len(told)
    mine = {item.id for item in story.items}
    past = sorted(
        (
            each
            for at, each in enumerate(told)
            if each.id == story.id or mine & {identity for identity, _ in each.items} or likeness[first + at] >= _SAME
        ),
        key=lambda each: (each.edition, each.id),
    )
    if not past:
        return StoryHistory(story=story, verdict=Verdict.NEW, news=story.items)
    texts = [
        text
        for each in past
        for text in (each.title, *(title for _, title in each.items), *each.sentences, *each.texts)
    ]
    news = tuple(item for item in story.items if item.id not in shown and _adds(item, texts))
    began = min(each.edition - timedelta(days=each.day - 1) for each in past)
    return StoryHistory(
        story=story,
        verdict=Verdict.UPDATE if news else Verdict.KNOWN,
        day=(today - began).days + 1,
        told=tuple(past),
        news=news,
    )


def _adds(item: Item, told: Sequence[str]) -> bool:
    """Whether the head of an item says something new: news stands there, and what follows is what led to it."""
    return says_something_new(f"{item.title}. {_FIRST.split(item.text, maxsplit=1)[0]}", told)


def _of_story(story: Story) -> Item:
    """The story as one item: its lead, and the titles of others, so that those who joined last are heard."""
    titles = [item.title for item in story.items[1:]][-_HEARD:]
    lead = story.lead
    return Item(id=f"today {story.id}", title=lead.title, text=" ".join((*titles, lead.text)), language=lead.language)


def _of_past(past: PastStory) -> Item:
    titles = (title for _, title in past.items if fold(title) != fold(past.title))
    return Item(
        id=f"{past.edition} {past.id}", title=past.title, text=" ".join((*list(titles)[:_HEARD], *past.sentences))
    )
