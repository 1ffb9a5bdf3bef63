"""What every store promises about vectors, on every database."""

from __future__ import annotations

from datetime import timedelta

from builders import NOON

from digestbot.store import Stores


def test_vectors_are_kept_until_they_are_old(store: Stores):
    """By their keys, many at once; one that is known stays as it was made, and the old ones can be deleted."""
    made = {f"{number:04}": bytes([number % 256, 0]) for number in range(1500)}
    store.vectors.put(made, now=NOON)
    assert store.vectors.get([*made, "unknown"]) == made
    store.vectors.put({"0001": b"other", "new": b"\xff"}, now=NOON + timedelta(days=1))
    assert store.vectors.get(["0001", "new"]) == {"0001": made["0001"], "new": b"\xff"}
    assert store.vectors.prune(before=NOON + timedelta(hours=1)) == 1500
    assert store.vectors.get(["0001", "new"]) == {"new": b"\xff"}
    assert store.vectors.get([]) == {}
