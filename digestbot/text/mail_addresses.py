"""Mail addresses: which ones are taken, and when two of them are one.

As people write them (RFC 5321, RFC 6531): a part before the @, a domain after it. Quoted parts, comments and addresses in
brackets are refused: nobody reads a newsletter there, and they have carried commands past parsers.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final

_MOST_BYTES: Final = 254  # RFC 5321, erratum 1690
_MOST_LOCAL_BYTES: Final = 64  # RFC 5321 section 4.5.3.1.1
# What RFC 5322 section 3.2.3 calls an atom, or any letter beyond ASCII (RFC 6531).
_LOCAL = re.compile(r"[^\s\x00-\x20\x7f-\xa0\"(),:;<>@\[\]\\]+")
_PLAIN_DOMAIN = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?")
# Letters that turn the direction of text or show as nothing: two addresses would look like one.
_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zs", "Zl", "Zp"})


class AddressError(ValueError):
    """Not an address that mail is sent to; the message says why, without the address."""


def clean_address(text: str) -> str:
    """The address as it was given, without spaces around it and the name before it: of `Ann <ann@example.com>` the address."""
    text = text.strip()
    name, bracket, rest = text.rpartition("<")
    if bracket and rest.endswith(">") and "<" not in name and "@" not in name:
        text = rest[:-1].strip()
    return unicodedata.normalize("NFC", text)


def mail_key(text: str) -> str:
    """What tells one address from another: composed (NFC), case folded, the domain in ASCII (IDNA 2008).

    Nothing else is taken for the same: a dot or a +tag means something to some providers, and nothing to others.

    Raises:
        AddressError: mail cannot be sent there.
    """
    address = clean_address(text)
    local, at, domain = address.rpartition("@")
    if not at or not local:
        raise AddressError("has nothing on one side of its @" if at else "has no @")
    if local.startswith('"') or '"' in address:
        raise AddressError("is written with quotes, which are not taken: write name@example.com")
    if "@" in local:
        raise AddressError("has more than one @")
    if not _LOCAL.fullmatch(local) or not _is_visible(local):
        raise AddressError("has a character before its @ that no address has")
    if local.startswith(".") or local.endswith(".") or ".." in local:
        raise AddressError("has a dot before its @ that stands beside nothing")
    folded = unicodedata.normalize("NFC", local.casefold())
    key = f"{folded}@{_ascii_domain(domain)}"
    longest = max(len(local.encode()), len(folded.encode()))
    if longest > _MOST_LOCAL_BYTES or max(len(key.encode()), len(address.encode())) > _MOST_BYTES:
        raise AddressError(f"is longer than any address: {_MOST_LOCAL_BYTES} bytes before the @, {_MOST_BYTES} in all")
    return key


def is_same(one: str, other: str) -> bool:
    """Whether both are addresses, and one and the same. What a stranger's program calls an address may be anything."""
    try:
        return mail_key(one) == mail_key(other)
    except AddressError:
        return False


def _is_visible(text: str) -> bool:
    return text.isascii() or not any(unicodedata.category(letter) in _HIDDEN for letter in text)


@lru_cache(maxsize=4096)
def _ascii_domain(domain: str) -> str:
    """The domain in ASCII and lower case."""
    lower = domain.lower()
    if lower.endswith((".", "\u3002")):
        raise AddressError("ends in a dot: leave it out")
    if domain.startswith("["):
        raise AddressError("names a machine by its number, which is not taken: write name@example.com")
    # The fast way for nearly all of a list. A label with two dashes in third place is IDNA's, and is checked as such.
    if _PLAIN_DOMAIN.fullmatch(lower) and "--" not in lower and len(lower) <= _MOST_BYTES:
        return lower
    import idna  # noqa: PLC0415 -- takes time to import, and few lists have such a domain

    try:
        found = idna.encode(unicodedata.normalize("NFC", lower), uts46=True, std3_rules=True).decode().lower()
    except (idna.IDNAError, UnicodeError):
        raise AddressError("has no valid domain after its @") from None
    if not _PLAIN_DOMAIN.fullmatch(found):
        raise AddressError("has no valid domain after its @: it needs a dot and a name at its end")
    return found
