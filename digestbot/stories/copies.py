"""Who tells a story in their own words: wire copy and reprints told apart from independent reports."""

from __future__ import annotations

from collections import defaultdict

from ..model import Item, Source, Story
from ..words import split_words

SHINGLE = 4  # words in a row
ENOUGH = 25  # words of text below which nobody can tell
NEAR = 0.7  # share of the shorter text's shingles that both have


def sources(story: Story) -> tuple[Source, ...]:
    """The outlets of a story, most items first, then in the story's order.

    An outlet is not independent when each of its items repeats, nearly word for word, an item that another outlet had
    before. A text too short to tell counts as the outlet's own.
    """
    own: dict[str, int] = defaultdict(int)
    total: dict[str, int] = defaultdict(int)
    before: list[tuple[str, frozenset[str]]] = []
    for item in story.items:
        shingles = _shingles(item)
        copied = any(name != item.source and _is_copy(shingles, other) for name, other in before)
        total[item.source] += 1
        own[item.source] += not copied
        before.append((item.source, shingles))
    names = sorted(total, key=lambda name: -total[name])
    return tuple(Source(name=name, items=total[name], independent=own[name] > 0) for name in names)


def _shingles(item: Item) -> frozenset[str]:
    words = split_words(item.text)
    if len(words) < ENOUGH:
        return frozenset()
    return frozenset(" ".join(words[at : at + SHINGLE]) for at in range(len(words) - SHINGLE + 1))


def _is_copy(one: frozenset[str], other: frozenset[str]) -> bool:
    return bool(one and other) and len(one & other) >= NEAR * min(len(one), len(other))
