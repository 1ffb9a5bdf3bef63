"""Why items were grouped into a story and others were not: the numbers behind a grouping, as values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from ..model import Item, Story
from .cannot_link import CannotLink
from .cluster import CENTROID, CUT, merge_duplicates
from .idf import CorpusStatistics
from .linkage import ItemGroup, closeness
from .meaning import Meaning
from .similarity import Evidence, compare_items

_MOST_TERMS = 8


class Apart(StrEnum):
    """Why two stories are two."""

    TOO_LITTLE = "too little in common"
    LOOK_ALIKE = "similar, but each names things that the other never does"


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedTerm:
    """A word that items have in common."""

    word: str  # as one of them writes it
    share: float  # of all that they have in common, 0 to 1


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosePair:
    """Two items, how similar they are, and by which words."""

    one: Item
    other: Item
    similarity: float  # 0 to 1; 1 for the same words
    in_words: float  # the same by their words alone; it differs where a model of meaning was asked
    terms: tuple[SharedTerm, ...] = ()  # those that contribute most first


@dataclass(frozen=True, slots=True, kw_only=True)
class NearMiss:
    """The most similar other story, and why it was not merged."""

    story: Story
    pair: ClosePair  # the two items that are most similar
    closeness: float  # of the two stories as wholes
    needed: float  # closeness from which they would be one
    reason: Apart


@dataclass(frozen=True, slots=True, kw_only=True)
class Grouping:
    """Why a story holds the items it holds."""

    story: Story
    terms: tuple[SharedTerm, ...] = ()  # what its items have in common; empty for a single item
    closest: ClosePair | None = None  # its two most similar items; None for a single one
    miss: NearMiss | None = None  # None where no other story has anything in common with it


def explain_grouping(
    story: Story,
    stories: Sequence[Story],
    *,
    background: CorpusStatistics | None = None,
    meaning: Meaning | None = None,
    across_languages: bool = False,
) -> Grouping:
    """Why the items of `story` are together, and which other of the `stories` came closest to being merged with it.

    Args:
        story: one of `stories`, as `cluster` returned them.
        stories: every story of the day: word weights depend on all of them.
        background: what `cluster` was given; and so with the others.
        meaning: see `cluster`.
        across_languages: see `cluster`.
    """
    evidence, number = compare_day(stories, background=background, meaning=meaning, across_languages=across_languages)
    rows = {each.id: sorted({number[item.id] for item in each.items}) for each in stories}
    mine = rows[story.id]
    misses = [miss for each in stories if each.id != story.id and (miss := _miss(evidence, each, mine, rows[each.id]))]
    return Grouping(
        story=story,
        terms=shared_terms(evidence, mine, mine),
        closest=_closest(evidence, mine, mine),
        miss=max(misses, key=lambda miss: (miss.closeness, miss.pair.similarity), default=None),
    )


def _miss(evidence: Evidence, story: Story, mine: Sequence[int], theirs: Sequence[int]) -> NearMiss | None:
    between = evidence.similarity[list(mine)][:, list(theirs)]
    if not between.nnz:
        return None
    pair = _closest(evidence, mine, theirs)
    if pair is None:
        return None
    one, other = _group(evidence, mine), _group(evidence, theirs)
    total = float(between.sum())
    close = closeness(one, other, total, centroid=CENTROID)
    reason = Apart.TOO_LITTLE
    if close >= CUT and CannotLink(evidence).must_not_merge(one, other, total / (len(mine) * len(theirs))):
        reason = Apart.LOOK_ALIKE
    return NearMiss(story=story, pair=pair, closeness=close, needed=CUT, reason=reason)


def _group(evidence: Evidence, rows: Sequence[int]) -> ItemGroup:
    return ItemGroup(list(rows), float(evidence.similarity[list(rows)][:, list(rows)].sum()))


def _closest(evidence: Evidence, ones: Sequence[int], others: Sequence[int]) -> ClosePair | None:
    between = evidence.similarity[list(ones)][:, list(others)].tocoo()
    pairs = [
        (float(value), ones[row], others[column])
        for row, column, value in zip(between.row, between.col, between.data, strict=True)
        if ones[row] != others[column]
    ]
    if not pairs:
        return None
    # Of equal pairs the first, so that an explanation does not change from one call to the next.
    value, one, other = max(pairs, key=lambda pair: (pair[0], -pair[1], -pair[2]))
    return ClosePair(
        one=evidence.items[one],
        other=evidence.items[other],
        # Sums of 32-bit floats may come out a little above 1.
        similarity=min(value, 1.0),
        in_words=min(float(evidence.in_words[one, other]), 1.0),
        terms=shared_terms(evidence, [one], [other]),
    )


def compare_day(
    stories: Sequence[Story],
    *,
    background: CorpusStatistics | None,
    meaning: Meaning | None,
    across_languages: bool,
) -> tuple[Evidence, dict[str, int]]:
    """All items of a day as `cluster` compared them, and the row of each by its id."""
    nodes = merge_duplicates([item for each in stories for item in each.items])
    evidence = compare_items(
        [node[0] for node in nodes],
        background or CorpusStatistics(),
        meaning=meaning,
        across_languages=across_languages,
    )
    return evidence, {item.id: at for at, node in enumerate(nodes) for item in node}


def shared_terms(evidence: Evidence, ones: Sequence[int], others: Sequence[int]) -> tuple[SharedTerm, ...]:
    """Words by what they add to the cosines between different items of the two sides."""
    left, right = evidence.vectors[list(ones)], evidence.vectors[list(others)]
    added = left.sum(axis=0) * right.sum(axis=0)
    # Within one story each item is on both sides; how similar it is to itself explains nothing.
    if list(ones) == list(others):
        added = added - left.multiply(left).sum(axis=0)
    total = float(added.sum())
    if total <= 0:
        return ()
    # A smaller share than this would be shown as 0 %.
    columns = [int(column) for column in (-added).argsort(kind="stable")[:_MOST_TERMS] if added[column] > total * 1e-4]
    return tuple(
        SharedTerm(word=evidence.vocabulary.written(column), share=float(added[column]) / total) for column in columns
    )
