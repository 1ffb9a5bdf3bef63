"""What comes back: the mailbox it lies in, where it is kept, and who suppresses an address for it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from typing import Final, NamedTuple, Protocol

from ..model import ReturnedMail

MOST_MAIL_BYTES: Final = 1_000_000  # of a returned mail; what a report says stands at its beginning


class UnreadMail(NamedTuple):
    """A mail in a mailbox that nobody has read."""

    name: str  # what the mailbox calls it, while it is open
    data: bytes  # at most MOST_MAIL_BYTES of it


# Read, keep, then mark: whoever is killed in between reads the same mails again, and keeps the same events.
class ReturnedMailbox(Protocol):
    """Where returned mails lie. Nothing in it is deleted. Raises a TemporaryFailure, or a PermanentFailure that names the mend."""

    def unread(self, *, limit: int) -> Iterator[UnreadMail]:
        """The oldest mails that are not marked as read, one after another."""

    def mark_read(self, names: Collection[str]) -> None:
        """Mark mails that `unread` gave; one that is gone meanwhile is no error."""

    def check(self) -> str:
        """Open it, and change nothing: a sentence of success."""

    def close(self) -> None:
        """End the connection, if there is one. Never raises."""


class ReturnedMails(Protocol):
    """What came back, of which address, and whether anything was made of it."""

    def keep(self, said: Sequence[ReturnedMail], *, now: datetime) -> int:
        """One transaction: keep those that are not kept yet, by their ids; how many are new. What is unrelated is left out.

        Recipient, digest and edition are filled in by the delivery that the key names. A key that names none proves nothing.
        """

    def open(self, *, limit: int) -> tuple[ReturnedMail, ...]:
        """Those that nothing was made of yet, oldest first."""

    def of_address(self, address: str) -> tuple[ReturnedMail, ...]:
        """All that came back from an address, however it is written, oldest first; at most the last thousand."""

    def settle(self, ids: Collection[str]) -> None:
        """What was to be made of these was made."""

    def forgive(self, address: str) -> int:
        """Nothing follows any more from what came back from an address so far: its suppression was lifted. Returns how many."""

    def forget(self, address: str) -> int:
        """Delete all that came back from an address, as its owner wants. Returns how many."""

    def prune(self, *, before: datetime) -> int:
        """Delete those that were said earlier. Returns how many."""


class Suppressor(Protocol):
    """Keeps mail from an address from now on."""

    def suppress(self, address: str, reason: str, *, now: datetime) -> bool:
        """Nothing is sent there any more; False where it was so already, which keeps its reason."""
