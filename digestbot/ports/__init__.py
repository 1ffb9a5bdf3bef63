"""What the pipeline needs from the outside, as protocols.

Adapters take plain arguments, never the settings. All of them are called from one thread unless they say otherwise.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from ..model import Feed, Story, Summary
from .accounts import Accounts
from .alerts import Alerts
from .archive import Archive, Found
from .channels import Advice, Channel, ChannelPlugin, Lane, PacedChannel, Wanted
from .claims_ahead import ClaimsAhead
from .counts import Counts
from .jobs import Jobs
from .leases import Leases
from .ledger import Ledger
from .operators import Changes, Choices, Sessions
from .outbox import Outbox
from .returned import MOST_MAIL_BYTES, ReturnedMailbox, ReturnedMails, Suppressor, UnreadMail
from .store import Editions, Items, Store
from .subscribers import Subscribers, Suppressions
from .vectors import Vectors
from .workers import Workers

__all__ = [
    "MOST_MAIL_BYTES",
    "Accounts",
    "Advice",
    "Alerts",
    "Archive",
    "Changes",
    "Channel",
    "ChannelPlugin",
    "Choices",
    "ClaimsAhead",
    "Counts",
    "Editions",
    "Found",
    "Items",
    "Jobs",
    "Lane",
    "Leases",
    "Ledger",
    "Outbox",
    "PacedChannel",
    "Progress",
    "ReturnedMailbox",
    "ReturnedMails",
    "Sessions",
    "Store",
    "Subscribers",
    "Summarise",
    "Suppressions",
    "Suppressor",
    "UnreadMail",
    "Vectors",
    "Wanted",
    "Workers",
]


class Summarise(Protocol):
    """Chooses sentences of a story's items."""

    def __call__(self, story: Story, *, words: int, exclude: Sequence[str] = ()) -> Summary:
        """Quote about `words` words, or nothing where nothing is worth it; nothing like `exclude`, which readers know. Never raises."""


class Progress(Protocol):
    """Shows what is going on while it goes on."""

    def stage(self, name: str, *, total: int | None = None) -> None:
        """A new stage begins; `total` steps, where that is known."""

    def step(self, what: str = "", *, feed: Feed | None = None) -> None:
        """One step of the stage is done."""

    def done(self, **figures: object) -> None:
        """The stage ended: figures worth a line."""
