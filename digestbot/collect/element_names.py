"""The names of a feed's elements: the format's own, and those of other vocabularies by the prefix that everybody knows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

MOST_REMEMBERED: Final = 2_000
_ATOM: Final = "www.w3.org/2005/atom"
# By address without scheme and last slash, in lower case; feeds spell them in many ways.
_OWN: Final = frozenset(
    {"", "purl.org/rss/1.0", "my.netscape.com/rdf/simple/0.9", "channel.netscape.com/rdf/simple/0.9", _ATOM, "purl.org/atom/ns#",
     "purl.org/rss/1.0/modules/rss091#", "purl.org/pie", "purl.org/echo", "blogs.law.harvard.edu/tech/rss", "purl.org/net/rss1.1#",
     "cyber.law.harvard.edu/rss", "rssnamespace.org/feeds/rss20", "www.rssboard.org/rss-specification"}
)  # fmt: skip
_KNOWN: Final = {
    "purl.org/dc/elements/1.1": "dc", "purl.org/dc/elements/1.0": "dc", "purl.org/dc/terms": "dcterms",
    "purl.org/rss/1.0/modules/content": "content", "search.yahoo.com/mrss": "media", "search.yahoo.com/rss": "media",
    "tools.search.yahoo.com/mrss": "media", "video.search.yahoo.com/mrss": "media", "search.yahoo.com/mrss/": "media",
    "www.itunes.com/dtds/podcast-1.0.dtd": "itunes", "www.w3.org/1999/xhtml": "xhtml", "purl.org/rss/1.0/modules/feedburner": "feedburner",
    "rssnamespace.org/feedburner/ext/1.0": "feedburner", "www.pheedo.com/namespace/pheedo": "pheedo",
    "purl.org/rss/1.0/modules/prism": "prism", "prismstandard.org/namespaces/1.2/basic": "prism", "prismstandard.org/namespaces/basic/1.2": "prism",
    "prismstandard.org/namespaces/basic/2.0": "prism", "prismstandard.org/namespaces/basic/2.1": "prism",
    "prismstandard.org/namespaces/basic/3.0": "prism",
}  # fmt: skip
_BING: Final = "www.bing.com/news/"  # a namespace for each search, in which it names the outlet


class ElementNames(dict[str, tuple[str, str]]):
    """The name of each tag, and what an element of this name is to an item; empty where it is nothing.

    The format's own are in lower case, others with the prefix that everybody knows. It fills as tags are asked for, for all
    documents, up to a bound: strangers may call their elements what they want.
    """

    def __init__(self, roles: Mapping[str, str], *, atom: bool) -> None:
        self._atom = atom  # else Atom is one of the others
        self._roles = roles

    def __missing__(self, tag: str) -> tuple[str, str]:
        name = _name(tag, atom=self._atom)
        if len(self) >= MOST_REMEMBERED:
            self.clear()  # a document of thousands of names must not leave every later one without memory
        found = self[tag] = name, self._roles.get(name, "")
        return found


def is_atom(root_tag: str) -> bool:
    """Whether Atom's elements are the format's own in a document with this root."""
    return _ATOM in root_tag.lower()


def _name(tag: str, *, atom: bool) -> str:
    space, _, local = tag.rpartition("}")
    local = local.lower()
    space = space.strip("{ /").lower().removeprefix("http://").removeprefix("https://")
    if space == _ATOM and not atom:
        return f"atom:{local}"
    if space in _OWN or "backend.userland.com/rss" in space:
        return local
    if local == "source" and space.startswith(_BING):
        return local
    prefix = _KNOWN.get(space)
    if prefix is None and space.startswith("undeclared:"):
        prefix = space.removeprefix("undeclared:")
    return f"{prefix or space}:{local}"


def local_name(tag: str) -> str:
    return tag.rpartition("}")[2].lower()
