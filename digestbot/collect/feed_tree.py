"""A well-formed RSS, RDF or Atom document as a tree into what it says."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from .element_names import is_atom, local_name
from .feed_entries import LANGUAGE, NAMES, TITLES, base_of, first_text, joined, read_entries, read_link
from .feed_links import Link, article_link
from .raw_feed import RawFeed


def read_tree(root: Any, *, everywhere: bool = False) -> RawFeed | None:
    """What the document under this element says; None when it is no feed.

    Its items are those of its channels or, `everywhere`, all but those that stand in another one.
    """
    kind = local_name(root.tag)
    if kind not in ("rss", "rdf", "feed", "channel"):
        return None
    if kind == "feed":
        head, channels = root, []
    else:
        channels = [one for one in root if local_name(one.tag) == "channel"]
        head = root if kind == "channel" or not channels else channels[0]
    base = base_of(root, "")
    bases = {id(one): base_of(one, base) for one in channels}
    names = NAMES[is_atom(root.tag)]
    feed: dict[str, Any] = {}
    links: list[Link] = []
    entries: list[tuple[Any, str]] = []
    scattered = False
    for place, child in _in_order(root, channels):
        name, _ = names[child.tag]
        if name in ("item", "entry"):
            entries.append((child, bases.get(id(place), base)))
            continue
        scattered = scattered or (len(child) > 0 and any(_is_item(one) for one in child.iter()))
        if name in ("link", "atom:link") and place is head:
            links.append(read_link(child))
        elif place is head:
            feed.setdefault(name, child)
    if everywhere or (head is not root and not entries):
        # Some wrap their items once more (`<items>`).
        entries = [one for one in _outermost(root, base) if names[one[0].tag][0] in ("item", "entry")]
    inner: list[Any] = []
    items = tuple(read_entries(entries, names, inner))
    language = first_text(feed, "language", "dc:language") or head.get(LANGUAGE) or root.get(LANGUAGE) or ""
    ttl = first_text(feed, "ttl")
    return RawFeed(
        title=first_text(feed, *TITLES),
        link=_site(links, bases.get(id(head), base)),
        language=language,
        items=items,
        ttl=int(ttl) if ttl.isdecimal() and len(ttl) < 6 else 0,
        scattered=scattered or bool(inner),
    )


def copies(root: Any) -> int:
    """How many items are an earlier version of the one that they stand in: of Simple Sharing Extensions, `conflicts`."""
    return sum(
        local_name(inner.tag) == "item"
        for one in root.iter()
        if local_name(one.tag) == "conflicts"
        for inner in one.iter()
    )


def _is_item(element: Any) -> bool:
    return local_name(element.tag) in ("item", "entry")


def _outermost(parent: Any, base: str) -> Iterator[tuple[Any, str]]:
    """The items that stand in no other one, each with the base of addresses around it."""
    for child in parent:
        if _is_item(child):
            yield child, base
        else:
            yield from _outermost(child, base_of(child, base))


def _in_order(root: Any, channels: list[Any]) -> Iterator[tuple[Any, Any]]:
    """What stands under the root and in its channels, each with its parent, as the document has it."""
    for child in root:
        if child in channels:
            yield from ((child, one) for one in child)
        else:
            yield root, child


def _site(links: list[Link], base: str) -> str:
    own = next((link.address for link in links if not link.relation and not link.kind and link.address), "")
    address = own or article_link(links)
    return joined(base, address) if base and address and "://" not in address else address
