"""Which items of a window an edition is made from: each under its house, once, and of a kind that is told. Pure."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import urlsplit

from ..model import Feed, FeedKind, Item
from ..stories import explain_kind, named_by_house, one_version_each
from ..stories.houses import registrable_domain
from .context import DigestSpec

# A feed without dates gives its whole archive when it is read for the first time: nobody knows what of it is news.
FIRST_UNDATED = 10
_MIN_ITEMS_OF_HOUSE = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Admission:
    """The items that stories are made of, and why the others are not."""

    items: tuple[Item, ...]
    left_out: Mapping[str, str]  # by id of an item: the reason, in words


def admit(
    spec: DigestSpec,
    items: Sequence[Item],
    *,
    known: Sequence[Item] = (),
    begun: Mapping[str, datetime] | None = None,
    feeds: Iterable[Feed] = (),
) -> Admission:
    """Name the items by their houses, and leave out what is no news of its own.

    Args:
        spec: the digest, for its KINDS and houses.
        items: those of the edition's window.
        known: items of earlier windows, for the names of houses and for when a feed was first read.
        begun: when feeds were first read, where `known` does not reach back so far.
        feeds: where items come from.
    """
    reasons: dict[str, str] = {}
    feeds = tuple(feeds)
    # What a page shows is of today; only a list of links may be an archive as a feed may be one.
    of_today = {feed.name for feed in feeds if feed.kind is FeedKind.PAGE and not feed.link_selector}
    named = _titled(named_by_house(items, known=known, houses=spec.houses), feeds)
    told = []
    for item in named:
        found = explain_kind(item)
        if found.kind in spec.kinds:
            told.append(item)
        else:
            reasons[item.id] = f"its kind, {found.kind}, is not among KINDS; {found.rule or 'no sign of another kind'}"
    undated = [item for item in told if item.published is None and item.feed not in of_today]
    first = _beyond_a_first_reading(undated, [*items, *known], begun or {})
    reasons |= dict.fromkeys(
        first, f"without a date, and beyond the {FIRST_UNDATED} newest of its feed's first reading"
    )
    told = [item for item in told if item.id not in first]
    longest = _once_per_address(told)
    kept = one_version_each(longest)
    ids = {item.id for item in kept}
    reasons |= {item.id: "another version of its article is told" for item in told if item.id not in ids}
    return Admission(items=kept, left_out=reasons)


def _titled(items: Sequence[Item], feeds: Sequence[Feed]) -> tuple[Item, ...]:
    """A house under the TITLE that the owner gave its feed: houses decide who counts as one, the title is for readers."""
    titled = {feed.name: feed for feed in feeds if feed.title}
    if not titled:
        return tuple(items)
    told: defaultdict[str, Counter[str]] = defaultdict(Counter)
    given: defaultdict[str, set[str]] = defaultdict(set)
    for item in items:
        feed = titled.get(item.feed)
        if feed is not None:
            told[feed.name][item.source] += 1
            if _site(feed.url) and _site(feed.url) == _site(item.url):
                given[item.source].add(feed.title)
    for name, houses in told.items():
        house, count = houses.most_common(1)[0]
        # A list of others' articles names none of their houses.
        if houses.total() >= _MIN_ITEMS_OF_HOUSE and 2 * count > houses.total():
            given[house].add(titled[name].title)
    # Several titles of one house say which section is which, not what the house is called.
    called = {house: own.pop() for house, own in given.items() if len(own) == 1}
    return tuple(replace(item, source=called[item.source]) if item.source in called else item for item in items)


def _site(url: str) -> str:
    try:
        return registrable_domain(urlsplit(url).hostname or "")
    except ValueError:
        return ""


def _beyond_a_first_reading(
    undated: Sequence[Item], all_known: Sequence[Item], first_read: Mapping[str, datetime]
) -> frozenset[str]:
    """Items without a date but the newest of their feed, the last ones here, of those that came when it was first read."""
    begun = dict(first_read)
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
