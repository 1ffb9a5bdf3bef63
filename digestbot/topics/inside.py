"""A term that was found as a piece of another name: cyber* in "Cyberpunk 2077". Says which, and how to leave it out."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from ..model import Item
from ..text.language import stop_words_for
from ..text.tokenize import fold
from .letters import folded
from .match import Topics
from .plurals import differ_in_number
from .terms import Kind, Role, Term, TermGroup, Topic

_WRITTEN = re.compile(r"[^\s,;:!?()\[\]{}<>\"“”„«»|–—/]+")
_EDGES = ".'’‘…*-"
_NEXT_TO = re.compile(r"\s")  # a name goes on over a blank, and over no other sign
_MIN_SMALL_WORDS = 2  # with fewer words in small letters, a headline is in Title Case and capitals say nothing
_OWNER = re.compile("['’]s$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Inside:
    """Where a term was found."""

    term: str  # as written in the topic
    name: str  # as written in the text

    @property
    def exclusion(self) -> str:
        """The term that leaves such items out."""
        return f'-"{self.name}"'

    def __str__(self) -> str:
        return f"{self.term} is in “{self.name}”; {self.exclusion} leaves that out"


@dataclass(frozen=True, slots=True)
class _Word:
    text: str
    start: int
    end: int


def inside_names(topic: Topic, item: Item) -> tuple[Inside, ...]:
    """For each term of one word that a topic found in an item only as a piece of something longer: of what."""
    found: dict[str, Inside] = {}
    for term in topic.terms:
        if term.kind is Kind.WORDS and term.role is not Role.EXCLUDE and len(term.words) == 1 and not term.anywhere:
            name = _name_around(term, item.title) or ("" if term.title_only else _name_around(term, item.text))
            if name:
                found[str(term)] = Inside(term=str(term), name=name)
    return tuple(found.values())


def _name_around(term: Term, text: str) -> str:
    """The name that a term stands in where it occurs first; empty where it does not occur, or occurs alone as well."""
    alone = Topics((Topic(name="t", title="t", groups=(TermGroup((replace(term, role=Role.ANY),)),)),))
    words = [_Word(match[0].strip(_EDGES), *match.span()) for match in _WRITTEN.finditer(text)]
    title_case = sum(word.text[:1].islower() for word in words) < _MIN_SMALL_WORDS
    first = ""
    for at, word in enumerate(words):
        if not alone.match_item(Item(id="", title=word.text)):
            continue
        name = _name(words, at, text, title_case=title_case or term.text[:1].isupper())
        whole, wanted = (folded(words) for words in (_OWNER.sub("", name), term.text.removesuffix("*")))
        if whole == wanted or differ_in_number(whole, wanted):
            return ""
        first = first or name
    return first


def _name(words: Sequence[_Word], at: int, text: str, *, title_case: bool) -> str:
    """The word, and the capitals and figures beside it."""
    first = last = at
    while last + 1 < len(words) and _goes_on(words, last, text) and _is_part(words[last + 1], title_case=title_case):
        last += 1
    while first and not title_case and _goes_on(words, first - 1, text) and _is_capital(words[first - 1]):
        first -= 1
    if not words[at].text[:1].isupper():
        first = last = at
    run = text[words[first].start : words[last].end]
    return " ".join(_OWNER.sub("", run.strip(_EDGES)).split())


def _is_part(word: _Word, *, title_case: bool) -> bool:
    return word.text.isdigit() or (not title_case and _is_capital(word))


def _is_capital(word: _Word) -> bool:
    return word.text[:1].isupper() and fold(word.text) not in stop_words_for("en")  # "Why Gold" is no name


def _goes_on(words: Sequence[_Word], at: int, text: str) -> bool:
    between = text[words[at].end : words[at + 1].start]
    return len(between) == 1 and _NEXT_TO.match(between) is not None and text[words[at].end - 1] not in ".…"
