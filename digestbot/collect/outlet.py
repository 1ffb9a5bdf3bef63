"""Which outlet an item is of: its feed's, or another one that the item names."""

from __future__ import annotations

import re
from functools import lru_cache

from ..text.sanitise import shorten
from .canonical_url import canonical_url, host_of, site_of
from .html_to_text import plain_line
from .raw_feed import RawItem
from .source_name import MAX_NAME_CHARS, is_name_of, source_name

_ADDRESS = re.compile(r"(?:https?://|www\.)\S+|\S+@\S+\.\w+|\S+\.(?:com|org|net|xml|rss|html?)(?:/\S*)?", re.IGNORECASE)
_NO_NAME = re.compile(
    r"\W*|[\d\W]+|rss|feed|atom|xml|home(?:page)?|news|web(?:site)?|link|source|unknown|null|none|n/a|undefined",
    re.IGNORECASE,
)
_ADDED = re.compile(r"\Athe\s+|\s+(?:online|staff|newsroom|(?:news|web)\s?desk|redaktion|reporters?)\Z")
_TAIL = re.compile(r"(.{8,}?)\s+[-–—|·•]\s+([^-–—|·•]{2,60})")
_MOST_TAIL_WORDS = 6


def named_outlet(item: RawItem, own: str, site: str) -> str:
    """The other publication that `<source>` names; empty where it names none, or the feed's own.

    Args:
        item: as its feed has it.
        own: the name of the feed's outlet.
        site: the address of the feed's site.
    """
    name = plain_line(item.source)
    if _ADDRESS.fullmatch(name):
        name = site_of(canonical_url(name)) or site_of(canonical_url(f"https://{name.rpartition('@')[2]}"))
    if name.lower().removeprefix("www.") == host_of(site):
        return ""
    if not name or _NO_NAME.fullmatch(name) or _bare(name) == _bare(own):
        return ""
    linked, home = host_of(canonical_url(item.source_link)), host_of(site)
    if linked and (linked == home or (linked.endswith(f".{home}") and _bare(own) in _bare(name))):
        return ""  # a section of its own
    if own.casefold() in name.casefold() and _bare(source_name(name, site)) == _bare(own):
        return ""  # the same, where the name alone says so
    return shorten(name, MAX_NAME_CHARS)


@lru_cache(maxsize=1024)  # a list names the same outlets again and again
def _bare(name: str) -> str:
    """A name without what an outlet adds to its own: "The ... Online"."""
    return _ADDED.sub("", name.casefold()).strip()


def led_to_outlet(title: str, address: str, hosts: frozenset[str]) -> str:
    """The outlet of an article that an aggregator's link leads to: the end of its headline where that names it, else its host.

    None where it leads to a page of one of these hosts, which are the feed's own.
    """
    domain = _domain(host_of(address))
    if domain and any(_domain(host) == domain for host in hosts):
        return ""
    found = _TAIL.fullmatch(title)
    if found and len(found[2].split()) <= _MOST_TAIL_WORDS and is_name_of(found[2], address):
        return found[2].strip()
    return source_name("", address)


def _domain(host: str) -> str:
    """The last two names of a host, or three where the last but one is as short as those under which many have theirs (co.uk)."""
    names = host.split(".")
    return ".".join(names[-3 if len(names) > 2 and len(names[-2]) <= 3 else -2 :])
