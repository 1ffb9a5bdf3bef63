"""Which stories an edition shows, where, and in how much room: pure decisions over scored stories.

Every story goes to its best topic. The best of them get a summary; what one outlet tells alone never fills the room
while others wait; the rest are named in one line each under "Also", those of a topic before those of none.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from ..model import PINNED, TOP_STORIES, Entry, Section


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How much room there is."""

    stories: int = 12  # with a summary
    per_source: int = 3  # told by one outlet alone, as long as others wait
    headlines: int = 20  # named in one line
    topics: Mapping[str, int] = field(default_factory=dict)  # stories of a topic with a summary, by title


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """What is shown."""

    sections: tuple[Section, ...]
    also: tuple[Entry, ...]
    omitted: int  # stories that found no room


def select(entries: Sequence[Entry], *, topics: Sequence[str], limits: Limits) -> Selection:
    """Give the best entries a place.

    Args:
        entries: every story of the window, with its topic's title, or an empty one where no topic matched.
        topics: titles in the reader's order; none when the reader follows no topic: then all stories are one section.
        limits: how much room there is.
    """
    order = (PINNED, *(topics or (TOP_STORIES,)))
    ranked = sorted(entries, key=_rank)
    wanted = [entry for entry in ranked if entry.topic or not topics]
    top = _best(wanted, limits)
    chosen = {entry.story.id for entry in top}
    rest = [entry for entry in wanted if entry.story.id not in chosen]
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
    return (-round(entry.score.total, 9), entry.story.id)


def _best(ranked: Sequence[Entry], limits: Limits) -> list[Entry]:
    """The first `limits.stories`, passing over a topic that is full and, until nobody else is left, an outlet that has its share."""
    chosen: list[Entry] = []
    waiting: list[Entry] = []
    told = Counter[str]()
    for entry in ranked:
        alone = entry.story.lead.source if len(entry.sources) <= 1 else ""
        if alone and told[alone] >= limits.per_source:
            waiting.append(entry)
        else:
            told[alone] += 1
            chosen.append(entry)
    taken = Counter[str]()
    room: list[Entry] = []
    for entry in chosen + waiting:
        taken[entry.topic] += 1
        if taken[entry.topic] <= limits.topics.get(entry.topic, limits.stories):
            room.append(entry)
    return sorted(room[: limits.stories], key=_rank)
