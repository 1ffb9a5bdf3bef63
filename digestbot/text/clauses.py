"""The clauses of a sentence or title: what is said first, and what is said of it beside an occasion. English and German."""

from __future__ import annotations

import re
from collections.abc import Callable

_HAN = "\u4e00-\u9fff"
_OCCASION = r"as|amid|while|after|following|despite|als|während|nachdem|trotz|nach"
_CLAUSE_END = re.compile(rf"\s(?:{_OCCASION}|but|aber)\s|[;:,]\s|\s[–—-]\s", re.IGNORECASE)
# Of a title: in Chinese a space or comma divides two statements, and a short label before one is no statement.
_STATEMENT_END = re.compile(
    rf"\s(?:{_OCCASION}|but|aber)\s|;\s|\s[–—-]\s|(?<=[{_HAN}\d]{{4}})(?:[ \u3000]|，)(?=[{_HAN}\dA-Z]{{2}})",
    re.IGNORECASE,
)
_BESIDE = re.compile(rf"\s(?:{_OCCASION}|because|since|when|weil|angesichts|wegen)\s", re.IGNORECASE)
_BEGINS_BESIDE = re.compile(rf"\A(?:{_OCCASION}|because|since|when|weil|angesichts|wegen)\s.+?,\s", re.IGNORECASE)

_LONG_CLAUSE = 5  # words that say something


def first_clause(text: str) -> str:
    """What stands first: "Shares slip as parliament delays the vote" is about shares."""
    return _CLAUSE_END.split(text, maxsplit=1)[0]


def main_clause(title: str) -> str:
    """What a title says first, with its label and all it lists: "Fed: rates, yields rise" whole, "Shares slip" of the above."""
    return _STATEMENT_END.split(title, maxsplit=1)[0]


def without_occasion(text: str) -> str:
    """The sentence without what it happened after, during or because of, before the main clause or behind it."""
    begun = _BEGINS_BESIDE.match(text)
    return text[begun.end() :] if begun else _BESIDE.split(text, maxsplit=1)[0]


def is_only_occasion(event: str, title: str, terms: Callable[[str], frozenset[str]]) -> bool:
    """Whether an event is only what another happened after, by its title: "Shares slip as parliament delays the vote".

    Args:
        event: a headline of the event.
        title: of what happened after it.
        terms: the words of a text that say something.
    """
    # Figures say little: "65,000" and "23,000" have half of their words in common.
    wanted = {word for word in terms(event) if not word.isdigit()}
    whole, main = terms(title), terms(without_occasion(title))
    if main.isdisjoint(wanted):
        return not whole.isdisjoint(wanted)
    # One name in a long clause, and what is told of it only in the occasion: "Bill on ships needs a vote as ships collide".
    return len(main & wanted) == 1 and len(main) >= _LONG_CLAUSE and not (whole - main).isdisjoint(wanted)
