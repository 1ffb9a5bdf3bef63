"""Mail through one or several accounts, each with its own connections. What one of them can do, all can."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from ...model import Delivery, Message
from ...ports import Lane
from .channel import Email


class MailAccounts:
    """`ports.PacedChannel`: what is asked of the channel as a whole, the first account answers.

    Args:
        lanes: every connection, with its account; those of one account stand together.
        first: what answers; a connection of its own, so that it may be used beside the others.
    """

    name = Email.name
    visibility_delay = Email.visibility_delay

    def __init__(self, lanes: Sequence[tuple[Lane, Email]], first: Email) -> None:
        self.lanes = tuple(lane for lane, _ in lanes)
        self._of_each = {lane.account.name: email for lane, email in lanes}
        self._all = (first, *(email for _, email in lanes))
        self._first = first

    def __repr__(self) -> str:
        return f"MailAccounts({', '.join(self._of_each)})"

    def canonical(self, address: str) -> str:
        return self._first.canonical(address)

    def encode(self, message: Message, *, now: datetime) -> tuple[bytes, ...]:
        return self._first.encode(message, now=now)

    def fill(self, body: bytes, delivery: Delivery) -> bytes:
        return self._first.fill(body, delivery)

    def send(self, delivery: Delivery, *, parent: str) -> str:
        return self._first.send(delivery, parent=parent)

    def find_sent(self, delivery: Delivery, *, parent: str = "") -> str | None:
        return self._first.find_sent(delivery, parent=parent)

    def resend_if_unknown(self, delivery: Delivery) -> bool:
        return self._first.resend_if_unknown(delivery)

    def check(self) -> str:
        """Connect to every account, verify and log in; the first that fails is told."""
        return "; ".join(email.check() for email in self._of_each.values())

    def check_recipient(self, address: str) -> None:
        self._first.check_recipient(address)

    def close(self) -> None:
        for email in self._all:
            email.close()
