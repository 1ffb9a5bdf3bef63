"""Who reads a list: Subscriber, Subscription, Suppression, and why a change of one was refused."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final

LIST_CHANNEL: Final = "mailto"  # by which readers of lists are sent to


class SubscriptionState(StrEnum):
    """Whether a subscriber gets what a list receives."""

    PENDING = "pending"  # asked for, not confirmed yet
    ACTIVE = "active"
    PAUSED = "paused"  # gets nothing until a moment, or until told otherwise
    UNSUBSCRIBED = "unsubscribed"
    SUPPRESSED = "suppressed"  # shown for whoever's address is suppressed; no subscription is stored with it


class Consent(StrEnum):
    """How a subscription came about."""

    FORM = "form"  # by the subscriber's own hand
    IMPORT = "import"  # from another program's list
    OPERATOR = "operator"  # `subscribers add`


class Frequency(StrEnum):
    """How often a subscriber wants a list."""

    EACH = "each"  # every edition
    DAILY = "daily"  # the last edition of the day
    WEEKLY = "weekly"  # an edition of its own, on the list's weekday


class Refusal(StrEnum):
    """Why a subscription stays as it is."""

    UNSUBSCRIBED = "unsubscribed"  # and has not confirmed anew since
    SUPPRESSED = "suppressed"
    NOT_CONFIRMED = "not confirmed"
    OUT_OF_DATE = "out of date"  # the link was made before something that happened since
    NOT_IN_FUTURE = "not in the future"
    KNOWN = "known"  # it is so already


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscriber:
    """A person behind an address, in any number of lists."""

    id: int = 0  # given by the store, never twice
    address: str  # as it was given
    key: str  # what tells it from others: `mail_key` of the address
    language: str = ""  # of fixed words and mails; empty for the digest's own
    plain: bool = False  # wants text without HTML
    asked: datetime | None = None  # when the last confirmation mail was sent


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """One subscriber of one list."""

    list: str
    subscriber: int = 0
    state: SubscriptionState
    since: datetime  # when the state began
    until: datetime | None = None  # when a pause ends
    consent: Consent
    consented: datetime | None = None  # when it was confirmed; None where it never was
    frequency: Frequency = Frequency.EACH
    topics: tuple[str, ...] = field(default=())  # names of the topics that are wanted; empty for all


@dataclass(frozen=True, slots=True, kw_only=True)
class Suppression:
    """An address that nothing is sent to, whatever list it is in."""

    key: str  # of the address; of one that was forgotten a hash, which nobody can read
    reason: str
    since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """What readers of a list have in common who are sent the same bytes."""

    language: str = ""  # empty for the digest's own
    plain: bool = False
    topics: tuple[str, ...] = ()  # empty for all


@dataclass(frozen=True, slots=True, kw_only=True)
class FanOut:
    """An edition for everybody who reads a list in one form."""

    list: str
    form: Form
    frequencies: tuple[Frequency, ...]  # of whom the edition counts for
    rest: bool = False  # also for whoever wants fewer topics and has no form of their own
    body: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class ForReaders:
    """An edition for the readers of its digest's lists."""

    fan_outs: tuple[FanOut, ...]
    key_prefix: str  # of their deliveries' keys, which end in the subscriber's number
    without: frozenset[str] = frozenset()  # keys of addresses that get it as recipients of the configuration
    deadline: datetime
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class MailingList:
    """How mails of a list call it."""

    name: str
    title: str
    sender: str = ""  # From, where it has one of its own
    reply_to: str = ""
    url: str = ""  # where the site is reached; empty where there is none
    weekly: int | None = None  # the weekday of its own edition for those who want one a week; Monday is 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """All that is known of one subscriber."""

    subscriber: Subscriber
    subscriptions: tuple[Subscription, ...] = ()
    suppression: Suppression | None = None

    def of(self, name: str) -> Subscription | None:
        """The subscription to this list."""
        return next((one for one in self.subscriptions if one.list == name), None)
