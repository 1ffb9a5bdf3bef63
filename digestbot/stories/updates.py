"""Matches today's stories with earlier editions: a story is new, an update, or already reported.

Research on topic detection and tracking (Allan et al. 1998) calls this step tracking.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

import numpy as np
from scipy import sparse

from ..model import Item, Kind, Story
from ..text.language import guess_language
from ..text.tokenize import fold, is_unspaced, pieces_of
from .idf import CorpusStatistics
from .kinds import kind_of, story_kind
from .similarity import compare_items
from .support import Support
from .tokens import stems_of

# Where the first sentence ends. Two letters must come before the stop, so that "U.S." and "J. Smith" do not end one.
_FIRST_SENTENCE_END = re.compile(r"(?<=[^\W\d_]{2}[.!?])\s|(?<=[。！？])")
# $21 million, 21 Millionen Euro, 2100萬元
_SUM = re.compile(
    r"[$€£¥] ?(\d[\d.,]*\d|\d) ?(k\b|m\b|mn\b|million|b\b|bn\b|billion|t\b|tn\b|trillion)?"
    r"|(\d[\d.,]*\d|\d) ?(k |m |mn |mio\.? |million(?:en)? |b |bn |billion(?:en)? |mrd\.? |milliarden? |萬|万|億|亿)?(?:dollars?|euros?|pounds?|yuan|yen|[美港日歐欧]?[元圓])",
    re.IGNORECASE,
)
DAYS = 14  # a story that was last reported longer ago counts as new
MIN_SIMILARITY = 0.28  # from here on today's story is an earlier one: the same cut as for the items of one story
# ... if its items also support what was shown this much on average, see `Support`: the next event of the same people is
# as similar, by their names. On halves of stories kept apart from development 139 of 141 right matches pass, and 35 of 41
# wrong ones, most of them look-alikes that the set holds on purpose.
MIN_SUPPORT = 0.12
# More of them would outweigh the lead, and a story of a hundred reports would resemble every other one.
_MOST_TITLES = 5  # titles beside the lead that represent a story
_MIN_NEW_SHARE = 0.5  # share of a sentence's weight in unreported words, from which it says something new
# Most of a report on what goes on is background, in its first sentence too: "The bridge, shut on Monday after cracks were
# found, will stay shut until April". What its headline says as well is what it is about.
_MIN_ANNOUNCED = 2.0  # weight of the unreported words of a sentence that its headline has, too, from which it is news


class StoryStatus(StrEnum):
    """What a story is to a reader who read the editions before."""

    NEW = "new"  # no edition reported it
    UPDATE = "update"  # reported before, and there is news
    ALREADY_REPORTED = "already reported"  # and nothing was added since: not to be shown again


@dataclass(frozen=True, slots=True, kw_only=True)
class PastStory:
    """A story as an earlier edition reported it, read from that digest's JSON."""

    id: str  # the Story's
    edition: date  # its name
    title: str
    told: datetime | None = None  # the cutoff of that edition
    day: int = 1  # as it was shown: 2 and more for an update
    items: tuple[tuple[str, str], ...] = ()  # id and title of each of its items
    sentences: tuple[str, ...] = ()  # of its summary
    texts: tuple[str, ...] = ()  # of its items, where they are still stored: what they say is not news either
    outlets: tuple[str, ...] = ()  # that told it then
    line: bool = False  # readers saw one line, without a sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryHistory:
    """A story of today, and what earlier editions reported of it."""

    story: Story
    status: StoryStatus
    day: int = 1  # 1 on the date of its first edition, and so on
    past: tuple[PastStory, ...] = ()  # the earlier editions' versions, oldest first
    news: tuple[Item, ...] = ()  # items that no edition showed and that say something new; all of them for a new story


def match_history(
    stories: Sequence[Story],
    past: Sequence[PastStory],
    *,
    today: date,
    background: CorpusStatistics | None = None,
) -> tuple[StoryHistory, ...]:
    """Whether each of `stories` is new, an update or already reported, in the order of `stories`.

    A story continues an earlier one when they share an item, or when it is as similar to the titles and sentences that
    were shown as the items of one story are to each other, by more than a name. It is an update when a report that no
    edition showed says something that no edition said; what is no news, such as a view or a guide, makes no update.

    Args:
        stories: today's.
        past: what earlier editions reported; only the last `DAYS` days before `today` count.
        today: the name of the edition in hand; an earlier one of the same day counts, too.
        background: as for `cluster`.
    """
    # Not the edition in hand itself: one that is made again would find all its stories reported already.
    recent = [each for each in past if each.edition < today and today - each.edition <= timedelta(days=DAYS)]
    if not recent:
        return tuple(StoryHistory(story=story, status=StoryStatus.NEW, news=story.items) for story in stories)
    known = background or CorpusStatistics()
    similarity = compare_items([*map(_of_story, stories), *map(_of_past, recent)], known).similarity
    likely = sparse.csr_array(similarity[: len(stories), len(stories) :] >= MIN_SIMILARITY)
    continued = _continued(stories, recent, likely, known)
    return tuple(_history(story, recent, continued[number], today=today) for number, story in enumerate(stories))


def _continued(
    stories: Sequence[Story], recent: Sequence[PastStory], likely: sparse.csr_array, background: CorpusStatistics
) -> list[set[int]]:
    """For each story, the numbers of the earlier ones that it continues: of the likely ones those with support."""
    compared = np.flatnonzero(np.diff(likely.indptr)).tolist()
    items = [item for number in compared for item in stories[number].items]
    continued: list[set[int]] = [set() for _ in stories]
    if not items:
        return continued
    support = Support([*items, *map(_of_past, recent)], background)
    start = 0
    for number in compared:
        rows = range(start, start + len(stories[number].items))
        start = rows.stop
        earlier = likely.indices[likely.indptr[number] : likely.indptr[number + 1]].tolist()
        means = support.between(rows, [len(items) + at for at in earlier]).mean(axis=0)
        continued[number] = {at for at, mean in zip(earlier, means, strict=True) if mean >= MIN_SUPPORT}
    return continued


