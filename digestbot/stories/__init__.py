"""Stories: items about one event brought together, told apart, ranked and followed. Pure: values in, values out."""

from .background import Background
from .copies import sources
from .grouping import cluster
from .rank import score

__all__ = ["Background", "cluster", "score", "sources"]
