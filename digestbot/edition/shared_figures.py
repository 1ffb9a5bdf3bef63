"""Brings together stories of one event that were held apart because each names what the other never does. Pure.

An accident is told by its place and what fell, and next morning by the widow: both name things of their own. That they tell one
event shows in the particulars of their texts: the man of 26 at number 38 of a road.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from itertools import combinations

from ..model import Item, Story
from ..stories import CorpusStatistics
from ..stories.cluster import CUT, story_of
from ..text.tokenize import UNSPACED
from .second_look import MIN_MEAN_SUPPORT, Look, rows_of

# On the days and labelled sets at hand all pairs that share two and are alike (four of them) are of one event, and no pair that
# shares one is.
_SHARED = 2
_TOLD_BY = 2  # items of a story, and half of them, that give a figure
_MOST_STORIES = 8  # that give a figure: what more of them give, as an index its number, tells no event
_CHARACTERS = 400  # of an item's text: what follows is background
# A number of two digits or more with what it counts. Money, times and lengths of time stand in every second report.
_FIGURE = re.compile(
    r"(?<![\dA-Za-z.,:$€£¥])\d[\d.,]*\d"
    rf"(?:(?![年月日時时分點点秒小個个天週周%％元])[{UNSPACED}]|-(?:year|jähr)|[ -](?!years?\b|months?\b|weeks?\b|days?\b|hours?\b|minutes?\b"
    r"|per\b|percent\b|million\b|billion\b|trillion\b|jan|feb|mar|apr|may\b|jun|jul|aug|sep|oct|nov|dec|uhr\b|mio|mrd|prozent)[^\W\d_]{3,})",
    re.IGNORECASE,
)
_YEAR = re.compile(r"(?:19|20)\d\d\D")


def rejoined(stories: Sequence[Story], *, background: CorpusStatistics) -> tuple[Story, ...]:
    """The stories, in order, with those made one that tell the same figures of what is alike in words, too.

    Args:
        stories: as they were grouped; one that takes in others stands where its first part stood.
        background: as for `cluster`.
    """
    holders: defaultdict[str, list[int]] = defaultdict(list)
    told = {number: _told(story.items) for number, story in enumerate(stories) if len(story.items) > 1}
    for number, figures in told.items():
        for figure in figures:
            holders[figure].append(number)
    rare = [having for having in holders.values() if len(having) <= _MOST_STORIES]
    pairs = sorted(
        pair
        for pair, shared in Counter(pair for having in rare for pair in combinations(having, 2)).items()
        if shared >= _SHARED
    )
    numbers = sorted({number for pair in pairs for number in pair})
    if not numbers:
        return tuple(stories)
    place = {number: at for at, number in enumerate(numbers)}
    groups = [stories[number].items for number in numbers]
    look = Look([item for items in groups for item in items], rows_of(groups), background)
    home = {number: number for number in range(len(stories))}
    for one, other in pairs:
        first, second = place[one], place[other]
        if look.closeness(first, second) >= CUT and look.support(first, second) >= MIN_MEAN_SUPPORT:
            kept, left = sorted((home[one], home[other]))
            home = {number: kept if at == left else at for number, at in home.items()}
    parts: defaultdict[int, list[Story]] = defaultdict(list)
    for number, story in enumerate(stories):
        parts[home[number]].append(story)
    return tuple(
        together[0] if len(together) == 1 else story_of([item for story in together for item in story.items])
        for together in parts.values()
    )


def _told(items: Iterable[Item]) -> frozenset[str]:
    """The figures that half of the items give, and two at least."""
    items = tuple(items)
    counted = Counter(figure for item in items for figure in _figures(item))
    return frozenset(figure for figure, count in counted.items() if count >= _TOLD_BY and 2 * count >= len(items))


def _figures(item: Item) -> frozenset[str]:
    found = (match[0].casefold() for match in _FIGURE.finditer(f"{item.title}\n{item.text[:_CHARACTERS]}"))
    return frozenset(figure for figure in found if not _YEAR.match(figure))
