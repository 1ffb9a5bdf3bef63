"""Stories: items about one event are grouped, ranked, and matched with earlier editions. Pure: values in, values out."""

from .cluster import cluster
from .explain import Grouping, SharedTerm, explain_grouping
from .idf import CorpusStatistics
from .rank import RankedStory, rank, score
from .syndication import sources
from .updates import PastStory, StoryHistory, StoryStatus, match_history, new_sentences

__all__ = [
    "CorpusStatistics",
    "Grouping",
    "PastStory",
    "RankedStory",
    "SharedTerm",
    "StoryHistory",
    "StoryStatus",
    "cluster",
    "explain_grouping",
    "match_history",
    "new_sentences",
    "rank",
    "score",
    "sources",
]
