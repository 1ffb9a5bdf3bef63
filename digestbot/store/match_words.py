"""A reader's query in the languages of the two databases. Every word in it is one of letters and digits, or was made by us."""

from __future__ import annotations

from collections.abc import Sequence

from ..text.search_query import SearchQuery, Term


def sqlite_query(query: SearchQuery, one_of: Sequence[str]) -> str:
    """For MATCH of SQLite's FTS5 (sqlite.org/fts5.html, "Full-text Query Syntax").

    Args:
        query: what is looked for.
        one_of: words of which one must be there.
    """
    conditions = [
        " OR ".join(f'"{word}"' for word in words) for words in (one_of, query.topics, query.outlets) if words
    ]
    wanted = [*map(_sqlite_term, query.wanted), *(f"({condition})" for condition in conditions)]
    unwanted = [*map(_sqlite_term, query.unwanted), *(f'"{word}"' for word in query.without)]
    return " NOT ".join([f"({' AND '.join(wanted)})", *unwanted])


def postgresql_query(query: SearchQuery, one_of: Sequence[str]) -> str:
    """As text of a tsquery (postgresql.org/docs/current/datatype-textsearch.html), which no parser of words reads."""
    conditions = [" | ".join(f"'{word}'" for word in words) for words in (one_of, query.topics, query.outlets) if words]
    wanted = [*map(_postgresql_term, query.wanted), *(f"({condition})" for condition in conditions)]
    unwanted = [*map(_postgresql_term, query.unwanted), *(f"'{word}'" for word in query.without)]
    return " & ".join([*wanted, *(f"!({condition})" for condition in unwanted)])


def _sqlite_term(term: Term) -> str:
    return f'"{" ".join(term.words)}"{" *" if term.begins else ""}'


def _postgresql_term(term: Term) -> str:
    *words, last = (f"'{word}'" for word in term.words)
    return f"({' <-> '.join([*words, last + ':*' if term.begins else last])})"
