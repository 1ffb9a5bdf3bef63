"""The topic grammar: what the words of a topic mean, and which items they find.

A topic is a comma-separated list of terms: `chip` is a whole word, `chip*` the start of one, `"Hua Hong"` (or just
`Hua Hong`) words in a row, `NASDAQ:NVDA` a ticker, and `-"potato chip"` keeps an item out. Case and accents never
matter. In scripts written without spaces a term is found anywhere.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from .errors import ConfigError
from .model import Item, Story
from .words import fold, is_unspaced, split_words

# A hit in the title says what an item is about; one further down may be an aside.
TITLE_FIT, LEAD_FIT, TEXT_FIT = 1.0, 0.6, 0.3
LEAD_LENGTH = 300
# The share of a story that must be about a topic: one aside in a story of many is not enough.
LEAST_FIT = 0.2

_TERM = re.compile(r'\s*(?P<minus>-)?\s*(?:"(?P<phrase>[^"]*)"|(?P<bare>[^",]*))\s*(?:,|$)')


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """One term of a topic."""

    text: str  # as written, without the minus
    words: tuple[str, ...]  # folded; the last one is a beginning when `prefix`
    prefix: bool = False
    exclude: bool = False
    anywhere: bool = False  # a script without spaces: found as a piece of the text

    def __str__(self) -> str:
        quoted = f'"{self.text}"' if " " in self.text and not self.prefix else self.text
        return f"-{quoted}" if self.exclude else quoted


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """What a reader follows."""

    name: str  # the key in the configuration
    title: str  # what readers see
    terms: tuple[Term, ...]
    weight: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """How well something fits a topic, and by which terms."""

    fit: float  # 0..1
    terms: tuple[str, ...]


def parse_topic(name: str, value: str, *, key: str = "") -> Topic:
    """Read a topic's terms.

    Raises:
        ConfigError: with the column where reading stopped and what was expected there.
    """
    key = key or name
    terms: list[Term] = []
    at = 0
    while at < len(value):
        match = _TERM.match(value, at)
        if match is None:
            raise ConfigError(key, *_misread(value, at))
        at = match.end()
        text = (match["phrase"] if match["phrase"] is not None else match["bare"]).strip()
        if text:
            terms.append(_term(text, exclude=bool(match["minus"]), key=key, column=match.start() + 1))
        elif match["minus"]:
            raise ConfigError(key, f"a minus without a word at column {match.start() + 1}", "write -word, or drop it")
    if not any(not term.exclude for term in terms):
        raise ConfigError(key, "holds no word to look for", 'write words separated by commas: chip*, "Hua Hong"')
    return Topic(name=name, title=name.replace("_", " ").capitalize(), terms=tuple(terms))


def _misread(value: str, at: int) -> tuple[str, str]:
    quote = value.find('"', at)
    if value.count('"', at) % 2:
        return f"a quotation mark at column {quote + 1} is never closed", "add the closing quotation mark"
    close = value.find('"', quote + 1) + 1
    return f"expected a comma at column {close + 1}", 'separate terms by commas: gold, "Hua Hong", -silver'


def _term(text: str, *, exclude: bool, key: str, column: int) -> Term:
    prefix = text.endswith("*")
    stem = text.removesuffix("*")
    if "*" in stem:
        raise ConfigError(key, f"{text!r} at column {column}: a star is understood at the end only", "write chip*")
    anywhere = is_unspaced(stem)
    words = (fold(stem),) if anywhere else tuple(split_words(stem))
    if not words:
        raise ConfigError(key, f"{text!r} at column {column} holds no letter or digit", "write a word")
    return Term(text=text, words=words, prefix=prefix, exclude=exclude, anywhere=anywhere)


@dataclass(frozen=True, slots=True)
class _Reading:
    """An item's words, folded once for every topic."""

    title: tuple[str, ...]
    lead: tuple[str, ...]
    text: tuple[str, ...]
    pieces: tuple[str, str, str]  # the same places, as folded text

    @classmethod
    def of(cls, item: Item) -> _Reading:
        places = (item.title, item.text[:LEAD_LENGTH], item.text[LEAD_LENGTH:])
        title, lead, text = (tuple(split_words(place)) for place in places)
        return cls(title, lead, text, (fold(places[0]), fold(places[1]), fold(places[2])))


