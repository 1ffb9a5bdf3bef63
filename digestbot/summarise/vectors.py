"""Sentences as TF-IDF vectors of unit length, with the story's own document frequencies."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from sumy.models.dom import ObjectDocumentModel

Matrix = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Vectors:
    """One row for each sentence of a document, one for each of its headings, and the cosines of its sentences."""

    sentences: Matrix
    headings: Matrix
    similar: Matrix


@lru_cache(maxsize=2)  # the summariser and the selection ask for the same story, one after the other
def vectors_of(document: ObjectDocumentModel, stem: Callable[[str], str], stop_words: frozenset[str]) -> Vectors:
    texts = [*document.sentences, *document.headings]
    counts = [Counter(stem(word) for word in text.words if word not in stop_words) for text in texts]
    column = {term: at for at, term in enumerate(dict.fromkeys(term for count in counts for term in count))}
    matrix = np.zeros((len(texts), max(len(column), 1)), dtype=np.float32)
    for row, count in zip(matrix, counts, strict=True):
        row[[column[term] for term in count]] = [1.0 + math.log(frequency) for frequency in count.values()]
    matrix *= 1.0 + np.log((1.0 + len(texts)) / (1.0 + (matrix > 0).sum(axis=0, dtype=np.float32)))
    matrix /= np.maximum(np.linalg.norm(matrix, axis=1, keepdims=True), 1e-9)
    body = matrix[: len(document.sentences)]
    return Vectors(sentences=body, headings=matrix[len(body) :], similar=body @ body.T)
