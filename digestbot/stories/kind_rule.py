"""One sign that an item is no news: a row of the tables of kinds, and short ways to write one."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Literal

from ..model import Kind

Field = Literal["address", "path", "title", "category", "text"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One sign of a kind."""

    kind: Kind
    field: Field
    pattern: re.Pattern[str]
    reason: str  # where the sign comes from, or why it is one
    examples: tuple[str, ...]
    not_in: tuple[str, ...] = ()  # looks like it, and is not

    @property
    def name(self) -> str:
        """For `explain`."""
        return f"{self.field}: {self.reason}"


def address_row(kind: Kind, names: str, reason: str, *examples: str, not_in: tuple[str, ...] = ()) -> Rule:
    # Of an address only whole parts count: /opinion/ is a section, /opinion-polls-close/ a headline.
    words = "|".join(re.escape(name) for name in names.split())
    return Rule(
        kind=kind,
        field="address",
        pattern=re.compile(rf"(?:{words})", re.IGNORECASE),
        reason=reason,
        examples=examples,
        not_in=not_in,
    )


def title_row(kind: Kind, pattern: str, reason: str, *examples: str, not_in: tuple[str, ...] = ()) -> Rule:
    found = re.compile(pattern, re.IGNORECASE | re.VERBOSE)
    return Rule(kind=kind, field="title", pattern=found, reason=reason, examples=examples, not_in=not_in)


def text_row(kind: Kind, pattern: str, reason: str, *examples: str, not_in: tuple[str, ...] = ()) -> Rule:
    found = re.compile(pattern, re.VERBOSE)
    return Rule(kind=kind, field="text", pattern=found, reason=reason, examples=examples, not_in=not_in)


def category_row(kind: Kind, names: str, *examples: str) -> Rule:
    words = "|".join(name.strip() for name in names.split(","))
    found = re.compile(f"(?:{words})", re.IGNORECASE)
    return Rule(kind=kind, field="category", pattern=found, reason="the feed says so itself", examples=examples)


# What divides a label from a headline, in Latin and Chinese print.
DIVIDER: Final = r"\s*[:|：｜︱丨】]\s*|\s+[–—-]\s+"
