"""Whom mails to readers come from."""

from __future__ import annotations

from ..channels.email.settings import sender_of as _sender_of
from ..settings import Loaded


def sender_of(loaded: Loaded) -> str:
    """Where a list names nobody; empty where no mail server is set."""
    return _sender_of(loaded.settings.channels)
