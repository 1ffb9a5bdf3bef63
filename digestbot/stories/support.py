"""What two items have in common beside one name, numbers, and the phrases that an outlet uses every day.

Clustering asks whether items are alike; a second look at the few stories that are shown asks whether there is more to
it than one company's name.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from ..model import Item
from ..text.tokenize import fold, is_unspaced, pieces_of
from .idf import CorpusStatistics
from .similarity import are_figures, weighted_vectors
from .tokens import TEXT_CHARACTERS, tokenise_items
from .vocabulary import NumberedItems, Vocabulary, number_words

# A name is one word, or up to four characters in scripts without spaces, which are three overlapping pairs.
_PAIRS_OF_A_NAME = 3
_TEMPLATE_WORDS = 4  # so many words in a row, in two items of one outlet, are its template
# An item that shares at least this part of its runs of words with another one is the same article, a little changed.
_COPY_SHARE = 0.7

_AMOUNT = re.compile(r"\d[\d.,]*(?:k|mn?|mio|bn?|mrd|tn?)")

Run = tuple[str, ...]


class Support:
    """How far items support each other: the cosine of their words without numbers and without the strongest names.

    Args:
        items: what is compared.
        background: for the weights of words.
        numbered: the items' words, where they have been read already.
    """

    def __init__(
        self, items: Sequence[Item], background: CorpusStatistics, *, numbered: NumberedItems | None = None
    ) -> None:
        numbered = numbered or number_words(tokenise_items(items))
        vocabulary = numbered.vocabulary
        vectors = weighted_vectors(numbered, background)
        vectors.data[_are_amounts(vocabulary)[vectors.indices]] = 0
        self._items = items
        self._titles = [fold(item.title) for item in items]
        self.languages = numbered.languages
        self._vocabulary = vocabulary
        self._vectors = vectors
        self._is_pair = np.zeros(vectors.shape[1], dtype=bool)
        for columns in vocabulary.stems.values():
            pairs = [column for stem, column in columns.items() if not stem.isascii() and is_unspaced(stem)]
            self._is_pair[pairs] = True
        self.is_headline: npt.NDArray[np.bool_] = np.array([not item.text for item in items])

    def between(self, ones: Sequence[int], others: Sequence[int], *, names: int = 1) -> npt.NDArray[np.float64]:
        """The support of every pair of items, by their row numbers; 1 for two versions of one article.

        So many `names` count for nothing: one where neither has a text, since headlines have too few words for more.
        """
        (found,) = self.beside_names(ones, others, (names,))
        return found

    def beside_names(
        self, ones: Sequence[int], others: Sequence[int], names: Sequence[int]
    ) -> tuple[npt.NDArray[np.float64], ...]:
        """The same for each number of names, in one go."""
        left, right = self._vectors[list(ones)], self._vectors[list(others)]
        # All words of a day beside the few hundred of these items would make this ten times slower.
        used = np.union1d(left.indices, right.indices)
        left, right = left[:, used].toarray(), right[:, used].toarray()
        runs = {row: _runs(self._items[row]) for row in {*ones, *others}}
        marks = {row: self._marks(row, runs[row]) for row in runs}
        holders: defaultdict[object, set[int]] = defaultdict(set)
        for beside, other in enumerate(others):
            for mark in marks[other]:
                holders[mark].add(beside)
        is_pair = self._is_pair[used]
        found = tuple(np.empty((len(ones), len(others))) for _ in names)
        for at, one in enumerate(ones):
            own = np.flatnonzero(left[at])
            shared = left[at, own] * right[:, own]
            copies = []
            # Most items have none of these in common: to compare every pair's would take most of the time.
            for beside in set[int]().union(*(holders[mark] for mark in marks[one] & holders.keys())):
                other = others[beside]
                same = runs[one] & runs[other]
                if self._are_one_article(one, other, len(same), min(len(runs[one]), len(runs[other]))):
                    copies.append(beside)
                elif same and self._items[one].source == self._items[other].source:
                    shared[beside, np.isin(used[own], self._columns(one, same))] = 0
            are_headlines = self.is_headline[one] & self.is_headline[list(others)]
            total = shared.sum(axis=1)
            for support, most in zip(found, names, strict=True):
                support[at] = total - _strongest_names(shared, is_pair[own], np.where(are_headlines, 1, most))
                support[at, copies] = 1.0
        return found

    def _marks(self, row: int, runs: frozenset[Run]) -> frozenset[object]:
        """What two items that are one article, or written after one template, have at least one of in common."""
        return runs | {("title", self._titles[row]), ("url", self._items[row].url)}

    def _are_one_article(self, one: int, other: int, same_runs: int, of_runs: int) -> bool:
        if self._titles[one] == self._titles[other] or self._items[one].url == self._items[other].url != "":
            return True
        return same_runs > 0 and same_runs >= _COPY_SHARE * of_runs

    def _columns(self, row: int, runs: frozenset[Run]) -> list[int]:
        known = self._vocabulary.words[self.languages[row]]
        words = {known[word] for run in runs for word in run if word in known}
        columns: list[int] = self._vocabulary.column_of[list(words)].tolist()
        return columns


def _are_amounts(vocabulary: Vocabulary) -> npt.NDArray[np.bool_]:
    """By column, whether the stem is a number, alone or with the letters of its unit: `14`, `100m`, `3bn`."""
    amounts = are_figures(vocabulary)
    for columns in vocabulary.stems.values():
        amounts[[column for stem, column in columns.items() if _AMOUNT.fullmatch(stem)]] = True
    return amounts


def _strongest_names(
    shared: npt.NDArray[np.float32], is_pair: npt.NDArray[np.bool_], most: npt.NDArray[np.int64]
) -> npt.NDArray[np.float32]:
    """By row, what the names that two items share add to their cosine: their strongest `most` words, or the pairs of one."""
    words = np.sort(shared[:, ~is_pair], axis=1)[:, ::-1]
    words[np.arange(words.shape[1]) >= most[:, np.newaxis]] = 0
    pairs = np.sort(shared[:, is_pair], axis=1)[:, -_PAIRS_OF_A_NAME:]
    found: npt.NDArray[np.float32] = np.maximum(words.sum(axis=1), pairs.sum(axis=1))
    return found


def _runs(item: Item) -> frozenset[Run]:
    """Words in a row of the title, and of the head of the text."""
    return frozenset(
        tuple(words[at : at + _TEMPLATE_WORDS])
        for words in (pieces_of(item.title), pieces_of(item.text[:TEXT_CHARACTERS]))
        for at in range(len(words) - _TEMPLATE_WORDS + 1)
    )
