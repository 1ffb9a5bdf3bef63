"""The default summariser: central, early, on the headline, and told by other outlets too.

A centroid of TF-IDF sentence vectors (Radev et al. 2004) with a position prior, title fit and support from other
outlets, and maximal marginal relevance (Carbonell and Goldstein 1998) against saying a thing twice.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from sumy.models.dom import ObjectDocumentModel
from sumy.summarizers._summarizer import AbstractSummarizer

from .document import Quotable

Vector = NDArray[np.float64]


class CentroidSummarizer(AbstractSummarizer):  # type: ignore[misc]
    """Used like every summariser of sumy: `CentroidSummarizer(stemmer)(document, count)`.

    `count` is a number of sentences or a callable that picks from the ranked ones, as sumy allows.
    """

    stop_words: frozenset[str] = frozenset()
    position_weight = 1.0
    title_weight = 0.5
    support_weight = 0.7
    relevance = 0.7  # the share of relevance against novelty in maximal marginal relevance

    def __call__(
        self, document: ObjectDocumentModel, sentences_count: int | Callable[..., object]
    ) -> tuple[Quotable, ...]:
        sentences: tuple[Quotable, ...] = document.sentences
        if not sentences:
            return ()
        order = self._rank(sentences, document)
        ratings = {sentences[index]: -rank for rank, index in enumerate(order)}
        best: tuple[Quotable, ...] = self._get_best_sentences(sentences, sentences_count, ratings)
        return best

    def _rank(self, sentences: tuple[Quotable, ...], document: ObjectDocumentModel) -> list[int]:
        vectors = self._vectors([*(s.words for s in sentences), *(h.words for h in document.headings)])
        body, titles = vectors[: len(sentences)], vectors[len(sentences) :]
        similar = body @ body.T
        centre = body.sum(axis=0)
        score = _scaled(body @ centre)
        score += self.position_weight / (1.0 + np.array([s.position for s in sentences]))
        score += self.title_weight * _scaled(body @ titles.sum(axis=0))
        score += self.support_weight * _scaled(_support(similar, [s.item.source for s in sentences]))
        return self._diversify(score, similar)

    def _vectors(self, texts: list[tuple[str, ...]]) -> Vector:
        counts = [Counter(self.stem_word(word) for word in text if word not in self.stop_words) for text in texts]
        vocabulary = {term: column for column, term in enumerate(dict.fromkeys(t for c in counts for t in c))}
        matrix = np.zeros((len(texts), max(len(vocabulary), 1)))
        for row, count in enumerate(counts):
            for term, frequency in count.items():
                matrix[row, vocabulary[term]] = 1.0 + np.log(frequency)
        matrix *= np.log((1.0 + len(texts)) / (1.0 + (matrix > 0).sum(axis=0))) + 1.0
        matrix /= np.maximum(np.linalg.norm(matrix, axis=1, keepdims=True), 1e-12)
        return matrix

    def _diversify(self, score: Vector, similar: Vector) -> list[int]:
        score = _scaled(score)
        told = np.zeros(len(score))
        left = np.ones(len(score), dtype=bool)
        order: list[int] = []
        while left.any():
            gain = np.where(left, self.relevance * score - (1.0 - self.relevance) * told, -np.inf)
            best = int(gain.argmax())
            order.append(best)
            left[best] = False
            told = np.maximum(told, similar[best])
        return order


def _scaled(values: Vector) -> Vector:
    top = float(values.max(initial=0.0))
    return values / top if top > 0 else values


def _support(similar: Vector, sources: list[str]) -> Vector:
    """For each sentence its best match in every other outlet, summed."""
    names = np.array(sources)
    support = np.zeros(len(names))
    for name in dict.fromkeys(sources):
        theirs = names == name
        support += np.where(theirs, 0.0, similar[:, theirs].max(axis=1))
    return support
