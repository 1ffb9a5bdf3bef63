"""The default summariser: prefers sentences that are central, early, on the headline's subject, and supported by other outlets.

A centroid of TF-IDF sentence vectors (Radev et al. 2004) in which early sentences weigh more, with a position prior,
title fit and support from other outlets. `Selection` makes sure that nothing is said twice.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from .document import Document, Quotable
from .interface import best_sentences
from .vectors import Floats, Vectors, vectors_of

_MOST_SPACES = 42  # a sentence of more words than this, less one, is hard to read
_HARD_TO_READ_FACTOR = 0.8
# Reports, among which some are about side matters: they name the event and then much else. Where six told it or fewer, this
# rule cost .3 to 1.1 R1 on articles left out.
_LARGE = 8
_TELLS_THE_HEADLINE = 0.4  # the cosine of a sentence and the headline from which on it says the same and more


class CentroidSummarizer:
    """Has the interface of sumy's summarisers: `CentroidSummarizer(stemmer)(document, count)`."""

    stop_words: frozenset[str] = frozenset()
    # Measured in a prototype, in points of ROUGE-1: position gains 2 to 4 over the bare centroid; support gains .6
    # where many outlets report and nothing where two do. The title gains nothing measurable (-.4 to +.3): it keeps a
    # summary on the subject of its headline.
    position_weight = 1.0
    title_weight = 0.5
    support_weight = 1.0
    own_opening_weight = 0.5  # for the first sentence of the headline's own report

    def __init__(self, stemmer: Callable[[str], str] = str) -> None:
        self._stemmer = stemmer

    def __call__(self, document: Document, sentences_count: int | Callable[..., object]) -> tuple[Quotable, ...]:
        sentences = document.sentences
        if not sentences:
            return ()
        return best_sentences(sentences, sentences_count, self._rate(document).tolist())

    def _rate(self, document: Document) -> Floats:
        places = [
            (sentence.position, sentence.outlet) if isinstance(sentence, Quotable) else (order, "")
            for order, sentence in enumerate(document.sentences)
        ]
        vectors = vectors_of(document, self._stemmer, self.stop_words)
        body = vectors.sentences
        early = 1.0 / np.sqrt(1.0 + np.array([position for position, _ in places]))
        ratings: Floats = _scaled(body @ (body.T @ early))
        ratings += self.title_weight * _scaled(body @ vectors.headings.sum(axis=0))
        ratings += self.support_weight * _support(vectors.similar, [outlet for _, outlet in places])
        if len(document.paragraphs) >= _LARGE:
            ratings *= 1.0 + self.own_opening_weight * _own_opening(document, vectors)
        ratings *= 1.0 + self.position_weight * early  # multiplied, not added: early alone is not enough
        ratings *= [_HARD_TO_READ_FACTOR if _is_hard_to_read(str(sentence)) else 1.0 for sentence in document.sentences]
        return ratings


def _is_hard_to_read(sentence: str) -> bool:
    """Whether it opens with a quotation before it says whose, or is too long."""
    return sentence[0] in "\"“‘'«„" or sentence.count(" ") > _MOST_SPACES


def _own_opening(document: Document, vectors: Vectors) -> Floats:
    """1 for the first sentence of the headline's report where it tells what the headline tells, else 0."""
    alike = (vectors.sentences @ vectors.headings[[0]].T).toarray()[:, 0]
    own = {id(sentence) for sentence in document.paragraphs[0].sentences[:1]}
    opens = np.array([id(sentence) in own and getattr(sentence, "position", 1) == 0 for sentence in document.sentences])
    found: Floats = opens * (alike >= _TELLS_THE_HEADLINE)
    return found


def _scaled(values: Floats) -> Floats:
    top = float(values.max(initial=0.0))
    return values / top if top > 0 else values


def _support(similar: Floats, outlets: list[str]) -> Floats:
    """How well other outlets support a sentence: its best match in each of them, more weight the more outlets there are."""
    names = np.array(outlets)
    others = len(set(outlets)) - 1
    support = np.zeros(len(names))
    for name in set(outlets):
        theirs = names == name
        support += np.where(theirs, 0.0, similar[:, theirs].max(axis=1))
    support = _scaled(support)
    support *= others / (others + 2)
    return support