@dataclass(frozen=True, slots=True)
class _Index:
    """Terms by their first word, so that an item is read once however many topics there are."""

    exact: Mapping[str, Sequence[tuple[int, Term]]]
    prefixes: Mapping[str, Sequence[tuple[int, Term]]]
    lengths: tuple[int, ...]
    anywhere: Sequence[tuple[int, Term]]


@dataclass(frozen=True, slots=True)
class Topics:
    """Topics, ready to match."""

    topics: tuple[Topic, ...]
    _index: _Index = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        exact: dict[str, list[tuple[int, Term]]] = {}
        prefixes: dict[str, list[tuple[int, Term]]] = {}
        anywhere: list[tuple[int, Term]] = []
        for number, topic in enumerate(self.topics):
            for term in topic.terms:
                if term.anywhere:
                    anywhere.append((number, term))
                elif term.prefix and len(term.words) == 1:
                    prefixes.setdefault(term.words[0], []).append((number, term))
                else:
                    exact.setdefault(term.words[0], []).append((number, term))
        lengths = tuple(sorted({len(prefix) for prefix in prefixes}))
        object.__setattr__(self, "_index", _Index(exact, prefixes, lengths, anywhere))

    def match_item(self, item: Item) -> dict[str, Match]:
        """The topics an item belongs to, by name."""
        reading = _Reading.of(item)
        hits: dict[int, dict[str, float]] = {}
        excluded: set[int] = set()
        places = ((reading.title, TITLE_FIT), (reading.lead, LEAD_FIT), (reading.text, TEXT_FIT))
        for place, (words, fit) in enumerate(places):
            for number, term in self._found(words, reading.pieces[place]):
                if term.exclude:
                    excluded.add(number)
                else:
                    terms = hits.setdefault(number, {})
                    terms[str(term)] = max(fit, terms.get(str(term), 0.0))
        return {
            self.topics[number].name: Match(fit=max(terms.values()), terms=tuple(terms))
            for number, terms in sorted(hits.items())
            if number not in excluded
        }

    def _found(self, words: Sequence[str], piece: str) -> list[tuple[int, Term]]:
        index = self._index
        found: list[tuple[int, Term]] = []
        for at, word in enumerate(words):
            for number, term in index.exact.get(word, ()):
                if _follows(words, at, term):
                    found.append((number, term))
            for length in index.lengths:
                if length > len(word):
                    break
                found.extend(index.prefixes.get(word[:length], ()))
        found.extend((number, term) for number, term in index.anywhere if term.words[0] in piece)
        return found

    def match_story(self, story: Story) -> dict[str, Match]:
        """The topics a story belongs to: each one's share of its items, weighted by where the terms stand."""
        per_item = [self.match_item(item) for item in story.items]
        matches: dict[str, Match] = {}
        for topic in self.topics:
            own = [found[topic.name] for found in per_item if topic.name in found]
            fit = sum(match.fit for match in own) / len(per_item)
            if own and fit >= LEAST_FIT:
                terms = dict.fromkeys(term for match in own for term in match.terms)
                matches[topic.name] = Match(fit=fit, terms=tuple(terms))
        return matches


def _follows(words: Sequence[str], at: int, term: Term) -> bool:
    wanted = term.words
    if len(wanted) == 1:
        return True
    found = words[at : at + len(wanted)]
    if len(found) < len(wanted) or tuple(found[:-1]) != wanted[:-1]:
        return False
    return found[-1].startswith(wanted[-1]) if term.prefix else found[-1] == wanted[-1]
