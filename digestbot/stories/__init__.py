"""Stories: items about one event brought together, told apart, ranked and followed. Pure: values in, values out."""

from .copies import sources
from .grouping import cluster
from .rank import score

__all__ = ["cluster", "score", "sources"]
