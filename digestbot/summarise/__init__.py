"""A story in a few sentences of its own sources, word for word."""

from __future__ import annotations

from .facts import facts
from .methods import SUMMARISERS
from .quote import summarise

__all__ = ["SUMMARISERS", "facts", "summarise"]
