"""Numbers with their nouns, as a person writes them."""

from __future__ import annotations

from collections.abc import Sequence


def counted(number: int, noun: str, plural: str = "") -> str:
    """`1 feed`, `2 feeds`; `plural` where it is not the noun with an s."""
    return f"{number} {noun if number == 1 else plural or noun + 's'}"


def first_named(names: Sequence[str], *, most: int) -> str:
    """`a, b and 7 more`: the first ones by name, the others counted."""
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more
