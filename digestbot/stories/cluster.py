"""Groups items into stories: one story holds everything about one event and nothing else."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime
from operator import attrgetter

from ..model import Item, Story
from ..text.tokenize import fold
from .cannot_link import CannotLink
from .cosine import are_reports
from .idf import CorpusStatistics
from .linkage import link
from .meaning import Meaning
from .similarity import Evidence, compare_items
from .stragglers import with_stragglers

# Both were chosen on development sets of labelled news; docs/design.md ("Stories") says how flat the optimum is.
CUT = 0.28  # two groups merge from this closeness on (0 to 1)
CENTROID = 0.9  # between average linkage (0) and the centroids' cosine (1), see `link`
_UNDATED = datetime.max.replace(tzinfo=UTC)  # items without a date sort last


def cluster(
    items: Sequence[Item],
    *,
    background: CorpusStatistics | None = None,
    meaning: Meaning | None = None,
    across_languages: bool = False,
) -> tuple[Story, ...]:
    """A partition of the items into stories, whatever their order; stories by their oldest item.

    Args:
        items: what was collected; dates, texts, outlets and addresses may be missing.
        background: how often words occur in the stored history of these feeds. Without it, word weights come from
            general language and from `items` alone, which is less precise for feeds about one narrow field.
        meaning: a model that is asked how alike items are in meaning; without it words alone decide.
        across_languages: whether that may bring together what is told in two languages.

    Returns:
        Every item in exactly one story. A story's first item is its lead; its id depends on its oldest item only, so it
        stays the same while later items join.
    """
    nodes = merge_duplicates(items)
    if not nodes:
        return ()
    evidence = compare_items(
        [node[0] for node in nodes],
        background or CorpusStatistics(),
        meaning=meaning,
        across_languages=across_languages,
    )
    stories = [story_of([item for number in group for item in nodes[number]]) for group in groups_of(evidence)]
    return tuple(sorted(stories, key=lambda story: (min(map(_moment, story.items)), story.id)))


def groups_of(evidence: Evidence) -> list[list[int]]:
    """For each story, the row numbers of its items."""
    must_not_merge = CannotLink(evidence).must_not_merge
    groups = link(evidence.similarity, cut=CUT, centroid=CENTROID, must_not_merge=must_not_merge)
    return with_stragglers(
        groups,
        evidence.similarity,
        vectors=evidence.vectors,
        is_headline=~are_reports(evidence.vectors),
        must_not_merge=must_not_merge,
    )


def merge_duplicates(items: Sequence[Item]) -> list[list[Item]]:
    """Groups the items that are the same item: same id, same address, or same words from the same outlet.

    Each group counts once, so that reading a feed twice changes nothing; the item with most text comes first in it. The
    result does not depend on the order of `items`.
    """
    nodes: list[list[Item]] = []
    known: dict[object, int] = {}
    for item in sorted(items, key=attrgetter("id", "url", "title", "text")):
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
        for key in keys:
            known[key] = home
    return [
        sorted(node, key=lambda item: (-len(item.text), item.id)) if len(node) > 1 else node for node in nodes if node
    ]


def _identities(item: Item) -> list[object]:
    """What makes two items the same one. Titles alone do not: outlets reuse "Live updates" every day."""
    keys: list[object] = [item.id]
    if item.url:
        keys.append(("url", item.url))
    if item.source and item.text:
        keys.append((item.source, fold(item.title), fold(item.text)))
    return keys


def _moment(item: Item) -> datetime:
    return item.effective_time or _UNDATED


def story_of(items: Sequence[Item]) -> Story:
    """The earliest item that has text leads; the id is made from the oldest item, so that it stays as others join."""
    ordered = sorted(items, key=lambda item: (_moment(item), item.id))
    # A headline alone says less than the report after it, and there would be nothing to quote under it.
    lead = next((item for item in ordered if item.text), ordered[0])
    # 64 bits keep the stories of years apart, and are short enough to type after `digestbot explain`.
    identity = hashlib.sha256(ordered[0].id.encode()).hexdigest()[:16]
    return Story(id=identity, items=(lead, *(item for item in ordered if item is not lead)))
