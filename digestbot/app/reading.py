"""Who may read which editions on the site, and where each has its page."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import cache
from typing import Final
from urllib.parse import quote

from ..ports import Store
from ..settings import DigestSettings, Loaded, split_lists
from ..subscribers.mac import mac, matches
from .token_keys import token_keys

_PURPOSE: Final = "edition"
_A_KEY: Final = 22  # characters; nothing longer is compared


def is_public(loaded: Loaded, digest: DigestSettings) -> bool:
    """Whether everybody may read a digest: it says so, or a list that gets it does."""
    lists = loaded.settings.lists
    return digest.public or any(lists[name].public for name in split_lists(digest.to)[1] if name in lists)


def public_digests(loaded: Loaded) -> tuple[str, ...]:
    """The digests that everybody may read, in the order of the configuration."""
    return tuple(name for name, digest in loaded.digests.items() if is_public(loaded, digest))


def edition_path(digest: str, edition: date) -> str:
    """The path of an edition's page."""
    return f"/d/{quote(digest, safe='')}/{edition.isoformat()}"


def opens_edition(word: str, keys: tuple[bytes, ...], digest: str, edition: date) -> bool:
    """Whether a word is the key of this edition: the same for all who were sent it, and of no other edition."""
    return len(word) <= _A_KEY and matches(word, keys, _PURPOSE, digest, edition.isoformat())


def page_addresses(loaded: Loaded, store: Store) -> Callable[[str, date], str]:
    """Where a mail says that its edition is on the web; an empty word where there is no site.

    Of a private digest the address holds the edition's key, so that whoever was sent it, or was forwarded it, can read that
    edition and no other.
    """
    site, keys = loaded.settings.web.url, cache(lambda: token_keys(loaded, store))

    def address(digest: str, edition: date) -> str:
        if not site or digest not in loaded.digests:
            return ""
        page = f"{site}{edition_path(digest, edition)}"
        if is_public(loaded, loaded.digests[digest]):
            return page
        return f"{page}?key={mac(keys()[0], _PURPOSE, digest, edition.isoformat())}"

    return address
