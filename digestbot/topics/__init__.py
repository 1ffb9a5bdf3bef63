"""What readers follow: the grammar of topics, and which items and stories they find."""

from .audience import Audience, restrict
from .grammar import parse_dated, parse_topic
from .match import Match, Topics
from .terms import DatedTerm, Group, Kind, Role, Term, Topic
from .tickers import names_of_tickers

__all__ = [
    "Audience",
    "DatedTerm",
    "Group",
    "Kind",
    "Match",
    "Role",
    "Term",
    "Topic",
    "Topics",
    "names_of_tickers",
    "parse_dated",
    "parse_topic",
    "restrict",
]
