"""What readers follow: the grammar of topics, and which items and stories they find."""

from .filters import Audience, restrict
from .grammar import parse_dated, parse_topic
from .match import Match, Topics
from .suggest import Suggestion, idle_terms, suggest
from .terms import DatedTerm, Group, Kind, Role, Term, Topic
from .tickers import names_of_tickers

__all__ = [
    "Audience",
    "DatedTerm",
    "Group",
    "Kind",
    "Match",
    "Role",
    "Suggestion",
    "Term",
    "Topic",
    "Topics",
    "idle_terms",
    "names_of_tickers",
    "parse_dated",
    "parse_topic",
    "restrict",
    "suggest",
]
