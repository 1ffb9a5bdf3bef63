"""The mailbox of returned mails that a configuration names."""

from __future__ import annotations

from ..channels.email.returned import returned_mailbox
from ..ports import ReturnedMailbox
from ..settings import Loaded


def mailbox_of(loaded: Loaded) -> ReturnedMailbox | None:
    """The mailbox, None where none is set; connects to nobody yet."""
    return returned_mailbox(loaded.settings.channels, base=loaded.base)
