"""Stories: items about one event are grouped, ranked, and matched with earlier editions. Pure: values in, values out."""

from .cluster import CUT, cluster
from .explain import ClosePair, Grouping, SharedTerm, explain_grouping
from .explain_pair import PairEvidence, explain_pair
from .houses import named_by_house
from .idf import CorpusStatistics
from .kinds import TOLD, KindVerdict, explain_kind, kind_of, led_by_news, story_kind
from .meaning import Meaning
from .rank import RankedStory, rank, score
from .syndication import sources
from .updates import PastStory, StoryHistory, StoryStatus, match_history, new_sentences
from .versions import one_version_each
from .word_counts import WordCounts

__all__ = [
    "CUT",
    "TOLD",
    "ClosePair",
    "CorpusStatistics",
    "Grouping",
    "KindVerdict",
    "Meaning",
    "PairEvidence",
    "PastStory",
    "RankedStory",
    "SharedTerm",
    "StoryHistory",
    "StoryStatus",
    "WordCounts",
    "cluster",
    "explain_grouping",
    "explain_kind",
    "explain_pair",
    "kind_of",
    "led_by_news",
    "match_history",
    "named_by_house",
    "new_sentences",
    "one_version_each",
    "rank",
    "score",
    "sources",
    "story_kind",
]
