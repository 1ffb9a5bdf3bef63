"""Which stories an edition shows, by their scores (scoring.py), where, with a summary or in one line. Pure.

The best of all leads. Every topic with news then gets a place, the rest go by score, and no topic takes over half while another
waits. What finds no place gets a line: under its topic, under "Elsewhere" where many tell what no topic foresaw, or under "Also".
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from typing import Final

from ..model import PINNED, TOP_STORIES, Entry, Kind, Section

# A story of no topic leads where so many outlets tell it, and so many times as many as tell the best story of a topic.
LEAD_OUTLETS: Final = 4
LEAD_TIMES: Final = 2
LEAD_FROM: Final = 3  # stories, below which none leads: two stories are an order already
BIG: Final = 4  # outlets: what so many tell is given a line before anything else is
ELSEWHERE_OUTLETS: Final = 3
# Told by one outlet alone, others copying it at most, and below this share of the best score: no topic gets a place for it.
TRIFLING_SHARE: Final = 0.5
# Less about its topic than this, it gets no place for being the topic's best: half of its outlets, say, do not name the topic.
TRIFLING_FIT: Final = 0.5
# Nothing of the day is in them, so they get a line after everything that happened.
_NO_NEWS_OF_THE_DAY: Final = frozenset({
    Kind.NEWSLETTER, Kind.MARKET_DATA, Kind.GUIDE, Kind.DEAL, Kind.SPONSORED, Kind.PAGE
})  # fmt: skip
# A story of these holds no report: with one it would be news.
_VIEWS: Final = frozenset({Kind.OPINION, Kind.REVIEW, Kind.PODCAST})


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How many stories an edition shows."""

    stories: int = 12  # with a summary, the lead among them
    per_source: int = 3  # reported by one outlet alone, as long as stories of others are left
    headlines: int = 20  # in one line: under their topics, "Elsewhere" and "Also" together
    elsewhere: int = 4  # of them, for the most covered stories that match no topic
    topics: Mapping[str, int] = field(default_factory=dict)  # most stories with a summary, by the topic's title


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """What is shown."""

    lead: Entry | None = None
    sections: tuple[Section, ...] = ()
    elsewhere: tuple[Entry, ...] = ()
    also: tuple[Entry, ...] = ()
    further: tuple[Entry, ...] = ()  # named alone, for lack of lines: told by BIG outlets or more
    omitted: int = 0  # how many stories are not shown at all
    omitted_big: int = 0  # of them, told by BIG outlets or more

    def each(self, change: Callable[[Entry], Entry]) -> Selection:
        """The same places with every entry changed."""
        return replace(
            self,
            lead=change(self.lead) if self.lead else None,
            sections=tuple(
                replace(section, entries=tuple(map(change, section.entries)), briefs=tuple(map(change, section.briefs)))
                for section in self.sections
            ),
            elsewhere=tuple(map(change, self.elsewhere)),
            also=tuple(map(change, self.also)),
            further=tuple(map(change, self.further)),
        )

    @property
    def full(self) -> tuple[Entry, ...]:
        """What is told with a summary, in reading order."""
        first = (self.lead,) if self.lead else ()
        return (*first, *(entry for section in self.sections for entry in section.entries))


def select(entries: Sequence[Entry], *, topics: Sequence[str], limits: Limits, by_score: bool = True) -> Selection:
    """Choose the entries that are shown, and their places.

    Args:
        entries: every story that may be shown; its `topic` is a title, or empty where no topic matched.
        topics: titles in the reader's order; empty when the reader follows no topic: all stories are one section then.
        limits: how many are shown.
        by_score: sections by their best story; else in the reader's order.
    """
    ranked = sorted(entries, key=rank_key)
    on_topic = [entry for entry in ranked if entry.topic or not topics]
    first = _lead(ranked, on_topic, limits)
    waiting = [entry for entry in on_topic if entry is not first]
    top = _best(waiting, limits, lead=first)
    full = [*top, *([first] if first else [])]
    rest = _without(ranked, full)
    told = {entry.topic for entry in full}
    elsewhere, briefs, also = _lines(rest, topics, limits, told=told)
    left = _without(rest, (*elsewhere, *briefs, *also))
    further = _most_covered(filter(_is_big, left))[: limits.headlines]
    left = _without(left, further)
    order = (PINNED, *(topics or (TOP_STORIES,)))
    sections = [
        Section(
            topic=topic,
            entries=tuple(entry for entry in top if (entry.topic or TOP_STORIES) == topic),
            briefs=tuple(entry for entry in briefs if entry.topic == topic),
        )
        for topic in order
    ]
    sections = [section for section in sections if section.entries or section.briefs]
    if by_score:
        sections.sort(key=_section_key)
    return Selection(
        lead=first,
        sections=tuple(sections),
        elsewhere=tuple(elsewhere),
        also=tuple(also),
        further=tuple(further),
        omitted=_count(left),
        omitted_big=sum(map(_is_big, left)),
    )


