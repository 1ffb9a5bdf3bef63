"""Open the store: find or make the folder and the database, and bring it up to date."""

from __future__ import annotations

import secrets
import stat
from datetime import datetime
from pathlib import Path

from sqlalchemy import func, insert, select

from ..errors import DataFolderGone
from ..ports import (
    Accounts,
    Alerts,
    Archive,
    Changes,
    Choices,
    Counts,
    Editions,
    Items,
    Leases,
    Ledger,
    Outbox,
    ReturnedMails,
    Sessions,
    Subscribers,
    Suppressions,
    Vectors,
    Workers,
)
from .accounts import AccountStore
from .alerts import AlertStore
from .archive import ArchiveStore
from .counts import CountStore
from .database import FILE, Database, database_address
from .editions import EditionStore
from .errors import system_errors
from .heartbeats import record_heartbeat
from .items import ItemStore
from .kept_secrets import kept_secret
from .leases import LeaseStore
from .ledger import LedgerStore
from .migrate import migrate
from .operators import ChangeStore, ChoiceStore, SessionStore
from .outbox import OutboxStore
from .queue import JobQueue
from .returned import ReturnedStore
from .schema import installation
from .subscribers import SubscriberStore
from .suppressions import SuppressionStore
from .vectors import VectorStore
from .workers import WorkerStore


class Stores:
    """`ports.Store`: all of it on one database."""

    def __init__(self, database: Database, data: Path | None = None, *, queue: JobQueue | None = None) -> None:
        self.items: Items = ItemStore(database)
        self.editions: Editions = EditionStore(database, queue)
        self.accounts: Accounts = AccountStore(database)
        self.outbox: Outbox = OutboxStore(database, data)
        self.ledger: Ledger = LedgerStore(database)
        self.archive: Archive = ArchiveStore(database)
        self.leases: Leases = LeaseStore(database, data)
        self.workers: Workers = WorkerStore(database)
        self.counts: Counts = CountStore(database)
        self.vectors: Vectors = VectorStore(database)
        self.alerts: Alerts = AlertStore(database)
        self.subscribers: Subscribers = SubscriberStore(database)
        self.suppressions: Suppressions = SuppressionStore(database)
        self.changes: Changes = ChangeStore(database)
        self.sessions: Sessions = SessionStore(database)
        self.choices: Choices = ChoiceStore(database)
        self.returned: ReturnedMails = ReturnedStore(database)
        self.database = database
        self.queue = queue  # where deliveries are put as jobs; None: whoever makes an edition delivers it
        self._data = data
        self._place = data / FILE if data and database.sqlite else data
        self._identity = _identity(self._place)

    def installation_id(self) -> str:
        # The smallest: two processes that begin at once may both insert one.
        known = select(func.min(installation.c.id))
        with self.database.reading() as connection:
            existing: str | None = connection.scalar(known)
        if existing is None:
            with self.database.writing() as connection:
                connection.execute(insert(installation).values(id=secrets.token_hex(8)))
                existing = connection.scalar(known)
        return existing or ""

    def secret(self, name: str) -> bytes:
        return kept_secret(self.database, name)

    def beat(self, *, now: datetime) -> None:
        if self._identity is not None and _identity(self._place) != self._identity:
            raise DataFolderGone(
                f"{self._place} was moved, deleted or replaced while digestbot worked on it: put it back, for it knows what was "
                "sent, then start digestbot again"
            )
        record_heartbeat(self.database, self._data, now=now)

    def close(self) -> None:
        self.database.close()


def _identity(path: Path | None) -> tuple[int, int] | None:
    """Which file this is; None where there is none. Of a folder only that it is there: on some file systems its number changes."""
    try:
        found = path.stat() if path else None
    except OSError:
        return None
    if found is None:
        return None
    return (0, 0) if stat.S_ISDIR(found.st_mode) else (found.st_dev, found.st_ino)


def open_store(data: Path, database_url: str = "", *, queued: bool = False) -> Stores:
    """The store in the folder `data`, or at `database_url` where one is given; made or brought up to date as needed.

    `queued`: what is published is put into the queue of that database in the same transaction; see jobs/queue_schema.py.

    A folder that is missing is made, readable for its owner only. It grows until `items.prune` and `outbox.prune` are called,
    once a day or so: nothing here does it by itself.

    Raises:
        StoreError: the folder or database cannot be made, opened or read, or is newer than this version. No message
            holds the password of the URL.
    """
    url, name = database_address(data, database_url)
    if not database_url:
        make_folder(data)
    return migrated(Database(url, name), data, queued=queued)


def migrated(database: Database, data: Path | None = None, *, told: bool = True, queued: bool = False) -> Stores:
    """The stores on a database that is brought up to date first; `data` is the folder of whoever delivers from it."""
    try:
        migrate(database, told=told)
    except BaseException:
        database.close()
        raise
    return Stores(database, data, queue=JobQueue(database) if queued else None)


def make_folder(data: Path) -> None:
    """Make the data folder where it is missing. Only its owner may look in: it will hold addresses of readers."""
    with system_errors(f"the data folder {data} cannot be made"):
        data.mkdir(mode=0o700, parents=True, exist_ok=True)
