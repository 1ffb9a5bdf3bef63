"""How the time of a piece of work grows with its size."""

from __future__ import annotations

import time
from collections.abc import Callable

_LEAST = 0.001  # seconds: less cannot be told from none


def grows_with_size(work: Callable[[int], object], size: int) -> bool:
    """Whether eight times as much takes some eight times as long, and not sixty-four times: least of three tries each."""
    return _seconds(work, 8 * size) < 30 * max(_seconds(work, size), _LEAST)


def _seconds(work: Callable[[int], object], size: int) -> float:
    taken = []
    for _ in range(3):
        start = time.process_time()
        work(size)
        taken.append(time.process_time() - start)
    return min(taken)
