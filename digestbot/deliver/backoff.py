"""How long a delivery waits before it is tried again."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

# Servers that greylist accept a sender after 5 to 15 minutes; a longer wait would make the digest late for nothing.
MAX_RETRY_SECONDS: Final = 900.0
_FIRST_RETRY_SECONDS = 5.0
_BELIEVED_WAITS = 3  # a server's own wait (Retry-After) is taken as it is for so many attempts


def backoff(attempts: int, asked: float | None = None) -> timedelta:
    """How long to wait after so many attempts: 5, 15, 45 s and so on up to 15 min, or what the server asked for.

    When three attempts failed although each waited as long as it was asked to, the waits grow all the same.
    """
    steps = attempts if asked is None else attempts - _BELIEVED_WAITS
    # The exponent is capped because 3.0 ** 1000 overflows.
    grown = min(MAX_RETRY_SECONDS, _FIRST_RETRY_SECONDS * 3.0 ** min(steps - 1, 20)) if steps > 0 else 0.0
    return timedelta(seconds=max(grown, min(asked or 0.0, MAX_RETRY_SECONDS)))
