"""The outbox: every delivery, and what became of it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Protocol

from ..model import Account, Delivery, DeliveryState, Recipient
from .claims_ahead import ClaimsAhead


class Outbox(Protocol):
    """Every delivery, sent or not, by its key; listed without payloads, to save memory. A change is durable at its return."""

    def open(
        self,
        *,
        digest: str | None = None,
        day: date | None = None,
        after: Delivery | None = None,
        limit: int | None = None,
        without: Collection[str] = (),
        numbers: range | None = None,
    ) -> tuple[Delivery, ...]:
        """Deliveries not in a final state, without payloads; parents before replies, oldest edition first.

        A page of so many at most, of those that come after one; without those of some channels that are to be tried; of some numbers.
        """

    def is_open(self, *, digest: str) -> bool:
        """Whether a digest has such a delivery."""

    def count_open(self, *, digest: str | None) -> Mapping[date, int]:
        """How many of them each edition has; editions without are left out."""

    def open_mails(self, *, digest: str, channel: str) -> tuple[int, datetime | None]:
        """How many deliveries of a channel are open, and until when the last of them is tried."""

    def all(
        self,
        *,
        digest: str | None = None,
        day: date | None = None,
        states: Collection[DeliveryState] | None = None,
        recipients: Collection[Recipient] | None = None,
        limit: int | None = None,
    ) -> tuple[Delivery, ...]:
        """Every delivery, or those in some states or to some recipients, so many at most, without payloads, in the order of `open`."""

    def matching(
        self,
        *,
        digest: str | None,
        day: date | None,
        states: Collection[DeliveryState] | None,
        recipient: str | None,
        newest: bool = False,
        limit: int | None = None,
    ) -> tuple[Delivery, ...]:
        """As `all`, as an operator names them.

        Args:
            digest: of this one.
            day: an edition's name, or a date for all of its editions.
            states: in one of these.
            recipient: as in the configuration, `slack:#chips`, or without its channel, `#chips`.
            newest: without those that a newer revision of their edition replaces.
            limit: so many at most.
        """

    def by_keys(self, keys: Collection[str]) -> tuple[Delivery, ...]:
        """The deliveries of these keys, without payloads."""

    def parent(self, delivery: Delivery) -> Delivery | None:
        """The first part of the same message to the same recipient, without payload."""

    def tally(
        self, *, digest: str, day: date | None = None, states: Collection[DeliveryState] | None = None
    ) -> Mapping[tuple[date, DeliveryState], int]:
        """How many deliveries of each edition, or of one, are in which state, or in one of some."""

    def add(self, frozen: Sequence[Delivery]) -> tuple[Delivery, ...]:
        """Deliveries of an edition that is published, to others than it was; those that were not there are returned."""

    def payload(self, delivery: Delivery) -> bytes:
        """The bytes that were frozen for it; empty when they were pruned."""

    def claim(
        self, delivery: Delivery, *, now: datetime, sent: Delivery | None = None, account: Account | None = None
    ) -> Delivery | None:
        """pending -> sending, attempts + 1, committed and synced; returned with its payload, and through which account it goes.

        Where the account has to wait, it is returned as it is, pending, with the moment until which as its `not_before`.

        None when another process has claimed it, or has tried it since `delivery` was read. Either way `sent`, where one
        is given, is recorded as sent, with its `remote_id`, in the same transaction: one sync to the disk for both.
        """

    def claims_ahead(self) -> ClaimsAhead | None:
        """Claims of several at a time, for one connection; None where an outcome that waits would not be seen by all."""

    def claim_clock(self, now: datetime) -> datetime:
        """The time by the clock that dates claims: `now`, or that of a database that machines share."""

    def abandoned(self, delivery: Delivery) -> bool:
        """Whether whoever claimed it certainly sends it no more: it has ended, or is the thread that asks."""

    def record_outcome(
        self,
        delivery: Delivery,
        state: DeliveryState,
        *,
        remote_id: str = "",
        error: str = "",
        not_before: datetime | None = None,
        address_gone: bool = False,
        spared: bool = False,
        begun: bool = True,
    ) -> Delivery:
        """Record what became of a delivery, as `claim` or `open` returned it; `pending` allows another attempt.

        `spared`: the account was refused, not the reader. Not `begun`: nothing of the message went out, so any account may send it.

        Returns the row afterwards, without payload. When another process has changed the state meanwhile, its change is
        kept; only `sent` is always recorded, for what has arrived has arrived. Raises a StoreError for an unknown one.
        """

    def set_aside(self, delivery: Delivery, state: DeliveryState, **outcome: Any) -> bool:
        """Keep beside the database what `record_outcome` could not record; False where there is no place for it."""

    def take_up(self) -> tuple[Delivery, ...]:
        """Record what was set aside, as `record_outcome` does, and forget it there. Returns the rows afterwards."""

    def newest_revision(self, *, digest: str, day: date) -> int:
        """Of any delivery of an edition; -1 where it has none."""

    def refused(self, *, digest: str, day: date) -> tuple[Delivery, ...]:
        """Deliveries of an edition that did not arrive because their address is gone, without payloads."""

    # A new deadline, because the old one is usually over when an operator looks.
    def requeue(self, delivery: Delivery, *, deadline: datetime) -> Delivery | None:
        """From a final state to pending, as an operator wants: the row afterwards, None where its bytes were pruned."""

    def prune(self, *, before: date) -> int:
        """Delete the bodies of older editions of which nothing is open; the deliveries stay. Returns how many."""

    def forget(self, *, before: date) -> int:
        """Delete the finished deliveries of older editions. Returns how many."""
