"""Stories: items about one event brought together, told apart, ranked and followed. Pure: values in, values out."""

from .background import Background
from .copies import sources
from .explain import Grouping, SharedTerm, explain_grouping
from .follow import Followed, Told, Verdict, follow, new_sentences
from .grouping import cluster
from .rank import score

__all__ = [
    "Background",
    "Followed",
    "Grouping",
    "SharedTerm",
    "Told",
    "Verdict",
    "cluster",
    "explain_grouping",
    "follow",
    "new_sentences",
    "score",
    "sources",
]
