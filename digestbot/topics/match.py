"""Which items and stories a topic matches, and by which of its terms.

All topics are matched in one pass: an item is split into words once, and an index leads from a word to the terms that
begin with it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from ..model import Item, Story
from ..text.clauses import main_clause
from ..text.tokenize import fold, split_words
from .letters import folded
from .regex import compiled
from .term_index import TermIndex, WordPattern
from .term_patterns import in_capitals, term_patterns, written_in_capitals
from .terms import Kind, Role, Term, TermGroup, Topic
from .tickers import Names
from .words import topic_text

# How much a hit counts, by place. One in the title says what an item is about; one further down may be an aside.
TITLE_FIT, LEAD_FIT, TEXT_FIT = 1.0, 0.6, 0.3
LATER_FIT = 0.8  # in the title, behind what it says first: "Shares slip as chip makers wait"
SECTION_FIT = 0.8  # of a report that its outlet prints in a topic's own section
LEAD_WORDS = 50
LEAD_CHARACTERS = 300  # about as much, for scripts without spaces and for patterns
# A story belongs to a topic from this average fit of its outlets on: one title of five is enough, one aside in a story of
# many is not.
MIN_STORY_FIT = 0.2


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """How well an item or a story fits a topic, and by which terms."""

    fit: float  # 0 to 1: where the terms were found, averaged over the outlets of a story, of each its best item
    terms: tuple[str, ...]  # as written in the topic; those that count most first
    weight: float = 1.0  # of the terms; 1 is usual

    @property
    def strength(self) -> float:
        """What ranking counts: fit times weight."""
        return self.fit * self.weight


@dataclass(frozen=True, slots=True)
class Printed:
    """That an outlet printed a report in a section for one topic."""

    topic: str  # its name
    shares: Mapping[
        str, float
    ]  # by topic: what its words count for there; below 1 where such sections seldom tell of it

    def judge(self, found: Mapping[str, Match]) -> dict[str, Match]:
        """The matches of the report as its outlet sees it."""
        own = found.get(self.topic, Match(fit=0.0, terms=()))
        others = {
            name: match if match.fit >= TITLE_FIT else replace(match, fit=self.shares.get(name, 1.0) * match.fit)
            for name, match in found.items()
        }
        return others | {self.topic: replace(own, fit=max(own.fit, SECTION_FIT))}


@dataclass(frozen=True, slots=True)
class _GroupMatcher:
    """One group of one topic, prepared for matching; terms are numbers within the group."""

    topic: int  # its number within Topics
    group: TermGroup
    musts: frozenset[int]  # every one has to be found
    conditions: Mapping[Kind, tuple[int, ...]]  # one of each kind has to hold
    wants_any: bool  # whether one of the plain terms has to be found

    @classmethod
    def of(cls, topic: int, group: TermGroup) -> _GroupMatcher:
        conditions: dict[Kind, tuple[int, ...]] = {}
        for number, term in enumerate(group.terms):
            if term.is_condition:
                conditions[term.kind] = (*conditions.get(term.kind, ()), number)
        plain = [term for term in group.terms if not term.is_condition]
        musts = frozenset(number for number, term in enumerate(group.terms) if term.role is Role.MUST)
        return cls(topic, group, musts, conditions, any(term.role is Role.ANY for term in plain))

    @property
    def has_no_words(self) -> bool:
        """Whether it matches without any word being found: `source:Reuters`."""
        return not self.wants_any and not self.musts

    def match(self, hits: dict[int, float], item: Item) -> Match | None:
        """The match of an item, given the fit of each term that was found in it; None where it does not match."""
        terms = self.group.terms
        if self.conditions:
            for numbers in self.conditions.values():
                if not any(_holds(terms[number], item) for number in numbers):
                    return None
        for number, term in enumerate(terms):
            if term.role is Role.EXCLUDE and (number in hits or _holds(term, item)):
                return None
        if not self.musts <= hits.keys():
            return None
        if self.wants_any and not any(terms[number].role is Role.ANY for number in hits):
            return None
        # `source:Ledger` alone asks for all that the Ledger writes: no place in the text says more or less of that.
        if self.has_no_words:
            hits = {number: TITLE_FIT for numbers in self.conditions.values() for number in numbers}
        found = sorted(hits, key=lambda number: (-hits[number] * terms[number].weight, number))
        best = found[0]
        return Match(fit=hits[best], weight=terms[best].weight, terms=tuple(str(terms[number]) for number in found))


def _holds(term: Term, item: Item) -> bool:
    """Whether an item comes from a source, or is written in a language."""
    if term.kind is Kind.LANGUAGE:
        return item.language.partition("-")[0].lower() == term.words[0]
    if term.kind is Kind.FEED:
        return item.feed == term.text
    if term.kind is not Kind.SOURCE:
        return False
    # Three names are in use: the one in the owner's configuration, that of the house, and what the feed calls itself.
    if fold(item.feed) == fold(term.text):
        return True
    pattern = WordPattern(0, 0, term.words, term.prefix)
    for name in (item.source, item.label):
        words = split_words(name)
        if any(pattern.occurs_at(words, at) for at in range(len(words))):
            return True
    return False


@dataclass(frozen=True, slots=True)
class Topics:
    """Topics, prepared for matching: `Topics((parse_topic("chips", "chip*, foundry"),)).match_story(story)`.

    Args:
        topics: in the reader's order.
        names: what companies are called, by their tickers, from `ticker_names`; without them a ticker finds itself only.
    """

    topics: tuple[Topic, ...]
    names: Names = field(default_factory=dict)
    _matchers: tuple[_GroupMatcher, ...] = field(init=False, repr=False, compare=False)
    _term_index: TermIndex = field(init=False, repr=False, compare=False)
    _finders: tuple[tuple[int, int, Callable[[str, str], bool], bool], ...] = field(
        init=False, repr=False, compare=False
    )
    _wordless: tuple[int, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        matchers = tuple(
            _GroupMatcher.of(number, group) for number, topic in enumerate(self.topics) for group in topic.groups
        )
        object.__setattr__(self, "_matchers", matchers)
        object.__setattr__(self, "_term_index", TermIndex(self._word_patterns(matchers)))
        object.__setattr__(self, "_wordless", tuple(n for n, matcher in enumerate(matchers) if matcher.has_no_words))
        finders = [
            (number, at, _finder(term), term.title_only)
            for number, matcher in enumerate(matchers)
            for at, term in enumerate(matcher.group.terms)
            if term.kind is Kind.PATTERN or (term.kind is Kind.WORDS and (term.anywhere or in_capitals(term)))
        ]
        object.__setattr__(self, "_finders", tuple(finders))

    def _word_patterns(self, matchers: Sequence[_GroupMatcher]) -> Iterable[WordPattern]:
        for number, matcher in enumerate(matchers):
            for at, term in enumerate(matcher.group.terms):
                if term.kind is Kind.WORDS and not (term.anywhere or in_capitals(term)):
                    yield from term_patterns(term, number, at)
                    for name in self.names.get(term.words, ()) if term.ticker else ():
                        yield WordPattern(number, at, name, title_only=term.title_only)

    def match_item(self, item: Item) -> dict[str, Match]:
        """The topics an item belongs to, by the topic's name."""
        hits: dict[tuple[int, int], float] = {}
        # The first place of a term decides, because the beginning of a text counts more than the rest.
        if in_title := self._term_index.look_up(topic_text(item.title)):
            opening = len(topic_text(main_clause(item.title)).parts)
            hits = {term: TITLE_FIT if place < opening else LATER_FIT for term, place in in_title.items()}
        for term, place in self._term_index.look_up(topic_text(item.text), title=False).items():
            # A hit in the title is kept: none further down can count more.
            hits.setdefault(term, LEAD_FIT if place < LEAD_WORDS else TEXT_FIT)
        if self._finders:
            self._look_anywhere(item, hits)
        if not hits and not self._wordless:
            return {}
        by_group: dict[int, dict[int, float]] = {number: {} for number in self._wordless}
        for (number, at), fit in hits.items():
            by_group.setdefault(number, {})[at] = fit
        matches: dict[int, Match] = {}
        # In the reader's order, so that of two groups that are equally strong the first one is named.
        for number in sorted(by_group):
            matcher = self._matchers[number]
            match = matcher.match(by_group[number], item)
            if match is not None and match.strength > (
                matches[matcher.topic].strength if matcher.topic in matches else 0
            ):
                matches[matcher.topic] = match
        return {self.topics[number].name: match for number, match in matches.items()}

    def _look_anywhere(self, item: Item, hits: dict[tuple[int, int], float]) -> None:
        title, text = folded(item.title), folded(item.text)
        for number, at, found, title_only in self._finders:
            if found(title, item.title):
                opening = main_clause(item.title)
                hits[number, at] = TITLE_FIT if found(folded(opening), opening) else LATER_FIT
            elif title_only:
                continue
            elif found(text[:LEAD_CHARACTERS], item.text[:LEAD_CHARACTERS]):
                hits.setdefault((number, at), LEAD_FIT)
            elif found(text, item.text):
                hits.setdefault((number, at), TEXT_FIT)

    def match_story(self, story: Story) -> dict[str, Match]:
        """The topics a story belongs to, by name: those whose fit, averaged over its outlets, is at least MIN_STORY_FIT."""
        return self._averaged(story, [self.match_item(item) for item in story.items])

    def match_printed(
        self, story: Story, printed: Callable[[Item], Printed | None]
    ) -> tuple[dict[str, Match], dict[str, Match]]:
        """What `match_story` says, and the same as the outlets see it, who print reports in sections.

        Sections decide among topics, and doubt words: what matches no topic by its words matches none. They may bring in a
        topic without any of its terms.
        """
        found = [self.match_item(item) for item in story.items]
        by_words = self._averaged(story, found)
        sections = [printed(item) for item in story.items] if by_words else []
        if not any(sections):
            return by_words, by_words
        seen = [section.judge(own) if section else own for section, own in zip(sections, found, strict=True)]
        return by_words, self._averaged(story, seen)

    def _averaged(self, story: Story, per_item: Sequence[Mapping[str, Match]]) -> dict[str, Match]:
        if not any(per_item):
            return {}
        outlets = {item.source or item.id for item in story.items}
        matches: dict[str, Match] = {}
        for topic in self.topics:
            own = [found[topic.name] for found in per_item if topic.name in found]
            # An outlet that prints every turn of an event names what it is about in one report, and not in all of them.
            best: dict[str, Match] = {}
            for item, found in zip(story.items, per_item, strict=True):
                match, outlet = found.get(topic.name), item.source or item.id
                if match and (outlet not in best or match.strength > best[outlet].strength):
                    best[outlet] = match
            fit = sum(match.fit for match in best.values()) / len(outlets)
            if own and fit >= MIN_STORY_FIT:
                terms = dict.fromkeys(term for match in own for term in match.terms)
                # A weight that makes fit times weight the average strength of the outlets, as `strength` is defined.
                strength = sum(match.strength for match in best.values()) / len(outlets)
                matches[topic.name] = Match(fit=fit, weight=strength / fit, terms=tuple(terms))
        return matches


def _finder(term: Term) -> Callable[[str, str], bool]:
    """A function that looks for a term, given a text folded and as it is."""
    if term.kind is Kind.PATTERN:
        # Over the text as it is written: in folded text `[éè]` could never match.
        pattern = compiled(term.text)
        return lambda _folded, written: pattern.search(written) is not None
    if in_capitals(term):
        capitals = written_in_capitals(term)
        return lambda _folded, written: capitals.search(written) is not None
    piece = term.words[0]
    return lambda folded, _written: piece in folded
