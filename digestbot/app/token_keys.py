"""The keys that readers' links are made and known with."""

from __future__ import annotations

from typing import Final

from ..ports import Store
from ..settings import Loaded

_OWN: Final = "key of tokens"


def token_keys(loaded: Loaded, store: Store) -> tuple[bytes, ...]:
    """The key in use, and the one before it, which old links were made with.

    Both of DIGESTBOT_WEB__KEY where it holds two; else the database's own is the older one, or the only one.
    """
    configured = loaded.settings.web.key
    words = [word.encode() for word in configured.get_secret_value().split()] if configured else []
    return tuple(words if len(words) > 1 else [*words, store.secret(_OWN)])
