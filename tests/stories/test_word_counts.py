"""What is kept of a day's words says the same as the words."""

from __future__ import annotations

from collections import Counter

import numpy as np
from builders import item
from hypothesis import given
from hypothesis import strategies as st

from digestbot.stories import CorpusStatistics, WordCounts
from digestbot.stories.tokens import stems_of, tokenise_items

COUNTS = st.dictionaries(st.text(max_size=12), st.integers(1, 70_000), max_size=30)


@given(COUNTS, COUNTS)
def test_what_is_kept_counts_the_same(one: dict[str, int], other: dict[str, int]):
    """Kept as bytes and read back, two days say together what their words said; of a word of neither they say 0."""
    days = [WordCounts.of(counts, items=3) for counts in (one, other)]
    kept = tuple(WordCounts.from_bytes(day.as_bytes(), items=day.items) for day in days)
    asked = [*one, *other, "in neither of the two"]
    together = CorpusStatistics(counted=kept)
    assert together.items == 6
    assert together.holding(asked).tolist() == [one.get(stem, 0) + other.get(stem, 0) for stem in asked]


def test_it_counts_in_how_many_items_a_stem_stands():
    """However often each says it; stop words are not counted."""
    items = [
        item(title, feed="f", language="en") for title in ("Ferry, ferry: the ferries", "The ferry sails", "A bridge")
    ]
    scan = Counter(stem for one in tokenise_items(items) for stem in set(stems_of(one.words, one.language)))
    found = CorpusStatistics.from_items(items)
    assert found.holding([*scan, "the"]).tolist() == [*scan.values(), 0]
    assert (found.items, max(scan.values())) == (3, 2)


def test_a_common_word_takes_eight_bytes():
    """A month of a large newsroom is some megabytes."""
    counts = WordCounts.of({f"stem{number}": 1 for number in range(1000)}, items=9)
    assert len(counts.as_bytes()) < 8200
    assert bool(np.all(np.diff(counts.prints.astype(object)) > 0))
