"""What other terms of a topic would change: which items of the last days come in, go out or stay, and why.

Reads alone. It looks at the newest items first, by quarters of a day, and stops at its bound of items or seconds.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from ..model import Item
from ..ports import Items
from ..topics import Inside, Match, Sighting, Topic, Topics, inside_names, keeps_out, sightings, ticker_names
from ..topics.tickers import Names

DAYS: Final = 7
MOST_ITEMS: Final = 20_000  # 100 feeds bring about as many in a week; a bound for those of thousands
MOST_SHOWN: Final = 40  # lines of each kind
SECONDS: Final = 10.0  # for whoever pressed a button
_SLICE: Final = timedelta(hours=6)  # what is in memory at once


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """An item, and why it is found or is not any more."""

    item: Item
    terms: tuple[str, ...]  # that find it; of one that goes out, those that did
    seen: tuple[Sighting, ...]  # where they stand
    inside: tuple[Inside, ...] = ()  # of those that stand in a longer name only
    out: str = ""  # what keeps it out; empty where it is found


@dataclass(frozen=True, slots=True, kw_only=True)
class Lines:
    """Items of one kind."""

    count: int = 0
    shown: tuple[Line, ...] = ()  # the newest of them


@dataclass(frozen=True, slots=True, kw_only=True)
class TermsTried:
    """What the terms would change."""

    comes_in: Lines
    goes_out: Lines
    stays: Lines
    looked_at: int  # items
    since: datetime  # how far back they were looked at
    complete: bool  # whether that is as far as was asked


def try_terms(
    before: Topic | None,
    after: Topic,
    items: Items,
    *,
    now: datetime,
    days: int = DAYS,
    most: int = MOST_ITEMS,
    seconds: float = SECONDS,
    elapsed: Callable[[], float] = time.monotonic,
) -> TermsTried:
    """Match a topic's old and new terms against what is stored.

    Args:
        before: the topic as it is; None for a new one.
        after: as it would be.
        items: what is stored.
        now: the end of the time that is looked at.
        days: its length.
        most: once so many items were looked at, it goes no further back.
        seconds: once they have passed, neither.
        elapsed: a clock that cannot be set.
    """
    begun, begin = elapsed(), now - timedelta(days=days)
    found = _Found(before=before, after=after)
    looked_at, since = 0, now
    for start, some in _slices(items, begin=begin, now=now, whole=found.names_tickers):
        found.add(some)
        looked_at, since = looked_at + len(some), start
        if looked_at >= most or elapsed() - begun >= seconds:
            break
    return TermsTried(
        comes_in=found.lines(found.comes_in, after),
        goes_out=found.lines(found.goes_out, before or after, out=after),
        stays=found.lines(found.stays, after),
        looked_at=looked_at,
        since=since,
        complete=since <= begin,
    )


def _slices(items: Items, *, begin: datetime, now: datetime, whole: bool) -> Iterator[tuple[datetime, Sequence[Item]]]:
    """The newest first, each with where it begins; all at once where companies are learned from the whole of it."""
    until = now
    while until > begin:
        start = begin if whole else max(begin, until - _SLICE)
        yield start, items.recent(since=start, until=until)
        until = start


class _Found:
    """What was found so far: counts, and the items that are shown."""

    def __init__(self, *, before: Topic | None, after: Topic) -> None:
        # Side by side, so that each text is taken apart once: that is most of the work.
        pair = [replace(before, name="before")] if before is not None else []
        self._pair = (*pair, replace(after, name="after"))
        self._names: Names = {}
        self._topics = Topics(self._pair)
        self.names_tickers = any(term.ticker for topic in self._pair for term in topic.terms)
        self.comes_in = _Kind()
        self.goes_out = _Kind()
        self.stays = _Kind()

    def add(self, items: Sequence[Item]) -> None:
        """Match some items more, which come before the others in time."""
        if self.names_tickers:
            self._names = ticker_names(self._pair, items)
            self._topics = Topics(self._pair, self._names)
        for item in reversed(items):
            matches = self._topics.match_item(item)
            old, new = matches.get("before"), matches.get("after")
            if new is not None:
                (self.stays if old is not None else self.comes_in).add(item, new)
            elif old is not None:
                self.goes_out.add(item, old)

    def lines(self, kind: _Kind, topic: Topic, *, out: Topic | None = None) -> Lines:
        """What is told of a kind: by which words of a topic, and what keeps it out of another."""
        shown = (
            Line(
                item=item,
                terms=match.terms,
                seen=sightings(topic, item, self._names),
                inside=inside_names(topic, item) if out is None else (),
                out=keeps_out(out, item, self._names) if out else "",
            )
            for item, match in kind.kept
        )
        return Lines(count=kind.count, shown=tuple(shown))


class _Kind:
    def __init__(self) -> None:
        self.count = 0
        self.kept: list[tuple[Item, Match]] = []

    def add(self, item: Item, match: Match) -> None:
        self.count += 1
        if len(self.kept) < MOST_SHOWN:
            self.kept.append((item, match))
