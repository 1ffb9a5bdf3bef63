"""Terms, groups and topics as values; `str()` of a topic can be parsed back to an equal one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum


class Kind(StrEnum):
    """What a term looks at."""

    WORDS = "words"  # words in a row, in title and text
    PATTERN = "pattern"  # /a regular expression/ over title and text
    SOURCE = "source"  # the outlet's or the feed's name
    LANGUAGE = "lang"  # the language the feed declares
    FEED = "feed"  # the feed itself, by its key: what its TOPIC says; not part of the grammar


_CONDITIONS = (Kind.SOURCE, Kind.LANGUAGE, Kind.FEED)


class Role(StrEnum):
    """What a term does in its group; the value is how it is written."""

    ANY = ""  # one of these is enough
    MUST = "+"  # has to be found as well
    EXCLUDE = "-"  # must not be found


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """One term of a topic."""

    text: str  # as written, without signs and quotation marks
    words: tuple[str, ...] = ()  # folded; with `prefix`, the last one may go on
    kind: Kind = Kind.WORDS
    role: Role = Role.ANY
    prefix: bool = False
    quoted: bool = False  # exactly these words: no plural
    title_only: bool = False
    ticker: bool = False  # EXCHANGE:SYMBOL
    anywhere: bool = False  # a script without spaces: found as a piece of the text
    weight: float = 1.0

    @property
    def is_condition(self) -> bool:
        """Whether it is a `source:` or `lang:` term, which says where to look, not what for: one of each kind has to hold."""
        return self.kind in _CONDITIONS and self.role is not Role.EXCLUDE

    def __str__(self) -> str:
        field = f"{self.kind}:" if self.kind in _CONDITIONS else "title:" if self.title_only else ""
        # Where the text holds straight quotation marks, only curly ones around it can be read back.
        marks = "//" if self.kind is Kind.PATTERN else ("“”" if '"' in self.text else '""') if self.quoted else ("", "")
        body = f"{marks[0]}{self.text}{marks[1]}"
        weight = f"^{self.weight:g}" if self.weight != 1 else ""
        return f"{self.role}{field}{body}{weight}"


@dataclass(frozen=True, slots=True)
class TermGroup:
    """Terms that are matched together; a topic matches an item when one of its groups does."""

    terms: tuple[Term, ...]

    def __str__(self) -> str:
        return ", ".join(map(str, self.terms))


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """What a reader follows."""

    name: str  # the key in the configuration
    title: str  # what readers see
    groups: tuple[TermGroup, ...]
    weight: float = 1.0
    limit: int | None = None  # stories with a summary in one edition; None for as many as there is room

    @property
    def terms(self) -> Iterator[Term]:
        return (term for group in self.groups for term in group.terms)

    def __str__(self) -> str:
        return " | ".join(map(str, self.groups))


def with_feeds(topic: Topic, feeds: Iterable[str]) -> Topic:
    """The topic, with all that these feeds write."""
    groups = (TermGroup((Term(text=feed, words=(feed,), kind=Kind.FEED),)) for feed in feeds)
    return replace(topic, groups=(*topic.groups, *groups))


@dataclass(frozen=True, slots=True, kw_only=True)
class DatedTerm:
    """A term that holds until a date, that day included; without an end where no date is given."""

    topic: Topic  # of the one term
    until: date | None = None

    def holds(self, day: date) -> bool:
        """Whether it holds on this date."""
        return self.until is None or day <= self.until

    def __str__(self) -> str:
        return f"{self.topic}" + (f" until {self.until}" if self.until else "")
