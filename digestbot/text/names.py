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
    return name_from(plain).strip("_")
