"""What a reader types to search the archive, as values. Every input is valid: nothing here raises.

`chip export` both words, in any order · `"chip export"` side by side · `chip*` words that begin so · `-rumour` without it ·
`from:2026-01-01 to:2026-03` by the edition's date, both included · `topic:markets`, `outlet:"The Gazette"` of one of those.
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from typing import Final, TypeVar

from .search_words import ends_in_one_character, key_word, phrase_words

T = TypeVar("T")

_MOST_CHARACTERS: Final = 300  # that are looked at
_MOST_TERMS: Final = 16  # of each kind; what comes after them is left out
_QUOTES: Final = '"“”„‟«»＂'
_FILTERS: Final = ("from", "to", "topic", "outlet")
_PART: Final = re.compile(
    rf"(?P<without>[-−–])?(?:(?P<filter>{'|'.join(_FILTERS)})[:：])?"
    rf"(?:[{_QUOTES}](?P<phrase>[^{_QUOTES}]*)(?:[{_QUOTES}]|$)|(?P<word>[^\s{_QUOTES}]+))",
    re.IGNORECASE,
)
_DATE: Final = re.compile(r"([12]\d{3})(?:[-./](\d{1,2})(?:[-./](\d{1,2}))?)?", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """Words that stand side by side."""

    words: tuple[str, ...]
    begins: bool = False  # of the last one only its beginning is known


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchQuery:
    """Which stories are looked for: those that meet every condition."""

    wanted: tuple[Term, ...] = ()
    unwanted: tuple[Term, ...] = ()
    since: date | None = None  # the first day of editions
    until: date | None = None  # the last one
    topics: tuple[str, ...] = ()  # of one of these, each as `key_word` of its name
    outlets: tuple[str, ...] = ()  # told by one of these
    without: tuple[str, ...] = ()  # of none of these topics, told by none of these outlets
    unread: tuple[str, ...] = ()  # words that say a date and are none: left out

    @property
    def empty(self) -> bool:
        """Whether nothing is looked for: all stories meet it."""
        return self == SearchQuery(unread=self.unread)


def parse_query(text: str) -> SearchQuery:
    """The query that a reader typed."""
    wanted, unwanted, unread = list[Term](), list[Term](), list[str]()
    names: dict[str, list[str]] = {"topic": [], "outlet": []}
    without: list[str] = []
    since: date | None = None
    until: date | None = None
    for part in _PART.finditer(text[:_MOST_CHARACTERS]):
        kind = (part["filter"] or "").lower()
        words = part["phrase"] if part["phrase"] is not None else part["word"]
        if kind in names and words.strip():
            (without if part["without"] else names[kind]).append(
                topic_word(words) if kind == "topic" else outlet_word(words)
            )
        elif kind in ("from", "to"):
            day = _day(words, last=kind == "to")
            if day is None:
                unread.append(part[0])
            elif kind == "from":
                since = day
            else:
                until = day
        elif not kind and (term := _term(words)):
            (unwanted if part["without"] else wanted).append(term)
    return SearchQuery(
        wanted=_some(wanted),
        unwanted=_some(unwanted),
        since=since,
        until=until,
        topics=_some(names["topic"]),
        outlets=_some(names["outlet"]),
        without=_some(without),
        unread=_some(unread),
    )


def topic_word(name: str) -> str:
    """How `SearchQuery.topics` holds the name of a topic."""
    return key_word("t", name)


def outlet_word(name: str) -> str:
    """How `SearchQuery.outlets` holds the name of an outlet."""
    return key_word("o", name)


def _some(found: list[T]) -> tuple[T, ...]:
    return tuple(dict.fromkeys(found))[:_MOST_TERMS]


def _term(text: str) -> Term | None:
    words = tuple(phrase_words(text)[:_MOST_TERMS])
    begins = text.rstrip().endswith(("*", "＊")) or ends_in_one_character(text)
    return Term(words=words, begins=begins) if words else None


def _day(text: str, *, last: bool) -> date | None:
    """The day that is meant; of a year or a month its first day, or the last."""
    found = _DATE.fullmatch(text.strip())
    if found is None:
        return None
    year, month, day = int(found[1]), int(found[2] or (12 if last else 1)), found[3]
    try:
        return date(year, month, int(day) if day else monthrange(year, month)[1] if last else 1)
    except ValueError:
        return None
