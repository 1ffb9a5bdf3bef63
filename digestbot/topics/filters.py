"""What one audience leaves out of the stories that all share, and what it wants first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from ..model import Item, Story
from .match import Topics
from .terms import DatedTerm


@dataclass(frozen=True, slots=True, kw_only=True)
class ReaderFilter:
    """The readers of one digest."""

    sources: frozenset[str] = frozenset()  # names of feeds; none: all of them
    mutes: tuple[DatedTerm, ...] = ()  # items that hold one are left out
    pins: tuple[DatedTerm, ...] = ()  # stories that hold one come first

    def mute_on(self, day: date) -> Topics:
        return _holding(self.mutes, day)

    def pins_on(self, day: date) -> Topics:
        return _holding(self.pins, day)


def apply_filters(stories: Iterable[Story], reader_filter: ReaderFilter, *, day: date) -> tuple[Story, ...]:
    """The stories an audience is told, without the items it does not want; a story without any left is gone.

    Stories keep their ids, so that one grouping of a window serves every digest.
    """
    mutes = reader_filter.mute_on(day)

    def wanted(item: Item) -> bool:
        return (not reader_filter.sources or item.feed in reader_filter.sources) and not mutes.match_item(item)

    if not reader_filter.sources and not mutes.topics:
        return tuple(stories)
    kept = ((story, tuple(filter(wanted, story.items))) for story in stories)
    return tuple(
        story if len(items) == len(story.items) else replace(story, items=items) for story, items in kept if items
    )


def _holding(terms: Iterable[DatedTerm], day: date) -> Topics:
    """One topic a term, so that a match tells which one it was."""
    held = [term.topic for term in terms if term.holds(day)]
    return Topics(tuple(replace(topic, name=str(number)) for number, topic in enumerate(held)))
