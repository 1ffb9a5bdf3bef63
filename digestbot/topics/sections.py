"""Which topic an outlet's section is for, learned from what most of its reports match.

An editor who prints a report under "International" says what it is about, more surely than one word far down in it. Nobody
has to name sections: they are read off the addresses of items.
"""

from __future__ import annotations

import heapq
import math
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from urllib.parse import unquote

from ..model import Item
from ..text.web_addresses import split_address
from .match import Printed, Topics

Section = tuple[str, ...]

_SAMPLE = 25  # items of a section, the newest: enough to tell, and a month of a large feed would take seconds
_FEWEST = 8  # items of a section: fewer may all be of one event
# A section is a topic's where its items fit the topic by so much on average, and by so many times as much as the next one. On
# two real days (87 feeds) these were the sections that are called so; half of all had no topic.
_MIN_FIT = 0.4
_TIMES_AS_MUCH = 1.25
_NUMBER = re.compile(r"\d")
_UNDATED = datetime.min.replace(tzinfo=UTC)


class Sections:
    """The sections of a reader's outlets: `Sections(topics, items, used).of(item)`.

    Args:
        topics: what the reader follows; with a single topic no section says anything.
        items: recent ones of all feeds, in any order.
        used: the items that will be asked about; other sections are not learned.
    """

    def __init__(self, topics: Topics, items: Iterable[Item], used: Iterable[Item]) -> None:
        self._topic_of: dict[Section, str] = {}
        self._doubts: dict[str, Mapping[str, float]] = {}
        if len(topics.topics) < 2:
            return
        wanted = {section_of(item) for item in used}
        by_section: defaultdict[Section, list[Item]] = defaultdict(list)
        for item in items:
            if (section := section_of(item)) in wanted:
                by_section[section].append(item)
        samples = [
            (section, _fits(topics, heapq.nlargest(_SAMPLE, found, key=_newest)))
            for section, found in by_section.items()
            if len(found) >= _FEWEST
        ]
        self._topic_of = {section: topic for section, fits in samples if (topic := _own_topic(fits))}
        everywhere = _mean(fits for _, fits in samples)
        for topic in set(self._topic_of.values()):
            here = _mean(fits for section, fits in samples if self._topic_of.get(section) == topic)
            self._doubts[topic] = {name: min(1.0, here.get(name, 0.0) / fit) for name, fit in everywhere.items()}

    def of(self, item: Item) -> Printed | None:
        """Where an item was printed; None where its section is no topic's, or too little is known of it."""
        topic = self._topic_of.get(section_of(item))
        return Printed(topic, self._doubts[topic]) if topic else None


def _newest(item: Item) -> tuple[datetime, str]:
    return (item.effective_time or _UNDATED, item.id)


def _fits(topics: Topics, items: Sequence[Item]) -> dict[str, float]:
    """How well items fit each topic on average."""
    fits: defaultdict[str, float] = defaultdict(float)
    for item in items:
        for name, match in topics.match_item(item).items():
            fits[name] += match.fit / len(items)
    return fits


def _mean(samples: Iterable[Mapping[str, float]]) -> dict[str, float]:
    every = list(samples)
    return {
        name: math.fsum(fits.get(name, 0.0) for fits in every) / len(every) for name in {n for f in every for n in f}
    }


def _own_topic(fits: Mapping[str, float]) -> str:
    best, *others = sorted(fits, key=lambda name: -fits[name]) or [""]
    next_one = fits[others[0]] if others else 0.0
    return best if best and fits[best] >= max(_MIN_FIT, _TIMES_AS_MUCH * next_one) else ""


def section_of(item: Item) -> Section:
    """The feed of an item, and the parts of its address that name no single article: those before the last, without a figure."""
    parts = [unquote(part) for part in split_address(item.url)[1].split("/") if part][:-1]
    return (item.feed, *(part for part in parts if not _NUMBER.search(part)))
