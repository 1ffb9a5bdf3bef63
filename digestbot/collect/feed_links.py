"""Which of an item's links leads to its article, whatever format and parser it comes from."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

# The pages of an article; a PDF or a JSON of the same counts less (RFC 4287 section 4.2.7.3 leaves the type open).
_PAGES = ("", "text/html", "application/xhtml+xml", "html", "xhtml", "text/xhtml", "application/xml+xhtml")
_FEEDS = ("application/atom+xml", "application/rss+xml", "application/rdf+xml")
# What a link may be to an item and still lead somewhere near it, the nearest first.
_NEAR = ("via", "related", "canonical", "shortlink", "http://www.iana.org/assignments/relation/alternate")


class Link(NamedTuple):
    """A link as the document has it."""

    address: str
    relation: str = ""  # empty: alternate
    kind: str = ""  # its media type


def article_link(links: Iterable[Link]) -> str:
    """The address of the article: the page among the alternates, else any alternate.

    Never the feed itself, its editing interface, replies, a licence or a file.
    """
    other = feed = ""
    for link in links:
        if link.relation.lower() not in ("", "alternate") or not link.address:
            continue
        kind = link.kind.partition(";")[0].strip().lower()
        if kind in _PAGES:
            return link.address
        if kind in _FEEDS:
            feed = feed or link.address
        else:
            other = other or link.address
    return other or feed


def near_link(links: Iterable[Link]) -> str:
    """An address about the same, for an item that has neither a link of its own nor a guid that is one."""
    by_relation = {link.relation.lower(): link.address for link in reversed([*links]) if link.address}
    return next((by_relation[relation] for relation in _NEAR if relation in by_relation), "")


def enclosure_link(links: Iterable[Link]) -> str:
    """The address of its first file."""
    for link in links:
        if link.relation and link.relation.lower() == "enclosure" and link.address:
            return link.address
    return ""


def is_address(guid: str) -> bool:
    """Whether a guid can be an address: absolute, or of a path on the feed's host."""
    return guid[:4].lower() == "http" or guid[:1] == "/"