def _without(entries: Iterable[Entry], shown: Iterable[Entry]) -> list[Entry]:
    ids = {entry.story.id for entry in shown}
    return [entry for entry in entries if entry.story.id not in ids]


def _count(entries: Iterable[Entry]) -> int:
    """How many stories these are, with those that stand under them."""
    return sum(1 + len(entry.related) for entry in entries)


def rank_key(entry: Entry) -> tuple[float, str]:
    """To sort entries by, best first."""
    # Rounded, because sums of floats differ in their last digits between machines: then the id decides on all of them.
    return (-round(entry.score.total, 9), entry.story.id)


def _section_key(section: Section) -> tuple[bool, bool, tuple[float, str]]:
    """Pinned ones first, then by the best story in full, then those with lines alone."""
    best = min(map(rank_key, section.entries or section.briefs))
    return section.topic != PINNED, not section.entries, best


def _lead(ranked: Sequence[Entry], on_topic: Sequence[Entry], limits: Limits) -> Entry | None:
    """The best score among the stories of topics and those that match none but are far ahead; dated news before all else."""
    if len(ranked) < LEAD_FROM or not limits.stories:
        return None
    followed = {entry.story.id for entry in on_topic}
    if not limits.elsewhere:
        ranked = on_topic
    far_ahead = max(LEAD_OUTLETS, LEAD_TIMES * on_topic[0].reporting if on_topic else 0)
    eligible = [
        entry
        for entry in ranked
        if (entry.story.id in followed or entry.reporting >= far_ahead) and limits.topics.get(entry.topic, 1)
    ]
    # Without a date nobody knows whether it is of the day.
    eligible.sort(key=lambda entry: (entry.published is None, entry.kind is not Kind.NEWS))
    return eligible[0] if eligible else None


class _Places:
    """Who has a place so far, and whom the limits of outlets and topics let in."""

    def __init__(self, limits: Limits, lead: Entry | None) -> None:
        self.taken: list[Entry] = []
        self._ids: set[str] = set()
        self._limits = limits
        self._left = limits.stories - (lead is not None)
        self._by_topic = Counter[str]([lead.topic] if lead else [])
        self._by_source = Counter[str]([_only_source(lead)] if lead else [])

    def offer(self, entry: Entry, *, most: int, sparing: bool) -> None:
        """Give it a place if its topic has fewer than `most` and, while `sparing`, its outlet few enough alone."""
        topic, source = entry.topic, _only_source(entry)
        if entry.story.id in self._ids or len(self.taken) >= self._left:
            return
        # What the reader pinned is no topic that could crowd out another.
        if topic != PINNED and self._by_topic[topic] >= min(most, self._limits.topics.get(topic, most)):
            return
        if sparing and source and self._by_source[source] >= self._limits.per_source:
            return
        self.taken.append(entry)
        self._ids.add(entry.story.id)
        self._by_topic[topic] += 1
        self._by_source[source] += 1


