"""What readers follow: the grammar of topics, and which items and stories a topic matches.

The names are loaded when first asked for (PEP 562): a command that reads the configuration needs few of them.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # what editors and mypy see; _MODULES below says the same to Python
    from .filters import ReaderFilter, apply_filters, as_key
    from .grammar import parse_dated, parse_topic
    from .inside import Inside, inside_names
    from .match import Match, Topics
    from .reasons import Sighting, keeps_out, sightings
    from .sections import Sections
    from .suggestions import Suggestion, common_terms, idle_terms, suggest
    from .terms import DatedTerm, Kind, Role, Term, TermGroup, Topic, with_feeds
    from .tickers import names_in, ticker_names

__all__ = [
    "DatedTerm",
    "Inside",
    "Kind",
    "Match",
    "ReaderFilter",
    "Role",
    "Sections",
    "Sighting",
    "Suggestion",
    "Term",
    "TermGroup",
    "Topic",
    "Topics",
    "apply_filters",
    "as_key",
    "common_terms",
    "idle_terms",
    "inside_names",
    "keeps_out",
    "names_in",
    "parse_dated",
    "parse_topic",
    "sightings",
    "suggest",
    "ticker_names",
    "with_feeds",
]

_MODULES = {
    "filters": ("ReaderFilter", "apply_filters", "as_key"),
    "grammar": ("parse_dated", "parse_topic"),
    "inside": ("Inside", "inside_names"),
    "match": ("Match", "Topics"),
    "sections": ("Sections",),
    "reasons": ("Sighting", "keeps_out", "sightings"),
    "suggestions": ("Suggestion", "common_terms", "idle_terms", "suggest"),
    "terms": ("DatedTerm", "Kind", "Role", "Term", "TermGroup", "Topic", "with_feeds"),
    "tickers": ("names_in", "ticker_names"),
}
_MODULE = {name: module for module, names in _MODULES.items() for name in names}


def __getattr__(name: str) -> object:
    if name not in _MODULE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value: object = getattr(import_module(f".{_MODULE[name]}", __name__), name)
    globals()[name] = value
    return value
