"""Stories: items about one event brought together, told apart, ranked and followed. Pure: values in, values out."""

from .cluster import cluster
from .explain import Grouping, SharedTerm, explain_grouping
from .follow import PastStory, StoryHistory, Verdict, follow, new_sentences
from .idf import CorpusStatistics
from .rank import score
from .syndication import sources

__all__ = [
    "CorpusStatistics",
    "Grouping",
    "PastStory",
    "SharedTerm",
    "StoryHistory",
    "Verdict",
    "cluster",
    "explain_grouping",
    "follow",
    "new_sentences",
    "score",
    "sources",
]
