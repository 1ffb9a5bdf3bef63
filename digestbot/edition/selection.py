"""Which stories an edition shows, by their scores (scoring.py), in which section, with a summary or in one line. Pure.

Every story goes to its best topic. The best get a summary, but no more than a few that one outlet reports alone while
stories of others are left. The rest get one line each under "Also": first those of a topic, then those of none.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ..model import PINNED, TOP_STORIES, Entry, Section


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How many stories an edition shows."""

    stories: int = 12  # with a summary
    per_source: int = 3  # reported by one outlet alone, as long as stories of others are left
    headlines: int = 20  # in one line, under "Also"
    topics: Mapping[str, int] = field(default_factory=dict)  # most stories with a summary, by the topic's title


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """What is shown."""

    sections: tuple[Section, ...]
    also: tuple[Entry, ...]
    omitted: int  # how many stories are not shown at all


def select(entries: Sequence[Entry], *, topics: Sequence[str], limits: Limits) -> Selection:
    """Choose the entries that are shown, and their places.

    Args:
        entries: every story that may be shown; its `topic` is a title, or empty where no topic matched.
        topics: titles in the reader's order; empty when the reader follows no topic: all stories are one section then.
        limits: how many are shown.
    """
    order = (PINNED, *(topics or (TOP_STORIES,)))
    ranked = sorted(entries, key=_rank)
    on_topic = [entry for entry in ranked if entry.topic or not topics]
    top = _best(on_topic, limits)
    top_ids = {entry.story.id for entry in top}
    rest = [entry for entry in on_topic if entry.story.id not in top_ids]
    rest += [entry for entry in ranked if topics and not entry.topic]
    sections = tuple(
        Section(topic=topic, entries=tuple(entry for entry in top if (entry.topic or TOP_STORIES) == topic))
        for topic in order
    )
    return Selection(
        sections=tuple(section for section in sections if section.entries),
        also=tuple(rest[: limits.headlines]),
        omitted=max(0, len(rest) - limits.headlines),
    )


def _rank(entry: Entry) -> tuple[float, str]:
    # Rounded, because sums of floats differ in their last digits between machines: then the id decides on all of them.
    return (-round(entry.score.total, 9), entry.story.id)


def _best(ranked: Sequence[Entry], limits: Limits) -> list[Entry]:
    """The first `limits.stories`, in order of rank, within the limits of each topic and each outlet."""
    first: list[Entry] = []
    postponed: list[Entry] = []  # beyond the limit of their outlet: shown only where no other story is left
    by_source = Counter[str]()
    for entry in ranked:
        # A story of several outlets counts against none: an agency that leads many of them keeps them all.
        only_source = entry.story.lead.source if len(entry.sources) <= 1 else ""
        if only_source and by_source[only_source] >= limits.per_source:
            postponed.append(entry)
        else:
            by_source[only_source] += 1
            first.append(entry)
    by_topic = Counter[str]()
    best: list[Entry] = []
    for entry in first + postponed:
        by_topic[entry.topic] += 1
        if by_topic[entry.topic] <= limits.topics.get(entry.topic, limits.stories):
            best.append(entry)
    return sorted(best[: limits.stories], key=_rank)
