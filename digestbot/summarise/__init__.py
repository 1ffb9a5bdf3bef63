"""A story in a few sentences of its own sources, word for word."""

from __future__ import annotations

from .facts import facts
from .registry import SUMMARISERS
from .summarise import summarise

__all__ = ["SUMMARISERS", "facts", "summarise"]
