"""What is kept: items, editions, deliveries and alerts, on one database."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import date, datetime
from typing import Any, Protocol

from ..model import Account, Delivery, DeliveryState, Edition, EditionState, FeedState, ForReaders, Item, Recipient
from .accounts import Accounts
from .alerts import Alerts
from .archive import Archive
from .claims_ahead import ClaimsAhead
from .leases import Leases
from .ledger import Ledger
from .operators import Changes, Choices, Sessions
from .returned import ReturnedMails
from .subscribers import Subscribers, Suppressions
from .vectors import Vectors
from .workers import Workers


class Items(Protocol):
    """Everything collected."""

    def states(self) -> Mapping[str, FeedState]:
        """What is remembered of every feed that was ever read, by name."""

    def save(self, state: FeedState, items: Sequence[Item], *, now: datetime) -> int:
        """Store one reading of a feed in one transaction; returns how many items were new.

        An item is known when any of its keys is known in its feed: then it keeps its id and its `first_seen`, and takes
        the new title, text and date. `now` becomes the `first_seen` of a new one.
        """

    def save_all(self, readings: Sequence[tuple[FeedState, Sequence[Item]]], *, now: datetime) -> int:
        """Readings of several feeds, each as `save` does it, all in one transaction; how many items were new."""

    def window(
        self, digest: str, *, since: datetime, until: datetime, oldest: datetime, late: bool = True
    ) -> tuple[Item, ...]:
        """The items that belong to an edition of `digest` with this window, by effective time, then id.

        That is: in no edition of this digest yet; effective time at or before `until` and after `oldest`; and after
        `since`, or first seen after `since` (it arrived too late for the edition it should have been in). A digest's
        first edition passes `late=False`: there is none that an item could have been late for.
        """

    def recent(self, *, since: datetime, until: datetime) -> tuple[Item, ...]:
        """Every item whose effective time lies in (since, until], whatever edition it was in."""

    def active_feeds(self, *, since: datetime, until: datetime) -> AbstractSet[str]:
        """The names of the feeds of those items."""

    def used(self, edition: Edition) -> tuple[Item, ...]:
        """The items that an edition is made of, shown or not, by effective time, then id; those that were not pruned."""

    def find(self, reference: str) -> tuple[Item, ...]:
        """Items by id or canonical URL."""

    def cap_times(self, *, now: datetime) -> None:
        """Take items for seen now that a clock which was ahead has marked as seen later."""

    def rename_feeds(self, names: Mapping[str, str]) -> None:
        """What is stored under each of these names is stored under another from now on, which is free or given up by this."""

    def prune(self, *, before: datetime) -> int:
        """Delete items that are older and that their feed no longer carries; editions stay. Returns how many."""


class Editions(Protocol):
    """Which editions exist, in which state; `day` is a name: a date, or an EditionDate where there are several that day."""

    def latest(self, digest: str, *, until: datetime) -> Edition | None:
        """The last edition whose window was used (ready, done or empty) and ended by then, not in its future."""

    def get(self, digest: str, day: date) -> Edition | None:
        """The edition of this digest and date, None when there is none."""

    def history(self, digest: str, *, limit: int = 30) -> tuple[Edition, ...]:
        """Newest first."""

    def of_day(self, digest: str, day: date) -> tuple[Edition, ...]:
        """The editions of this local date, in any state, in the order of their names."""

    # Not `claimed`: such an edition was cut off before it was published, and is still to be made.
    def dates(self, digest: str) -> frozenset[date]:
        """The name of every edition in any state but `claimed`: none of them is begun again."""

    def claim(self, edition: Edition) -> Edition:
        """Insert the edition, or return the one that exists for this digest and date, with its own window.

        One that was missed is made after all: it gets this window.
        """

    def publish(
        self,
        edition: Edition,
        content: str,
        deliveries: Sequence[Delivery],
        *,
        used: Sequence[str],
        readers: ForReaders | None = None,
        made: datetime | None = None,
    ) -> None:
        """One transaction: the content, made then, which items it used, every delivery; the edition becomes ready.

        `readers` get theirs in the same transaction, one that is in two lists one. `used` names every item of its window, shown or not: none of them returns in a later edition of this digest.
        A second call for the same edition changes nothing; a StoreError is raised for one that was never claimed.
        """

    def revise(
        self,
        edition: Edition,
        content: str,
        frozen: Sequence[Delivery],
        *,
        revision: int,
        made: datetime | None = None,
    ) -> None:
        """One transaction: the content of an edition that was made before, and the deliveries of its new revision.

        What it said before stays in the archive. Older deliveries to the same recipients that were not tried yet are
        cancelled. Raises a StoreError where there is no such edition, or already one of this revision.
        """

    def set_state(self, digest: str, day: date, state: EditionState, *, used: Sequence[str] = ()) -> None:
        """Set the state of an edition; `missed` and `empty` may be set without a claim.

        An `empty` edition uses its window up: `used` as in `publish`. Neither state replaces one that went out.
        """

    def forget_unsent(self, digest: str, *, after: date) -> tuple[date, ...]:
        """Delete editions of later dates of which nothing was sent, and what they used; returns their dates, oldest first."""

    def published(self, digest: str, *, since: date) -> tuple[tuple[date, str], ...]:
        """Name and content (JSON) of the editions after `since` that went out, oldest first."""

    def digests(self) -> frozenset[str]:
        """The names of all digests that have an edition."""

    def rename(self, digest: str, name: str) -> None:
        """All editions of a digest, with what they used and their deliveries, are those of another name, which has none yet."""

    def plans(self, digest: str) -> tuple[tuple[datetime, str], ...]:
        """When a digest goes out, in words of edition/schedule.py, each with since when: the last ones, oldest first."""

    def set_plan(self, digest: str, plan: str, *, since: datetime) -> None:
        """From `since` on the digest goes out as `plan` says."""


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


class Store(Protocol):
    """All of it on one database."""

    @property
    def items(self) -> Items: ...

    @property
    def editions(self) -> Editions: ...

    @property
    def accounts(self) -> Accounts: ...

    @property
    def outbox(self) -> Outbox: ...

    @property
    def ledger(self) -> Ledger: ...

    @property
    def archive(self) -> Archive: ...

    @property
    def leases(self) -> Leases: ...

    @property
    def workers(self) -> Workers: ...

    @property
    def vectors(self) -> Vectors: ...

    @property
    def alerts(self) -> Alerts: ...

    @property
    def subscribers(self) -> Subscribers: ...

    @property
    def suppressions(self) -> Suppressions: ...

    @property
    def changes(self) -> Changes: ...

    @property
    def sessions(self) -> Sessions: ...

    @property
    def choices(self) -> Choices: ...

    @property
    def returned(self) -> ReturnedMails: ...

    # Two installations may have digests of one name for one channel: neither may take the other's messages as its own.
    def installation_id(self) -> str:
        """A random word that no other database has; it survives a restored backup. Part of every delivery's key."""

    def secret(self, name: str) -> bytes:
        """32 random bytes, made when they are first asked for: the same for every process and machine on this database."""

    def beat(self, *, now: datetime) -> None:
        """Write that whoever serves this data folder is alive, for `digestbot healthcheck`.

        Raises:
            DataFolderGone: it was moved, deleted or replaced since it was opened.
        """

    def close(self) -> None:
        """End the connections to the database."""
