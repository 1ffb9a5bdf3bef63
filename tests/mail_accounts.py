"""Mail through several accounts on loopback, from a real database; and a worker of it that can be killed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from delivering import DAY, message, recipients

from digestbot.channels.email.accounts import MailAccounts
from digestbot.channels.email.channel import Email
from digestbot.deliver import deliver, freeze
from digestbot.model import Account, Edition
from digestbot.ports import Lane
from digestbot.store import Stores, open_store


@dataclass(frozen=True, slots=True, kw_only=True)
class At:
    """An account, the port of its server, and how it is signed in to."""

    account: Account
    port: int
    connections: int = 1
    password: str = ""


def mail_through(*accounts: At) -> MailAccounts:
    """As the plug-in makes it."""
    lanes = [
        (Lane(at.account, email), email) for at in accounts for email in (_email(at) for _ in range(at.connections))
    ]
    return MailAccounts(lanes, _email(accounts[0]))


def _email(at: At) -> Email:
    made = Email(
        "127.0.0.1",
        at.port,
        sender="news@example.com",
        security="none",
        username="desk" if at.password else "",
        password=at.password,
        timeout=5,
    )
    made.visibility_delay = 0.2
    return made


def publish(store: Stores, channel: MailAccounts, count: int, *, day: date = DAY, now: datetime) -> None:
    """Freeze one message for so many readers."""
    edition = store.editions.claim(Edition(digest="morning", date=day, since=now, until=now))
    addresses = (f"mailto:r{number}@example.com" for number in range(count))
    rows = freeze(message(day=day), recipients(*addresses), {"mailto": channel}, now=now)
    store.editions.publish(edition, "{}", rows, used=())


def work(data: Path, accounts: tuple[At, ...], places: Mapping[str, str]) -> None:
    """Deliver what is open; a process of its own, to be killed."""
    store = open_store(data, places.get("url", ""))
    now: Callable[[], datetime] = lambda: datetime.now(UTC)  # noqa: E731 -- read in one place
    deliver(store.outbox, {"mailto": mail_through(*accounts)}, now=now, max_wait=30, accounts=store.accounts)
