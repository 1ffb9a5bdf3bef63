"""Why a topic finds an item, in the item's own words, or what keeps the item out. For people who write terms."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

from ..model import Item
from .match import Topics
from .regex import compiled
from .terms import Kind, Role, Term, TermGroup, Topic
from .tickers import Names

_WORD = re.compile(r"\S+")
_AROUND = 12  # words that are shown on either side of one further down
_MUTE = " \t\n.,;:!?"  # what stands behind a word and is no part of it
_NO_NAMES: Names = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """A term that was found, and where. `before`, `words` and `after` are the title, or a piece of the text."""

    term: str  # as written in the topic
    place: Literal["title", "text", "source"]  # the last: the outlet, the feed or the language, not a word
    before: str = ""
    words: str = ""  # as the item writes them
    after: str = ""


def sightings(topic: Topic, item: Item, names: Names = _NO_NAMES) -> tuple[Sighting, ...]:
    """Where each term that a topic finds in an item stands first; none of groups that do not match.

    Args:
        topic: the topic.
        item: one that it matches.
        names: of the companies behind tickers, as `ticker_names` gives them.
    """
    groups = [group for group in topic.groups if Topics((replace(topic, groups=(group,)),), names).match_item(item)]
    terms = dict.fromkeys(term for group in groups for term in group.terms if term.role is not Role.EXCLUDE)
    found = (_sighting(term, item, names) for term in terms)
    return tuple(one for one in found if one is not None)


def keeps_out(topic: Topic, item: Item, names: Names = _NO_NAMES) -> str:
    """Why a topic does not match an item, in words; of several groups, of the one that comes nearest."""
    reasons = [_reason(group, item, names) for group in topic.groups]
    return next(filter(None, reasons), "none of its terms is found")


def _reason(group: TermGroup, item: Item, names: Names) -> str:
    """What keeps an item out of a group though one of its terms is found; empty where none is."""
    found = {term: one for term in group.terms if (one := _sighting(term, item, names))}
    plain = [term for term in group.terms if not term.is_condition and term.role is not Role.EXCLUDE]
    if plain and not any(term in found for term in plain):
        return ""
    for term in group.terms:
        if term.role is Role.EXCLUDE and term in found:
            seen = found[term]
            return f"{term} is found: “{seen.words}”" if seen.words else f"{term} holds: {item.source or item.language}"
    missing = [str(term) for term in group.terms if term.role is Role.MUST and term not in found]
    if missing:
        return f"{', '.join(missing)} {'is' if len(missing) == 1 else 'are'} not found"
    for kind in {term.kind: None for term in group.terms if term.is_condition}:
        wanted = [term for term in group.terms if term.is_condition and term.kind is kind]
        if not any(term in found for term in wanted):
            return f"it is not of {' or '.join(map(str, wanted))}"
    return ""


def _sighting(term: Term, item: Item, names: Names) -> Sighting | None:
    """Where a term is found, whatever its role."""
    plain = replace(term, role=Role.ANY, weight=1.0)
    alone = Topics((Topic(name="t", title="t", groups=(TermGroup((plain,)),)),), names)
    if not alone.match_item(item):
        return None
    if plain.is_condition:
        return Sighting(term=str(term), place="source")
    for place, text in (("title", item.title), ("text", item.text)):
        found = _place(plain, alone, text, title=place == "title")
        if found is not None:
            start, end = found
            before, after = text[:start], text[end:]
            if place == "text":
                before, after = _end_of(before), _beginning_of(after)
            return Sighting(
                term=str(term),
                place="title" if place == "title" else "text",
                before=before,
                words=text[start:end],
                after=after,
            )
    return Sighting(term=str(term), place="text")  # over the end of the title: found, and in no one place


def _place(term: Term, alone: Topics, text: str, *, title: bool) -> tuple[int, int] | None:
    if term.title_only and not title:
        return None
    if term.kind is Kind.PATTERN:
        match = compiled(term.text).search(text)
        return match.span() if match else None

    def holds(piece: str) -> bool:
        # As a title: of a term for titles alone that is the only place.
        return bool(alone.match_item(Item(id="", title=piece)))

    if not holds(text):
        return None
    if term.anywhere:
        pieces = [(at, at + 1) for at in range(len(text))]
    else:
        pieces = [match.span() for match in _WORD.finditer(text)]
    last = _first(len(pieces), lambda at: holds(text[: pieces[at][1]]))
    end = pieces[last][1]
    # The shortest piece that ends there: the largest place to begin at where it is still found.
    first = last - _first(last + 1, lambda back: holds(text[pieces[last - back][0] : end]))
    start = pieces[first][0]
    trimmed = start + len(text[start:end].rstrip(_MUTE)) if holds(text[start:end].rstrip(_MUTE)) else end
    return start, _with_stop(text, start, trimmed, end)


def _with_stop(text: str, start: int, trimmed: int, end: int) -> int:
    """The full stop of an abbreviation is part of it: U.S."""
    return end if "." in text[start:trimmed] and text[trimmed:end] == "." else trimmed


def _first(count: int, holds: Callable[[int], bool]) -> int:
    """The first number for which it holds, where it holds for all that come after it, too."""
    low, high = 0, count - 1
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if holds(middle) else (middle + 1, high)
    return low


def _end_of(text: str) -> str:
    starts = [match.start() for match in _WORD.finditer(text)]
    return text if len(starts) <= _AROUND else f"… {text[starts[-_AROUND] :]}"


def _beginning_of(text: str) -> str:
    ends = [match.end() for match in _WORD.finditer(text)]
    return text if len(ends) <= _AROUND else f"{text[: ends[_AROUND - 1]]} …"
