"""What is kept of operators: Changes, Sessions and Choices."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from ..model import Change, Choice, Session


class Changes(Protocol):
    """The record of what operators did. Nothing in it is ever changed."""

    def record(self, change: Change) -> None:
        """Keep one more."""

    def page(self, *, before: int | None = None, limit: int = 50) -> tuple[Change, ...]:
        """The newest first: so many at most, of those before a number."""

    def forget(self, *, before: datetime) -> int:
        """Delete older ones. Returns how many."""


class Sessions(Protocol):
    """Who is signed in at the admin pages."""

    def begin(self, session: Session, *, now: datetime) -> None:
        """Keep it, and forget those that are over."""

    def get(self, key: str, *, now: datetime) -> Session | None:
        """The session of this key, while it is not over."""

    def end(self, key: str) -> None:
        """Nobody is signed in by this key any more."""


class Choices(Protocol):
    """What operators decided about the next edition of each digest."""

    def add(self, choice: Choice) -> None:
        """Keep it, in the place of one of the same kind about the same digest and items, or of another order to the digest."""

    def of(self, digest: str) -> tuple[Choice, ...]:
        """Those about a digest, in the order in which they were made."""

    def orders(self) -> Mapping[str, Choice]:
        """By digest: that it is held, or goes at once, where either was said. The later word counts."""

    def take_back(self, number: int) -> Choice | None:
        """Delete one; what it was, None where there is none of that number."""

    def withdraw(self, digest: str) -> Choice | None:
        """Delete what was said of when a digest goes; what it was, None where nothing was."""

    def forget(self, *, before: datetime) -> int:
        """Delete older ones about stories: their items are used up. Returns how many. What holds an edition stays."""
