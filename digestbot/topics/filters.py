"""Filters of one digest: which sources it takes, what it leaves out (MUTE) and what it puts first (PIN)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from ..model import Item, Story
from .match import Topics
from .terms import DatedTerm


@dataclass(frozen=True, slots=True, kw_only=True)
class ReaderFilter:
    """What one digest shows of the stories that all digests share."""

    sources: frozenset[str] = frozenset()  # names of feeds; empty: all of them
    mutes: tuple[DatedTerm, ...] = ()  # items that match one are left out
    pins: tuple[DatedTerm, ...] = ()  # stories that match one come first

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

    # By feed, not by outlet: SOURCES holds names of the configuration, and one outlet may have several feeds.
    def wanted(item: Item) -> bool:
        return (not reader_filter.sources or item.feed in reader_filter.sources) and not mutes.match_item(item)

    if not reader_filter.sources and not mutes.topics:
        return tuple(stories)
    kept = ((story, tuple(filter(wanted, story.items))) for story in stories)
    return tuple(
        story if len(items) == len(story.items) else replace(story, items=items) for story, items in kept if items
    )


def _holding_on(terms: Iterable[DatedTerm], day: date) -> Topics:
    """One topic for each term, so that a match names the term."""
    held = [term.topic for term in terms if term.holds(day)]
    return Topics(tuple(replace(topic, name=str(number)) for number, topic in enumerate(held)))
