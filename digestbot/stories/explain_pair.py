"""What speaks for two items being about one event, and what against it: the evidence behind any pair, as values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from ..model import Item, Story
from .contrast import Contrast
from .cosine import FLOOR, GRACE_DAYS
from .explain import SharedTerm, compare_day, shared_terms
from .idf import CorpusStatistics
from .meaning import Meaning
from .similarity import Evidence

_MOST_WORDS = 6  # of each side that the other lacks
_MIN_WEIGHT = 0.08  # of such a word in its item, whose words' squares add up to 1: less names nothing


@dataclass(frozen=True, slots=True, kw_only=True)
class PairEvidence:
    """Two items of one day, and what was weighed about them."""

    one: Item
    other: Item
    story_of_one: Story
    story_of_other: Story
    similarity: float  # 0 to 1, as clustering used it
    in_words: float  # the same by words alone
    cosine: float  # of all their words, before anything was held against them
    shared: tuple[SharedTerm, ...]  # for: what they have in common, the most telling first
    only_one: tuple[str, ...]  # against: what the first one says and the second does not, the most telling first
    only_other: tuple[str, ...]
    contrast: bool  # against: by their titles they are of two events; counts until a group has three
    apart: timedelta | None  # between their times; None where one has none

    @property
    def together(self) -> bool:
        """Whether they are in one story."""
        return self.story_of_one.id == self.story_of_other.id

    @property
    def is_far_in_time(self) -> bool:
        """Whether the time between them was held against them."""
        return self.apart is not None and self.apart > timedelta(days=GRACE_DAYS)

    @property
    def titles_unsaid(self) -> bool:
        """Whether their words are alike, and yet neither says what the other's title is about."""
        return self.cosine >= 2 * FLOOR and self.in_words == 0 and not self.is_far_in_time


def explain_pair(
    one: Item,
    other: Item,
    stories: Sequence[Story],
    *,
    background: CorpusStatistics | None = None,
    meaning: Meaning | None = None,
    across_languages: bool = False,
) -> PairEvidence:
    """The evidence for and against two items of the `stories` being one.

    Args:
        one: an item of one of them.
        other: another one.
        stories: every story of the day, as `cluster` returned them: word weights depend on all of them.
        background: what `cluster` was given; and so with the others.
        meaning: see `cluster`.
        across_languages: see `cluster`.
    """
    evidence, rows = compare_day(stories, background=background, meaning=meaning, across_languages=across_languages)
    first, second = rows[one.id], rows[other.id]
    home = {item.id: story for story in stories for item in story.items}
    times = one.effective_time, other.effective_time
    left, right = evidence.vectors[[first]], evidence.vectors[[second]]
    return PairEvidence(
        one=one,
        other=other,
        story_of_one=home[one.id],
        story_of_other=home[other.id],
        similarity=min(float(evidence.similarity[first, second]), 1.0),
        in_words=min(float(evidence.in_words[first, second]), 1.0),
        cosine=min(float((left @ right.T).sum()), 1.0),
        shared=shared_terms(evidence, [first], [second]),
        only_one=_only(evidence, first, second),
        only_other=_only(evidence, second, first),
        contrast=Contrast(evidence.items, evidence.languages).between(first, second),
        apart=abs(times[0] - times[1]) if times[0] and times[1] else None,
    )


def _only(evidence: Evidence, row: int, other: int) -> tuple[str, ...]:
    own = evidence.vectors[[row]].toarray()[0]
    own[evidence.vectors[[other]].indices] = 0
    columns = [int(column) for column in (-own).argsort(kind="stable")[:_MOST_WORDS] if own[column] >= _MIN_WEIGHT]
    return tuple(evidence.vocabulary.written(column) for column in columns)
