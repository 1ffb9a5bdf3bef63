"""The mailbox of returned mails that a configuration names."""

from __future__ import annotations

from ..channels.email.returned import returned_mailbox
from ..ports import ReturnedMailbox
from ..settings import Loaded


def mailbox_of(loaded: Loaded) -> ReturnedMailbox | None:
    """The mailbox, None where none is set; connects to nobody yet."""
    return returned_mailbox(loaded.settings.channels, base=loaded.base)


def return_path(loaded: Loaded) -> str:
    """The address that mails come back to; empty where none is set."""
    path: str = loaded.settings.channels["smtp"].bounces
    return path