def _best(ranked: Sequence[Entry], limits: Limits, *, lead: Entry | None) -> list[Entry]:
    """What gets a summary beside the lead, in order of rank."""
    places = _Places(limits, lead)
    best = max((entry.score.total for entry in (*ranked, *([lead] if lead else []))), default=0.0)
    waiting: dict[str, Entry] = {}
    for entry in ranked:
        if not _is_trifling(entry, best):
            waiting.setdefault(entry.topic, entry)
    for topic, entry in waiting.items():
        if lead is None or lead.topic != topic:
            places.offer(entry, most=1, sparing=False)
    # Half of the places at most while another topic waits; what is postponed for its outlet comes after everybody else.
    shared = max(1, limits.stories // 2) if len({entry.topic for entry in ranked} - {PINNED}) > 1 else limits.stories
    worthy = [entry for entry in ranked if entry.topic in waiting]
    for candidates, most in ((worthy, shared), (ranked, limits.stories)):
        for sparing in (True, False):
            for entry in candidates:
                places.offer(entry, most=most, sparing=sparing)
    return sorted(places.taken, key=rank_key)


def _is_trifling(entry: Entry, best: float) -> bool:
    told_little = _tellers(entry) <= 1 and entry.score.total < TRIFLING_SHARE * best
    return told_little or entry.fit < TRIFLING_FIT


def _tellers(entry: Entry) -> int:
    """How many outlets tell it in their own words, or one of the stories under it."""
    return max(sum(source.tells for source in one.sources) for one in (entry, *entry.related))


def _only_source(entry: Entry) -> str:
    # A story of several outlets counts against none: an agency that leads many of them keeps them all.
    return entry.story.lead.source if len(entry.sources) <= 1 else ""


def _lines(
    rest: Sequence[Entry], topics: Sequence[str], limits: Limits, *, told: AbstractSet[str]
) -> tuple[list[Entry], list[Entry], list[Entry]]:
    """What gets one line: elsewhere, under its topic, under "Also": for topics that told nothing, the most covered events, then by rank."""
    followed = bool(topics)
    big = _most_covered(filter(_is_big, rest))
    wide = [entry for entry in rest if followed and not entry.topic and entry.reporting >= ELSEWHERE_OUTLETS]
    elsewhere = _most_covered(wide)[: limits.elsewhere]
    # Of what matches no topic, views and reviews of what nobody reports are an aside.
    news = [
        entry
        for entry in rest
        if entry.kind not in _NO_NEWS_OF_THE_DAY and (entry.topic or entry.kind not in _VIEWS or not followed)
    ]
    # What one outlet alone tells waits for what others tell, too.
    news.sort(key=lambda entry: (_tellers(entry) <= 1, rank_key(entry)))
    # The best of a topic without a place, where several tell it: it may be about the topic by half only, or trifling.
    silent = {entry.topic: entry for entry in reversed(news) if entry.topic not in told and _tellers(entry) > 1}
    silent.pop("", None)
    # No topic takes over half of the lines while another story waits for one.
    shared = max(1, limits.headlines // 2)
    by_topic = Counter[str]()
    kept: dict[str, Entry] = {}
    every = len(rest)
    for most, candidates in (
        (every, filter(_is_big, elsewhere)),
        (every, silent.values()),
        (every, big),
        (every, elsewhere),
        (shared, news),
        (every, news),
        (every, rest),
    ):
        for entry in candidates:
            if len(kept) < limits.headlines and entry.story.id not in kept and by_topic[entry.topic] < most:
                kept[entry.story.id] = entry
                by_topic[entry.topic] += bool(entry.topic)
    elsewhere = [entry for entry in elsewhere if kept.pop(entry.story.id, None)]
    ordered = sorted(kept.values(), key=rank_key)
    briefs = [entry for entry in ordered if followed and entry.topic]
    also = [entry for entry in ordered if not (followed and entry.topic)]
    return elsewhere, briefs, _big_first(also)


def _most_covered(entries: Iterable[Entry]) -> list[Entry]:
    return sorted(entries, key=lambda entry: (-entry.reporting, rank_key(entry)))


def _big_first(entries: Iterable[Entry]) -> list[Entry]:
    return sorted(entries, key=lambda entry: (not _is_big(entry), rank_key(entry)))


def _is_big(entry: Entry) -> bool:
    told = max(one.reporting for one in (entry, *entry.related))
    return told >= BIG and entry.kind not in _NO_NEWS_OF_THE_DAY
