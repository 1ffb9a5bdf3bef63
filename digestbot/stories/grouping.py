"""Items into stories: everything about one event together, everything else apart."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

import numpy as np
from scipy import sparse

from ..model import Item, Story
from .linkage import average_linkage
from .tokens import term_weights

CUT = 0.20  # cosine: the mean similarity up to which groups are joined
FLOOR = 0.10  # cosine: pairs below count as nothing in common
_BLOCK = 2048  # rows multiplied at a time: bounds the memory
_NEVER = datetime.max.replace(tzinfo=UTC)


def cluster(items: Sequence[Item]) -> tuple[Story, ...]:
    """A partition of the items into stories, whatever their order; stories by their oldest item.

    Average linkage on stemmed TF-IDF: the most exact of the methods without training that were measured (docs/design.md).
    """
    nodes = _by_address(items)
    if not nodes:
        return ()
    pairs = _pairs(_vectors([node[0] for node in nodes]))
    groups = average_linkage(len(nodes), pairs, cut=CUT)
    stories = [_story([item for node in group for item in nodes[node]]) for group in groups]
    return tuple(sorted(stories, key=lambda story: (min(map(_moment, story.items)), story.id)))


def _by_address(items: Sequence[Item]) -> list[list[Item]]:
    """Items with one address are one node, the longest text first; in an order that follows from the items alone."""
    nodes: dict[str, list[Item]] = {}
    for item in sorted(items, key=lambda item: (item.id, -len(item.text), item.title, item.url)):
        nodes.setdefault(item.url or f"id:{item.id}", []).append(item)
    return [sorted(node, key=lambda item: -len(item.text)) for node in nodes.values()]


def _vectors(items: Sequence[Item]) -> sparse.csr_array:
    numbers: dict[str, int] = {}
    rows, columns, values = [], [], []
    for row, item in enumerate(items):
        for term, weight in term_weights(item).items():
            rows.append(row)
            columns.append(numbers.setdefault(term, len(numbers)))
            values.append(weight)
    counts = sparse.csr_array((values, (rows, columns)), shape=(len(items), max(len(numbers), 1)), dtype=np.float32)
    frequency = np.bincount(counts.indices, minlength=counts.shape[1])
    counts.data *= (np.log((1 + len(items)) / (1 + frequency)) + 1).astype(np.float32)[counts.indices]
    length = np.sqrt(np.asarray(counts.multiply(counts).sum(axis=1)))
    counts.data /= np.repeat(np.where(length > 0, length, 1), np.diff(counts.indptr)).astype(np.float32)
    return counts


def _pairs(vectors: sparse.csr_array) -> Iterator[tuple[int, int, float]]:
    turned = vectors.T.tocsr()
    for start in range(0, vectors.shape[0], _BLOCK):
        block = (vectors[start : start + _BLOCK] @ turned).tocoo()
        keep = (block.data >= FLOOR) & (block.col > block.row + start)
        yield from zip(
            (block.row[keep] + start).tolist(), block.col[keep].tolist(), block.data[keep].tolist(), strict=True
        )


def _moment(item: Item) -> datetime:
    return item.moment or _NEVER


def _story(items: Sequence[Item]) -> Story:
    """The earliest item that has text leads; the id follows from the oldest item, so that it stays as others join."""
    ordered = sorted(items, key=lambda item: (_moment(item), item.id))
    lead = next((item for item in ordered if item.text), ordered[0])
    identity = hashlib.sha256(ordered[0].id.encode()).hexdigest()[:16]
    return Story(id=identity, items=(lead, *(item for item in ordered if item is not lead)))
