"""Which items of a window an edition is made from: each under its house, once, and of a kind that is told. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from ..model import Feed, FeedKind, Item
from ..stories import explain_kind, named_by_house, one_version_each
from .context import DigestSpec

# A feed without dates gives its whole archive when it is read for the first time: nobody knows what of it is news.
FIRST_UNDATED = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Admission:
    """The items that stories are made of, and why the others are not."""

    items: tuple[Item, ...]
    left_out: Mapping[str, str]  # by id of an item: the reason, in words


def admit(
    spec: DigestSpec, items: Sequence[Item], *, known: Sequence[Item] = (), feeds: Iterable[Feed] = ()
) -> Admission:
    """Name the items by their houses, and leave out what is no news of its own.

    Args:
        spec: the digest, for its KINDS and houses.
        items: those of the edition's window.
        known: items of earlier windows, for the names of houses and for when a feed was first read.
        feeds: where items come from.
    """
    # What a page shows is of today; only a list of links may be an archive as a feed may be one.
    of_today = {feed.name for feed in feeds if feed.kind is FeedKind.PAGE and not feed.link_selector}
    reasons: dict[str, str] = {}
    named = named_by_house(items, known=known, houses=spec.houses)
    told = []
    for item in named:
        found = explain_kind(item)
        if found.kind in spec.kinds:
            told.append(item)
        else:
            reasons[item.id] = f"its kind, {found.kind}, is not among KINDS; {found.rule or 'no sign of another kind'}"
    undated = [item for item in told if item.published is None and item.feed not in of_today]
    first = _beyond_a_first_reading(undated, [*items, *known])
    reasons |= dict.fromkeys(
        first, f"without a date, and beyond the {FIRST_UNDATED} newest of its feed's first reading"
    )
    told = [item for item in told if item.id not in first]
    longest = _once_per_address(told)
    kept = one_version_each(longest)
    ids = {item.id for item in kept}
    reasons |= {item.id: "another version of its article is told" for item in told if item.id not in ids}
    return Admission(items=kept, left_out=reasons)


def _beyond_a_first_reading(undated: Sequence[Item], all_known: Sequence[Item]) -> frozenset[str]:
    """Items without a date but the newest of their feed, the last ones here, of those that came when it was first read."""
    begun: dict[str, datetime] = {}
    for item in all_known:
        if item.first_seen:
            begun[item.feed] = min(item.first_seen, begun.get(item.feed, item.first_seen))
    of_feed: defaultdict[str, list[Item]] = defaultdict(list)
    for item in undated:
        if item.first_seen and item.first_seen == begun[item.feed]:
            of_feed[item.feed].append(item)
    return frozenset(item.id for found in of_feed.values() for item in found[:-FIRST_UNDATED])


def _once_per_address(items: Sequence[Item]) -> tuple[Item, ...]:
    """An article that two feeds of one outlet carry counts once, in its longest form."""
    longest: dict[str, Item] = {}
    for item in items:
        address = item.url or item.id
        if address not in longest or len(item.text) > len(longest[address].text):
            longest[address] = item
    return tuple(longest.values())
