"""Short names made from titles and addresses, each given once."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

_MAX_NAME_CHARS = 40
_SCHEME = re.compile(r"^https?://(?:[^/?#\s]*@)?(?:www\.)?")


class FreeNames:
    """Gives out names that are not taken; one that is wanted again gets a number: `news`, `news_2`, `news_3`.

    Each number is tried once, so that twenty thousand equal titles take no longer than as many different ones.
    """

    def __init__(self, taken: Iterable[str] = ()) -> None:
        self._taken = set(taken)
        self._next: dict[str, int] = {}

    def take(self, wanted: str) -> str:
        name, number = wanted, self._next.get(wanted, 2)
        while name in self._taken:
            name, number = f"{wanted}_{number}", number + 1
        self._next[wanted] = number
        self._taken.add(name)
        return name


def name_from(words: str) -> str:
    """A title or address as a name, in the letters it has; empty where it has none."""
    return re.sub(r"[\W_]+", "_", _SCHEME.sub("", words.casefold())).strip("_")[:_MAX_NAME_CHARS]


def key_name_from(words: str) -> str:
    """The same in the letters that the name of a setting may have, a-z and digits; empty where none of its letters is like one."""
    plain = unicodedata.normalize("NFKD", words.casefold()).encode("ascii", "ignore").decode()
    if _SCHEME.match(plain):
        plain = _of_address(plain)
    whole = re.sub(r"[\W_]+", "_", plain).strip("_")
    if len(whole) > _MAX_NAME_CHARS:  # without half a word at its end, where words are short enough
        whole = whole[: _MAX_NAME_CHARS + 1].rpartition("_")[0] or whole[:_MAX_NAME_CHARS]
    return whole


def _of_address(address: str) -> str:
    """What tells an address from others: without port and what every feed has; `https://feeds.example.com/tech/rss.xml` is `example.com/tech`."""
    host, _, path = _SCHEME.sub("", address).partition("/")
    host = re.sub(r":\d+\Z", "", host)
    host = re.sub(r"\A(?:feeds?|rss|blog|news)\.(?=[^.]+\.[^.]+)", "", host)
    path = re.split(r"[?#]", path)[0]
    path = re.sub(r"\.(?:xml|rss|atom|rdf|json|php|aspx?|html?)\Z", "", path)
    path = re.sub(r"(?:\A|[/_-])(?:feeds?|rss\d?|atom|index|xml|rdf|default)/?\Z", "", path)
    return f"{host}/{path}"
