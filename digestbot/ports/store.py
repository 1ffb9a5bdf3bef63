"""What is kept: items, editions, deliveries and alerts, on one database."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import date, datetime
from typing import Protocol

from ..model import Delivery, Edition, EditionState, FeedSource, FeedState, ForReaders, Item
from .accounts import Accounts
from .alerts import Alerts
from .archive import Archive
from .counts import Counts
from .leases import Leases
from .ledger import Ledger
from .operators import Changes, Choices, Sessions
from .outbox import Outbox
from .returned import ReturnedMails
from .subscribers import Subscribers, Suppressions
from .vectors import Vectors
from .workers import Workers


class Items(Protocol):
    """Everything collected."""

    def states(self, names: Collection[str] | None = None) -> Mapping[str, FeedState]:
        """What is remembered of every feed that was ever read, by name; or of those with these names alone."""

    def sources(self) -> Mapping[str, FeedSource]:
        """What every feed that was ever read was configured as, and its title, by name."""

    def due(self, *, at: datetime, beyond: datetime, read_by: datetime) -> Mapping[str, FeedState]:
        """Of feeds that may have their turn at a moment what is remembered, by name. None of them is gone.

        Args:
            at: the moment: their stored turn has come by then, or they have none.
            beyond: or it comes after this, which is so late that a wrong clock has set it.
            read_by: or they were read by then, and ask themselves for nothing that is later than `at`.
        """

    def failing(self) -> Mapping[str, FeedState]:
        """Of feeds whose last attempt failed what is remembered, by name."""

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

    def recent(self, *, since: datetime, until: datetime, limit: int | None = None) -> tuple[Item, ...]:
        """Every item whose effective time lies in (since, until], whatever edition it was in; the newest, where there is a limit."""

    def count(self, *, since: datetime, until: datetime) -> int:
        """How many items `recent` would return without a limit."""

    def by_ids(self, ids: Collection[str]) -> tuple[Item, ...]:
        """The items of these ids that are stored."""

    def begun(self, feeds: Collection[str]) -> Mapping[str, datetime]:
        """When the first of what is stored of each of these feeds was seen."""

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
    def counts(self) -> Counts: ...

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
