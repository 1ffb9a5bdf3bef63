"""Return paths that say which delivery came back (VERP): `bounces+TOKEN@example.com`.

A bounce may name another address than the one that was written to, or none. The return path is the one thing that every
mail system gives back, so it carries the delivery's key, and a MAC: who did not get the mail cannot make one.
"""

from __future__ import annotations

import base64
import hmac
import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice
from typing import Final

from .mac import mac

LONGEST_LOCAL_PART: Final = 64  # octets; RFC 5321 section 4.5.3.1.1
_KEY_BYTES: Final = 16  # a delivery's key is 128 bits in hexadecimal (deliver/freeze.py)
_MAC_BYTES: Final = 10  # RFC 2104 section 5: not less than 80 bits; half as much again would not fit
# Base32, because some mail systems change the case of a local part on the way.
TOKEN_LENGTH: Final = 42
LONGEST_BOX: Final = LONGEST_LOCAL_PART - TOKEN_LENGTH - len("+")  # characters before the @
_DELIVERY_KEY: Final = re.compile(r"([0-9a-f]{32})(?:-\d+)?")
# Wherever it stands: BATV writes `prvs=0123abcdef=` before it, SRS `SRS0=hash=tt=example.com=`, and a gateway may write
# what follows in its own way. The MAC tells whether it is one of ours, so nothing has to be known about them.
_TOKEN: Final = re.compile(rf"(?<![a-z0-9])[a-z2-7]{{{TOKEN_LENGTH}}}(?![a-z0-9])")
_CANDIDATES: Final = 20  # words of one text that are tried: each costs some MACs


class Purpose(StrEnum):
    """What is asked for by whoever writes to the address."""

    RETURN = "return"  # nothing: a mail comes back to it
    UNSUBSCRIBE = "unsubscribe"  # to get no more of it


@dataclass(frozen=True, slots=True)
class Token:
    """What one of our addresses says."""

    key: str  # of the delivery, without its part
    purpose: Purpose


def delivery_key(text: str) -> str:
    """The key of a whole delivery, of `KEY` or of `KEY-0`; empty where it is none of ours."""
    found = _DELIVERY_KEY.fullmatch(text)
    return found[1] if found else ""


def address_for(box: str, key: str, secret: bytes, purpose: Purpose = Purpose.RETURN) -> str:
    """The address of `box` that names a delivery: what is written to it is known again by `read_token`.

    Args:
        box: `bounces@example.com`; its server must deliver `bounces+anything@example.com` to the same place.
        key: of the delivery, with its part or without. One that is none of ours gets the box itself: the mail goes out, and
            what comes back proves nothing.
        secret: the key of the MAC.
        purpose: what is to be read from it.
    """
    whole = delivery_key(key)
    local, at, domain = box.rpartition("@")
    if not whole or not at or len(local.encode()) > LONGEST_BOX:
        return box
    raw = bytes.fromhex(whole) + _mac(secret, purpose, whole)
    token = base64.b32encode(raw).rstrip(b"=").decode("ascii").lower()
    return f"{local}+{token}@{domain}"


def read_token(text: str, secrets: Iterable[bytes]) -> Token | None:
    """What the first token in a text says that was made with one of these secrets; None where there is none.

    `text` may be an address, a header field or a whole page: only a MAC of ours makes a word a token.
    """
    known = tuple(secrets)
    for word in islice(_TOKEN.finditer(text.lower()), _CANDIDATES):
        raw = base64.b32decode(word[0].upper() + "=" * (-TOKEN_LENGTH % 8))
        key, given = raw[:_KEY_BYTES].hex(), raw[_KEY_BYTES:]
        for purpose in Purpose:
            if any(hmac.compare_digest(given, _mac(secret, purpose, key)) for secret in known):
                return Token(key, purpose)
    return None


def _mac(secret: bytes, purpose: Purpose, key: str) -> bytes:
    word = mac(secret, f"verp {purpose}", key)
    return base64.urlsafe_b64decode(f"{word}==")[:_MAC_BYTES]
