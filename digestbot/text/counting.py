"""Numbers with their nouns, as a person writes them."""

from __future__ import annotations


def counted(number: int, noun: str, plural: str = "") -> str:
    """`1 feed`, `2 feeds`; `plural` where it is not the noun with an s."""
    return f"{number} {noun if number == 1 else plural or noun + 's'}"
