"""Short words that only we can have made: the tokens in links, and the return paths of mails.

A keyed hash (HMAC, RFC 2104) over what the word stands for, so that nothing has to be stored to know it again.
"""

from __future__ import annotations

import base64
import hmac
from collections.abc import Iterable
from typing import Final

_NAME: Final = 8  # characters
_BYTES: Final = 16  # half of SHA-256: 22 characters, so that Python's email package leaves a link whole (78 a line)


def mac(key: bytes, purpose: str, *parts: str) -> str:
    """22 characters of the URL-safe alphabet that stand for `parts`.

    Args:
        key: the secret, at least 16 bytes.
        purpose: what the word may be used for; one made for another purpose never matches.
        parts: what it stands for. Their borders count: ("a", "bc") is another word than ("ab", "c").
    """
    if len(key) < _BYTES:
        raise ValueError(f"a key of {len(key)} bytes can be guessed")
    text = "".join(f"{len(part)}:{part}" for part in (purpose, *parts))
    digest = hmac.digest(key, text.encode("utf-8", "surrogatepass"), "sha256")
    return base64.urlsafe_b64encode(digest[:_BYTES]).rstrip(b"=").decode("ascii")


def key_name(key: bytes) -> str:
    """What a key is known by among others, and cannot be found out from."""
    return mac(key, "name")[:_NAME]


def matches(word: str, keys: Iterable[bytes], purpose: str, *parts: str) -> bool:
    """Whether `word` was made with one of the keys, in a time that tells nothing about how much of it is right."""
    given = word.encode("utf-8", "surrogatepass")
    found = False
    for key in keys:
        found |= hmac.compare_digest(given, mac(key, purpose, *parts).encode("ascii"))
    return found
