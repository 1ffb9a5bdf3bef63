"""Filters of one digest: which sources it takes, what it leaves out (MUTE) and what it puts first (PIN)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from ..model import Item, Story
from ..text.tokenize import split_words
from .match import Topics
from .terms import DatedTerm


@dataclass(frozen=True, slots=True, kw_only=True)
class ReaderFilter:
    """What one digest shows of the stories that all digests share."""

    sources: frozenset[str] = frozenset()  # names of feeds or houses; empty: all of them
    mutes: tuple[DatedTerm, ...] = ()  # items that match one are left out
    pins: tuple[DatedTerm, ...] = ()  # stories that match one come first
    feed_mutes: Mapping[str, tuple[DatedTerm, ...]] = field(default_factory=dict)  # the same as mutes, for one feed

    def mute_on(self, day: date) -> Topics:
        """The muted terms that hold on this local date."""
        return _holding_on(self.mutes, day)

    def pins_on(self, day: date) -> Topics:
        """The pinned terms that hold on this local date."""
        return _holding_on(self.pins, day)


def apply_filters(stories: Iterable[Story], reader_filter: ReaderFilter, *, day: date) -> tuple[Story, ...]:
    """The stories without the items that the filter leaves out; a story without any item left is dropped.

    Stories keep their ids, so that digests of the same items can share one grouping.
    """
    mutes = reader_filter.mute_on(day)

    by_feed = {feed: _holding_on(terms, day) for feed, terms in reader_filter.feed_mutes.items()}

    def wanted(item: Item) -> bool:
        if reader_filter.sources and not is_named(item, reader_filter.sources):
            return False
        own = by_feed.get(item.feed)
        return not mutes.match_item(item) and not (own and own.match_item(item))

    if not reader_filter.sources and not mutes.topics and not by_feed:
        return tuple(stories)
    kept = ((story, tuple(filter(wanted, story.items))) for story in stories)
    return tuple(
        story if len(items) == len(story.items) else replace(story, items=items) for story, items in kept if items
    )


def is_named(item: Item, names: Collection[str]) -> bool:
    """Whether one of these names of the configuration is that of the item's feed or house."""
    return item.feed in names or as_key(item.source) in names or as_key(item.label) in names


def as_key(name: str) -> str:
    """A house's name as it is written in the configuration: `le_monde` for Le Monde."""
    return "_".join(split_words(name))


def _holding_on(terms: Iterable[DatedTerm], day: date) -> Topics:
    """One topic for each term, so that a match names the term."""
    held = [term.topic for term in terms if term.holds(day)]
    return Topics(tuple(replace(topic, name=str(number)) for number, topic in enumerate(held)))
