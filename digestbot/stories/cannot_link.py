"""Keeps look-alikes apart: two earthquakes, two players on the injured list, this year's boxing match and last year's.

A "cannot-link" constraint, as in constrained clustering (Wagstaff and Cardie 2000), except that it is derived from the
words of two groups instead of being given.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cached_property

import numpy as np
import numpy.typing as npt
from scipy import sparse

from ..text.tokenize import is_unspaced, split_words
from .contrast import Contrast
from .linkage import ItemGroup
from .similarity import Evidence, are_figures

# What a group always or never says shows only from so many items on.
_MIN_GROUP_ITEMS = 3
# Two groups are apart when the similarity between them is less than this share of the similarity inside them. One or two
# items show little of what their event never mentions, so for them the gap has to be wider.
# Without this rule, B-cubed F1 on news that was kept apart from development falls from .864 to .836.
_GAP_SHARE = 0.75
_GAP_SHARE_OF_FEW = 0.5
# A stem is a group's own when at least this share of its items has it, and at most that share of the other group.
_OWN_STEM_MIN_SHARE = 0.5
_FOREIGN_STEM_MAX_SHARE = 0.1
_MIN_OWN_NAMES = 2  # one may be chance: a misspelt name, an outlet's own phrase
# Nor is one chance that nearly all say, where the other group has such a one, too: two earthquakes, two retailers' results.
# From .85 to 1 all labelled sets are grouped alike (docs/design.md).
_NEARLY_ALL = 0.9
_MOST_INITIALS = 5  # letters of an abbreviation that stands for a name in several words


class CannotLink:
    """Forbids merging two groups that are each consistent, and each name things that the other never names.

    One or two items are held apart from a group by the same rule, with a wider gap, and from one or two others where
    each pair's titles say that they are of two events (contrast.py). Average linkage alone cannot decide
    this: two tight groups may be closer to each other than the parts of one loose story are.
    """

    def __init__(self, evidence: Evidence) -> None:
        self._pairs = _pairs_of_characters(evidence)
        self._naming = _naming(evidence, self._pairs)
        self._is_figure = are_figures(evidence.vocabulary)
        self._vocabulary = evidence.vocabulary
        self._contrast = Contrast(evidence.items, evidence.languages)

    @cached_property
    def _stems(self) -> Mapping[int, str]:
        """The stem of each column."""
        return {column: stem for columns in self._vocabulary.stems.values() for stem, column in columns.items()}

    def must_not_merge(self, one: ItemGroup, other: ItemGroup, between: float) -> bool:
        """Whether the groups are about two events, given the mean similarity between their items (0 to 1)."""
        if max(len(one.members), len(other.members)) < _MIN_GROUP_ITEMS:
            return all(self._contrast.between(mine, theirs) for mine in one.members for theirs in other.members)
        few, many = sorted((one, other), key=lambda group: len(group.members))
        is_few = len(few.members) < _MIN_GROUP_ITEMS
        # A single item is always consistent with itself, so only the inside of the larger group says what to expect.
        expected = _GAP_SHARE_OF_FEW * many.within if is_few else _GAP_SHARE * math.sqrt(few.within * many.within)
        if between >= expected:
            return False
        theirs, ours = self._shares(few.members), self._shares(many.members)
        if self._has_own_names(ours, theirs) and (is_few or self._has_own_names(theirs, ours)):
            return True
        return not is_few and self._say_other_names(ours, theirs)

    def _shares(self, group: Sequence[int]) -> npt.NDArray[np.float64]:
        """By stem, the share of the group's items that have it."""
        rows: sparse.csr_array = self._naming[list(group)]
        return np.bincount(rows.indices, minlength=self._naming.shape[1]) / len(group)

    def _has_own_names(self, own: npt.NDArray[np.float64], foreign: npt.NDArray[np.float64]) -> bool:
        is_own = (own >= _OWN_STEM_MIN_SHARE) & (foreign <= _FOREIGN_STEM_MAX_SHARE)
        words = np.flatnonzero(is_own & ~self._is_figure).tolist()
        pairs = [self._pairs[column] for column in words if column in self._pairs]
        # The toll and the time of an event change from report to report: beside a name they tell it from another,
        # alone they do not.
        names = len(words) - len(pairs) + _names(pairs)
        return names > 0 and names + bool((is_own & self._is_figure).any()) >= _MIN_OWN_NAMES

    def _say_other_names(self, ours: npt.NDArray[np.float64], theirs: npt.NDArray[np.float64]) -> bool:
        """Whether nearly all of each group say a word that the other hardly says, and neither is short for the other's."""
        mine = self._own_words(ours, theirs, _NEARLY_ALL)
        if not mine or not (yours := self._own_words(theirs, ours, _NEARLY_ALL)):
            return False
        my_names, your_names = (
            self._own_words(*each, _OWN_STEM_MIN_SHARE) for each in ((ours, theirs), (theirs, ours))
        )
        return not (
            any(_is_short_for(word, your_names) for word in mine)
            or any(_is_short_for(word, my_names) for word in yours)
        )

    def _own_words(self, own: npt.NDArray[np.float64], foreign: npt.NDArray[np.float64], least: float) -> list[str]:
        """The stems that at least this share of a group has and hardly any of the other; no figures, no pairs of characters."""
        found = np.flatnonzero((own >= least) & (foreign <= _FOREIGN_STEM_MAX_SHARE) & ~self._is_figure)
        return [self._stems[column] for column in found.tolist() if column not in self._pairs]


def _is_short_for(word: str, names: Sequence[str]) -> bool:
    """Whether a word is the initials of names, in any order: one may be missing, for "of" is no name."""
    if not (word.isalpha() and _MIN_OWN_NAMES <= len(word) <= _MOST_INITIALS):
        return False
    initials = Counter(name[0] for name in names if len(name) > 1)
    return (initials & Counter(word)).total() >= max(_MIN_OWN_NAMES, len(word) - 1)


def _pairs_of_characters(evidence: Evidence) -> Mapping[int, str]:
    """By column, the stems of scripts without spaces."""
    return {
        column: stem
        for columns in evidence.vocabulary.stems.values()
        for stem, column in columns.items()
        if not stem.isascii() and is_unspaced(stem)
    }


def _naming(evidence: Evidence, pairs: Mapping[int, str]) -> sparse.csr_array:
    """Which stems of an item may name its event: all of them, but of pairs of characters those of its title.

    A text of 300 characters holds 300 pairs, and two outlets that quote one statement share a hundred that others lack.
    """
    vectors = evidence.vectors
    if not pairs:
        return vectors
    column_of = {stem: column for column, stem in pairs.items()}
    titles = [
        sorted({column_of[word] for word in split_words(item.title) if word in column_of}) for item in evidence.items
    ]
    is_spaced = np.ones(vectors.shape[1], dtype=np.float32)
    is_spaced[list(pairs)] = 0
    starts = np.cumsum([0, *map(len, titles)])
    in_title = sparse.csr_array(
        (np.ones(starts[-1], dtype=np.float32), [column for columns in titles for column in columns], starts),
        shape=vectors.shape,
    )
    naming = sparse.csr_array(vectors.multiply(is_spaced[np.newaxis, :]) + vectors.multiply(in_title))
    naming.eliminate_zeros()
    return naming


def _names(pairs: Sequence[str]) -> int:
    """How many names the pairs come from: AB, BC and CD are one, ABCD. Names that stand side by side count as one."""
    ends = {pair[-1] for pair in pairs}
    return sum(pair[0] not in ends for pair in pairs)
