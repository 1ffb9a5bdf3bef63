"""How a digest gets to its readers: Recipient, Delivery, and the Edition they belong to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum


class DeliveryState(StrEnum):
    """How far a delivery has come."""

    PENDING = "pending"  # not tried, or to be tried again
    SENDING = "sending"  # claimed: from here on it may have arrived
    SENT = "sent"
    FAILED = "failed"  # refused for good
    UNKNOWN = "unknown"  # may have arrived; an operator decides
    EXPIRED = "expired"  # its deadline passed before it could be sent
    CANCELLED = "cancelled"  # not tried any more: by an operator, or because its address is suppressed


FINAL = frozenset(
    {
        DeliveryState.SENT,
        DeliveryState.FAILED,
        DeliveryState.UNKNOWN,
        DeliveryState.EXPIRED,
        DeliveryState.CANCELLED,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient:
    """Where a digest goes: `slack:#chips`, `slack-webhook:desk`, `mailto:name@example.com`, `file:./out`."""

    channel: str  # its scheme: "slack", "mailto"
    address: str

    def __str__(self) -> str:
        return f"{self.channel}:{self.address}"


def _unclaimed() -> None:
    """A delivery that nobody else could have claimed may be sent at any time."""


def _nobody() -> None:
    """Nothing is known of what comes after it."""


def _no_words(_key: str) -> None:
    """One key is all there is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReaderWords:
    """What stands in one mail alone, and only we can have made."""

    return_path: str = ""  # MAIL FROM, which says what came back; empty for the sender
    unsubscribe: str = ""  # the address that takes the wish to get no more of it; empty for the sender
    token: str = ""  # of a link that does the same at once
    key: str = ""  # the name of the key that all of it was made with
    # The same made with the key of a name, where that is still accepted: a second copy is the same to the byte.
    with_key: Callable[[str], ReaderWords | None] = field(default=_no_words, repr=False, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One part of one message to one recipient: a row of the outbox, unique by digest, edition, revision, recipient and part."""

    digest: str
    edition: date
    recipient: Recipient
    part: int = 0  # 0 is the parent, replies follow
    key: str = ""  # opaque and unique: the channel is searched for it when an answer was lost
    payload: bytes = field(
        default=b"", repr=False
    )  # the body, made once and kept; as a channel gets it: the final bytes
    state: DeliveryState = DeliveryState.PENDING
    attempts: int = 0
    claimed: datetime | None = None  # when the last attempt began
    claimed_by: str = ""  # the process that began it, in words of the store
    not_before: datetime | None = None  # earliest next attempt
    deadline: datetime | None = None  # after this it expires
    remote_id: str = ""  # its name at the channel: a Slack channel and ts, a Message-ID, a path
    error: str = ""  # why it is not sent, without secrets
    address_gone: bool = False  # there is no such address
    revision: int = 0  # of its edition: 0 is the first, each `run --again` makes another
    subscriber: int = 0  # who reads a list; 0 for a recipient of the configuration
    list: str = ""  # which one
    account: str = ""  # through which it is sent: kept from its first claim on, as long as it may have begun there
    spared: int = 0  # attempts that the account refused, not the reader
    words: ReaderWords | None = field(default=None, repr=False, compare=False)  # not stored: what they can prove by
    number: int = field(default=0, compare=False)  # its place in the outbox; 0 as long as it is not there
    # Raises TemporaryFailure once the claim is too old to be sent by: to be called right before the first byte. Not stored.
    require_claim: Callable[[], None] = field(default=_unclaimed, repr=False, compare=False)
    # What is likely sent next, as the channel will get it: for one that makes it ready while it waits for an answer. Not stored.
    following: Callable[[], Delivery | None] = field(default=_nobody, repr=False, compare=False)


class EditionState(StrEnum):
    """How far an edition has come."""

    CLAIMED = "claimed"  # its window is fixed
    READY = "ready"  # made and frozen, deliveries in the outbox
    DONE = "done"  # every delivery in a final state
    MISSED = "missed"  # its time passed while digestbot was not running, or an operator held it
    EMPTY = "empty"  # there was nothing new


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """The record of one edition of a digest."""

    digest: str
    date: date  # its name: the local date, an EditionDate where the digest has several that day
    since: datetime
    until: datetime
    state: EditionState = EditionState.CLAIMED
    content: str = field(default="", repr=False)  # the digest's JSON, once ready
