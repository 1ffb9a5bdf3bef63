"""The mailbox of returned mails that a configuration names."""

from __future__ import annotations

from typing import Final

from ..channels.email.returned import BOX_KEY, return_box, returned_mailbox
from ..ports import ReturnedMailbox
from ..settings import Loaded

RETURN_PATH_KEY: Final = BOX_KEY


def mailbox_of(loaded: Loaded) -> ReturnedMailbox | None:
    """The mailbox, None where none is set; connects to nobody yet."""
    return returned_mailbox(loaded.settings.channels, base=loaded.base)


def return_path(loaded: Loaded) -> str:
    """The address that mails come back to; empty where none is set."""
    return return_box(loaded.settings.channels)
