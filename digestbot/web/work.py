"""Proof of work for the form to subscribe: a browser counts for a moment before it may ask, which a flood of requests cannot afford.

No third party has a part in it, and nothing is kept but which challenges were used in the last hour.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

from ..subscribers.mac import mac, matches

GOOD_FOR: Final = timedelta(hours=1)  # a form may lie open for a while
_PURPOSE: Final = "work"
_CHALLENGE: Final = re.compile(r"([0-9a-f]{1,10})\.([A-Za-z0-9_-]{11})\.([A-Za-z0-9_-]{22})")
_NONCE: Final = re.compile(r"[0-9]{1,15}")


def challenge(keys: Sequence[bytes], *, now: datetime) -> str:
    """A new one, which only we can have made."""
    made, once = f"{int(now.timestamp()):x}", secrets.token_urlsafe(8)
    return f"{made}.{once}.{mac(keys[0], _PURPOSE, made, once)}"


def is_done(word: str, nonce: str, bits: int, keys: Sequence[bytes], *, now: datetime) -> bool:
    """Whether the number was found that the challenge asks for: with it the hash begins with so many zero bits.

    Args:
        word: the challenge.
        nonce: the number.
        bits: how many; each more doubles the work.
        keys: of tokens.
        now: the time.
    """
    found = _CHALLENGE.fullmatch(word)
    if found is None or not _NONCE.fullmatch(nonce) or not matches(found[3], keys, _PURPOSE, found[1], found[2]):
        return False
    if abs(now - datetime.fromtimestamp(int(found[1], 16), UTC)) >= GOOD_FOR:
        return False
    digest = hashlib.sha256(f"{word}:{nonce}".encode()).digest()
    return int.from_bytes(digest) >> (256 - bits) == 0
