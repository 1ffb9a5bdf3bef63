"""The names of a feed's elements: the format's own, and those of other vocabularies by the prefix that everybody knows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

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
}  # fmt: skip


class ElementNames(dict[str, str]):
    """The name of each tag of a document: the format's own in lower case, others with the prefix everybody knows."""

    def __init__(self, root: Any, roles: Mapping[str, str]) -> None:
        self._atom = _ATOM in root.tag.lower()  # else Atom is one of the others
        self.roles = _Roles(self, roles)

    def __missing__(self, tag: object) -> str:
        name = _name(tag, atom=self._atom) if isinstance(tag, str) else ""
        self[tag] = name  # type: ignore[index]
        return name


class _Roles(dict[object, str]):
    """What an element of each tag is to an item; empty where it is nothing."""

    def __init__(self, names: ElementNames, roles: Mapping[str, str]) -> None:
        self._names, self._roles = names, roles

    def __missing__(self, tag: object) -> str:
        role = self[tag] = self._roles.get(self._names[tag], "")  # type: ignore[index]
        return role


def _name(tag: str, *, atom: bool) -> str:
    space, _, local = tag.rpartition("}")
    local = local.lower()
    space = space.strip("{ /").lower().removeprefix("http://").removeprefix("https://")
    if space == _ATOM and not atom:
        return f"atom:{local}"
    if space in _OWN or "backend.userland.com/rss" in space:
        return local
    prefix = _KNOWN.get(space)
    if prefix is None and space.startswith("undeclared:"):
        prefix = space.removeprefix("undeclared:")
    return f"{prefix or space}:{local}"


def local_name(tag: object) -> str:
    return tag.rpartition("}")[2].lower() if isinstance(tag, str) else ""
