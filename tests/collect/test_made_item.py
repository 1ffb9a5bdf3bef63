"""The quick way to a new item makes what its constructor makes."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, fields, replace
from datetime import UTC, datetime
from typing import Any

import pytest

from digestbot.collect.made_item import made_item
from digestbot.model import Item

SAID: dict[str, Any] = {
    "id": "a1", "keys": ("guid:1", "link:https://h.example/1"), "title": "The tide rose", "feed": "harbour", "source": "Harbour Post",
    "url": "https://h.example/1", "text": "It rose.", "published": datetime(2026, 5, 26, 4, tzinfo=UTC), "authors": ("A. Lind",),
    "categories": ("Sea",), "language": "en", "image": "https://h.example/1.png",
}  # fmt: skip


def test_it_is_the_same_item() -> None:
    """Equal in every field, of the same type, with the same hash and words; another copy differs where it should."""
    made = made_item(**SAID)
    assert type(made) is Item
    assert made == Item(**SAID)
    assert hash(made) == hash(Item(**SAID))
    assert repr(made) == repr(Item(**SAID))
    assert replace(made, label="x") == Item(**SAID, label="x")


@pytest.mark.parametrize("name", [field.name for field in fields(Item)])
def test_none_of_its_fields_can_be_set_any_more(name: str) -> None:
    """Values are frozen, and each field has one."""
    made = made_item(**SAID)
    assert getattr(made, name) == getattr(Item(**SAID), name)
    with pytest.raises(FrozenInstanceError):
        setattr(made, name, "other")
