"""What readers follow: the grammar of topics, and which items and stories a topic matches."""

from .filters import ReaderFilter, apply_filters, as_key
from .grammar import parse_dated, parse_topic
from .inside import Inside, inside_names
from .match import Match, Topics
from .suggest import Suggestion, idle_terms, suggest
from .terms import DatedTerm, Kind, Role, Term, TermGroup, Topic, with_feeds
from .tickers import ticker_names

__all__ = [
    "DatedTerm",
    "Inside",
    "Kind",
    "Match",
    "ReaderFilter",
    "Role",
    "Suggestion",
    "Term",
    "TermGroup",
    "Topic",
    "Topics",
    "apply_filters",
    "as_key",
    "idle_terms",
    "inside_names",
    "parse_dated",
    "parse_topic",
    "suggest",
    "ticker_names",
    "with_feeds",
]
