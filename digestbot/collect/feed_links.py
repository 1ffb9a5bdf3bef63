"""Which of an item's links leads to its article, whatever format and parser it comes from."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

# The pages of an article; a PDF or a JSON of the same counts less (RFC 4287 section 4.2.7.3 leaves the type open).
_PAGES = ("", "text/html", "application/xhtml+xml", "html", "xhtml", "text/xhtml", "application/xml+xhtml")
_FEEDS = ("application/atom+xml", "application/rss+xml", "application/rdf+xml")
# What a link may be to an item and still lead somewhere near it, the nearest first.
_NEAR = (
    "http://www.iana.org/assignments/relation/alternate",
    "alternate",
    "via",
    "related",
    "canonical",
    "bookmark",
    "shortlink",
    "self",
)


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
    by_relation = {
        relation: link.address
        for link in reversed([*links])
        if link.address
        for relation in link.relation.lower().split()  # as in HTML, where one link may be several things
        # What is called `self` is the feed, but where it is said to be a page.
        if relation != "self" or link.kind.partition(";")[0].strip().lower() in _PAGES[1:]
    }
    return next((by_relation[relation] for relation in _NEAR if relation in by_relation), "")


def enclosure_link(links: Iterable[Link]) -> str:
    """The address of its first file; a picture counts less than what is heard or seen in motion."""
    picture = ""
    for link in links:
        if link.relation and link.relation.lower() == "enclosure" and link.address:
            if not link.kind.startswith("image"):
                return link.address
            picture = picture or link.address
    return picture


def is_address(guid: str) -> bool:
    """Whether a guid can be an address: absolute, with or without its scheme, or of a path on the feed's host."""
    return guid[:4].lower() in ("http", "www.") or guid[:1] == "/"
