"""Sentences as TF-IDF vectors of unit length, with the story's own document frequencies."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from .document import Document

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Vectors:
    """A row for each sentence of a document; sparse, because most words occur in few sentences."""

    sentences: Any  # csr_array, a row each
    headings: Any
    similar: Floats  # the cosine of every two sentences
    terms: tuple[frozenset[str], ...]  # the stems of every sentence, without stop words


@lru_cache(maxsize=2)  # the summariser and the selection ask for the same story, one after the other
def vectors_of(document: Document, stem: Callable[[str], str], stop_words: frozenset[str]) -> Vectors:
    """TF-IDF with sublinear counts (Salton and Buckley 1988) and smoothed document frequencies."""
    texts = [*document.sentences, *document.headings]
    counts = [Counter(stem(word) for word in text.words if word not in stop_words) for text in texts]
    found_in = Counter(term for count in counts for term in count)
    column = {term: at for at, term in enumerate(found_in)}
    rarity = {term: 1.0 + math.log((1.0 + len(texts)) / (1.0 + times)) for term, times in found_in.items()}
    rows: list[list[float]] = []
    for count in counts:
        row = [(1.0 + math.log(times)) * rarity[term] for term, times in count.items()]
        norm = math.hypot(*row) or 1.0
        rows.append([weight / norm for weight in row])
    matrix = csr_array(
        (
            [weight for row in rows for weight in row],
            [column[term] for count in counts for term in count],
            np.cumsum([0, *map(len, rows)]),
        ),
        shape=(len(rows), max(len(column), 1)),
    )
    body = matrix[: len(document.sentences)]
    return Vectors(
        sentences=body,
        headings=matrix[len(document.sentences) :],
        # Dense, because a document has no more sentences than MOST_STORY_SENTENCES.
        similar=(body @ body.T).toarray(),
        terms=tuple(frozenset(count) for count in counts[: len(document.sentences)]),
    )
