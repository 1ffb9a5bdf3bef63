"""Why items are together, and why others stayed out: the numbers behind a grouping, as values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from ..model import Item, Story
from .cannot_link import CannotLink
from .cluster import CENTROID, CUT, once_each
from .idf import CorpusStatistics
from .linkage import Group, closeness
from .similarity import Evidence, weigh

_TERMS = 8


class Apart(StrEnum):
    """Why two stories are two."""

    TOO_LITTLE = "too little in common"
    LOOK_ALIKE = "alike, but each names what the other never does"


@dataclass(frozen=True, slots=True, kw_only=True)
class SharedTerm:
    """A word that items have in common."""

    word: str  # as one of them writes it
    share: float  # of all that they have in common, 0 to 1


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosePair:
    """Two items, how alike they are, and by what."""

    one: Item
    other: Item
    likeness: float  # 0 to 1; 1 for the same words
    terms: tuple[SharedTerm, ...] = ()  # the telling ones first


@dataclass(frozen=True, slots=True, kw_only=True)
class NearMiss:
    """The nearest story that is another one."""

    story: Story
    pair: ClosePair  # the two items that are most alike
    closeness: float  # of the two stories as wholes
    needed: float  # closeness from which they would be one
    reason: Apart


@dataclass(frozen=True, slots=True, kw_only=True)
class Grouping:
    """Why a story is this one."""

    story: Story
    terms: tuple[SharedTerm, ...] = ()  # what its items have in common; empty for a single item
    closest: ClosePair | None = None  # its two most alike items; None for a single one
    miss: NearMiss | None = None  # None where no other story has anything in common with it


def explain_grouping(story: Story, stories: Sequence[Story], *, background: CorpusStatistics | None = None) -> Grouping:
    """Why the items of `story` are together, and which other of the `stories` came nearest.

    Args:
        story: one of `stories`, as `cluster` returned them.
        stories: every story of the day: what a word tells depends on all of them.
        background: the one that `cluster` was given.
    """
    nodes = once_each([item for each in stories for item in each.items])
    evidence = weigh([node[0] for node in nodes], background or CorpusStatistics())
    number = {item.id: at for at, node in enumerate(nodes) for item in node}
    rows = {each.id: sorted({number[item.id] for item in each.items}) for each in stories}
    mine = rows[story.id]
    misses = [miss for each in stories if each.id != story.id and (miss := _miss(evidence, each, mine, rows[each.id]))]
    return Grouping(
        story=story,
        terms=_terms(evidence, mine, mine),
        closest=_closest(evidence, mine, mine),
        miss=max(misses, key=lambda miss: (miss.closeness, miss.pair.likeness), default=None),
    )


def _miss(evidence: Evidence, story: Story, mine: Sequence[int], theirs: Sequence[int]) -> NearMiss | None:
    between = evidence.likeness[list(mine)][:, list(theirs)]
    if not between.nnz:
        return None
    pair = _closest(evidence, mine, theirs)
    if pair is None:
        return None
    one, other = _group(evidence, mine), _group(evidence, theirs)
    total = float(between.sum())
    close = closeness(one, other, total, centroid=CENTROID)
    reason = Apart.TOO_LITTLE
    if CannotLink(evidence).refuse(one, other, total / (len(mine) * len(theirs))):
        reason = Apart.LOOK_ALIKE
    return NearMiss(story=story, pair=pair, closeness=close, needed=CUT, reason=reason)


def _group(evidence: Evidence, rows: Sequence[int]) -> Group:
    return Group(list(rows), float(evidence.likeness[list(rows)][:, list(rows)].sum()))


def _closest(evidence: Evidence, ones: Sequence[int], others: Sequence[int]) -> ClosePair | None:
    between = evidence.likeness[list(ones)][:, list(others)].tocoo()
    pairs = [
        (float(value), ones[row], others[column])
        for row, column, value in zip(between.row, between.col, between.data, strict=True)
        if ones[row] != others[column]
    ]
    if not pairs:
        return None
    value, one, other = max(pairs, key=lambda pair: (pair[0], -pair[1], -pair[2]))
    return ClosePair(
        one=evidence.items[one],
        other=evidence.items[other],
        likeness=min(value, 1.0),
        terms=_terms(evidence, [one], [other]),
    )


def _terms(evidence: Evidence, ones: Sequence[int], others: Sequence[int]) -> tuple[SharedTerm, ...]:
    """Words by what they add to the cosines between different items of the two sides."""
    left, right = evidence.vectors[list(ones)], evidence.vectors[list(others)]
    added = left.sum(axis=0) * right.sum(axis=0)
    if list(ones) == list(others):
        added = added - left.multiply(left).sum(axis=0)
    total = float(added.sum())
    if total <= 0:
        return ()
    columns = [int(column) for column in (-added).argsort(kind="stable")[:_TERMS] if added[column] > total * 1e-4]
    return tuple(
        SharedTerm(word=evidence.vocabulary.written(column), share=float(added[column]) / total) for column in columns
    )
