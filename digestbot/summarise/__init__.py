"""Summarises a story in a few sentences quoted word for word from its own sources."""

from __future__ import annotations

from .facts import facts
from .registry import SUMMARISERS
from .summarise import summarise

__all__ = ["SUMMARISERS", "facts", "summarise"]