def says_something_new(sentence: str, reported: Iterable[str], *, headlines: Iterable[str] = ()) -> bool:
    """Whether at least half of a sentence's words, by weight, are in none of the `reported` texts; or two that a headline has, too."""
    language = guess_language(sentence)
    stems, known = _stems([sentence], language), _stems(reported, language)
    return _is_new(stems, known) or any(_announces(stems, _stems([title], language), known) for title in headlines)


def _stems(texts: Iterable[str], language: str) -> frozenset[str]:
    return frozenset(stem for text in texts for stem in stems_of(pieces_of(text), language))


def _is_new(stems: AbstractSet[str], known: AbstractSet[str]) -> bool:
    return not stems <= known and _weight(stems - known) >= _MIN_NEW_SHARE * _weight(stems)


def _announces(stems: AbstractSet[str], headline: AbstractSet[str], known: AbstractSet[str]) -> bool:
    return _weight((stems & headline) - known, pair=0.5) >= _MIN_ANNOUNCED


def _weight(stems: AbstractSet[str], *, pair: float = 1.0) -> float:
    """A new toll, price or score is news even in an otherwise familiar sentence: figures weigh double.

    pair: of two characters of an unspaced script, of which one new word brings several.
    """
    return math.fsum(2.0 if any(map(str.isdigit, stem)) else pair if is_unspaced(stem) else 1.0 for stem in stems)


def new_sentences(
    sentences: Sequence[str], reported: Iterable[str], *, headlines: Sequence[str] = ()
) -> tuple[str, ...]:
    """Those of the sentences that say something new, compared with the reported texts and with each other.

    headlines: those of the reports that the sentences are quoted from.
    """
    known, kept = list(reported), []
    for sentence in sentences:
        if says_something_new(sentence, known, headlines=headlines):
            kept.append(sentence)
            # Two outlets may give the same news in the same words: one of them is enough.
            known.append(sentence)
    return tuple(kept)


def _history(story: Story, recent: Sequence[PastStory], continued: set[int], *, today: date) -> StoryHistory:
    shown = {identity for each in recent for identity, _ in each.items}
    mine = {item.id for item in story.items}
    # A view, a review or a guide that is like an earlier story adds nothing to it: it is a story of its own.
    is_news = story_kind(story) is Kind.NEWS
    past = sorted(
        (
            each
            for at, each in enumerate(recent)
            if each.id == story.id
            # The id changes once the oldest item has left the window: items and words still find the story.
            or mine & {identity for identity, _ in each.items}
            or (is_news and at in continued and not _is_another_deal(story.lead, each))
        ),
        key=lambda each: (each.edition, each.id),
    )
    if not past:
        return StoryHistory(story=story, status=StoryStatus.NEW, news=story.items)
    texts = [
        text
        for each in past
        for text in (each.title, *(title for _, title in each.items), *each.sentences, *each.texts)
    ]
    news = tuple(
        item for item in story.items if item.id not in shown and kind_of(item) is Kind.NEWS and _adds(item, texts)
    )
    # The first edition may be more than DAYS ago, but the number of the day that a later one showed goes back to it.
    began = min(each.edition - timedelta(days=each.day - 1) for each in past)
    return StoryHistory(
        story=story,
        status=StoryStatus.UPDATE if news else StoryStatus.ALREADY_REPORTED,
        day=(today - began).days + 1,
        past=tuple(past),
        news=news,
    )


def _is_another_deal(lead: Item, past: PastStory) -> bool:
    """Whether both headlines tell a sum of money, and neither sum is known to the other side: the next purchase of one buyer."""
    mine, theirs = _sums(lead.title), _sums(" ".join((past.title, *(title for _, title in past.items))))
    if not mine or not theirs:
        return False
    told = _sums(" ".join((past.title, *(title for _, title in past.items), *past.sentences, *past.texts)))
    return mine.isdisjoint(told) and theirs.isdisjoint(_sums(f"{lead.title} {lead.text}"))


def _sums(text: str) -> frozenset[str]:
    """The sums of money of a text, as "21 m" however it writes them."""
    return frozenset(
        f"{match[1] or match[3]} {(match[2] or match[4] or '').casefold()[:1]}" for match in _SUM.finditer(text)
    )


def _adds(item: Item, reported: Sequence[str]) -> bool:
    """Whether the title and first sentence of an item say something new: what follows them is mostly background."""
    first = _FIRST_SENTENCE_END.split(item.text, maxsplit=1)[0]
    language = guess_language(f"{item.title}. {first}")
    title, lead, known = _stems([item.title], language), _stems([first], language), _stems(reported, language)
    return _is_new(title | lead, known) or _announces(lead, title, known)


def _of_story(story: Story) -> Item:
    """The story as one item: its lead, and the titles of the items that joined last, which say where it stands now."""
    titles = [item.title for item in story.items[1:]][-_MOST_TITLES:]
    lead = story.lead
    return Item(id=f"today {story.id}", title=lead.title, text=" ".join((*titles, lead.text)), language=lead.language)


def _of_past(past: PastStory) -> Item:
    titles = (title for _, title in past.items if fold(title) != fold(past.title))
    return Item(
        id=f"{past.edition} {past.id}", title=past.title, text=" ".join((*list(titles)[:_MOST_TITLES], *past.sentences))
    )
