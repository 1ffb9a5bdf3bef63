"""Items into stories: everything about one event together, everything else apart."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime

from ..model import Item, Story
from ..text.tokenize import fold
from .cannot_link import CannotLink
from .idf import CorpusStatistics
from .linkage import link
from .similarity import Evidence, weigh

CUT = 0.28  # closeness up to which groups are joined
CENTROID = 0.9  # see `link`
_NEVER = datetime.max.replace(tzinfo=UTC)


def cluster(items: Sequence[Item], *, background: CorpusStatistics | None = None) -> tuple[Story, ...]:
    """A partition of the items into stories, whatever their order; stories by their oldest item.

    Args:
        items: what was collected; dates, texts, outlets and addresses may be missing.
        background: what the history of these feeds tells about words; without it the language and the day must do.
    """
    nodes = once_each(items)
    if not nodes:
        return ()
    evidence = weigh([node[0] for node in nodes], background or CorpusStatistics())
    stories = [_story([item for number in group for item in nodes[number]]) for group in groups_of(evidence)]
    return tuple(sorted(stories, key=lambda story: (min(map(_moment, story.items)), story.id)))


def groups_of(evidence: Evidence) -> list[list[int]]:
    """The numbers of the items of each story."""
    return link(evidence.likeness, cut=CUT, centroid=CENTROID, refuse=CannotLink(evidence).refuse)


def once_each(items: Sequence[Item]) -> list[list[Item]]:
    """Items that are one and the same, by id, address or an outlet's own words: the one with most text first.

    They count once, so that a feed read twice changes nothing. The order follows from the items, not from theirs.
    """
    nodes: list[list[Item]] = []
    known: dict[str, int] = {}
    for item in sorted(items, key=lambda item: (item.id, item.url, item.title, item.text)):
        keys = _identities(item)
        found = sorted({known[key] for key in keys if key in known})
        home = found[0] if found else len(nodes)
        if not found:
            nodes.append([])
        nodes[home].append(item)
        for other in found[1:]:
            nodes[home].extend(nodes[other])
            nodes[other] = []
            known.update((key, home) for key, node in known.items() if node == other)
        known.update((key, home) for key in keys)
    return [sorted(node, key=lambda item: (-len(item.text), item.id)) for node in nodes if node]


def _identities(item: Item) -> list[str]:
    keys = [f"id {item.id}"]
    if item.url:
        keys.append(f"url {item.url}")
    if item.source and item.text:
        keys.append(f"words {item.source}\n{fold(item.title)}\n{fold(item.text)}")
    return keys


def _moment(item: Item) -> datetime:
    return item.effective_time or _NEVER


def _story(items: Sequence[Item]) -> Story:
    """The earliest item that has text leads; the id follows from the oldest item, so that it stays as others join."""
    ordered = sorted(items, key=lambda item: (_moment(item), item.id))
    lead = next((item for item in ordered if item.text), ordered[0])
    identity = hashlib.sha256(ordered[0].id.encode()).hexdigest()[:16]
    return Story(id=identity, items=(lead, *(item for item in ordered if item is not lead)))
