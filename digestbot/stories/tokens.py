"""Items into weighted terms: what two reports of one event have in common."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping

from ..model import Item
from ..words import content_words

TEXT = 300  # characters of the text that count: news tells what matters first
TITLE = 2  # a word of the title counts as often


def term_weights(item: Item) -> Mapping[str, float]:
    """How much each stemmed word stands for its item: sublinear counts, those of the title doubled."""
    counts: Counter[str] = Counter()
    for word in content_words(item.title, item.language):
        counts[word] += TITLE
    counts.update(content_words(item.text[:TEXT], item.language))
    return {term: 1 + math.log(count) for term, count in counts.items()}
