"""Deliveries claimed several at a time, for one sync of the disk: a journal keeps what is begun and sent meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from typing import Any

from ..model import Account, Delivery, DeliveryState
from .claims import Claims
from .database import Database
from .journal import Entry, Journal, Stage
from .together import Together


class ClaimedAhead:
    """`ports.ClaimsAhead` on SQLite.

    Args:
        database: SQLite.
        claims: the statements.
        together: what writes them.
        data: the data folder, which the journal is kept in.
        me: who claims, as a claim names them.
    """

    def __init__(
        self, database: Database, claims: Claims, together: Together, data: Path, me: Callable[[], str]
    ) -> None:
        self._database, self._claims, self._together, self._data, self._me = database, claims, together, data, me
        self._looking = ExitStack()
        self._cursor: Any = None
        self._seen = 0  # the version of the database that the claims were made in
        self._journal: Journal | None = None
        self._unused: dict[str, tuple[Delivery, str]] = {}  # not begun, with the account it was bound to before; by key
        self._sent: list[Delivery] = []

    def claim(
        self, asked: Sequence[Delivery], *, now: datetime, account: Account | None
    ) -> tuple[Delivery | None, ...]:
        me = self._me()
        if self._journal is not None and self._journal.me != me:
            self.close()
        journal = self._journal = self._journal or Journal(self._data, me)
        # Before they are made: what was claimed and never begun can be given back whenever this process ends.
        claims = [Entry(key=one.key, attempts=one.attempts + 1, stage="claimed", word=one.account) for one in asked]
        journal.write(*claims)

        def work(cursor: Any) -> tuple[Delivery | None, ...]:
            self._record(cursor)
            return self._claims.claim(cursor, asked, now=now, account=account, me=me)

        claimed = self._together.write(work)
        self._sent.clear()
        journal.forget(*claims)
        self._seen = self._version()
        for was, one in zip(asked, claimed, strict=False):
            if one is not None and one.state is DeliveryState.SENDING:
                self._unused[one.key] = (one, was.account)
        return claimed

    def still(self, delivery: Delivery, *, now: datetime) -> Delivery:
        if self._version() == self._seen:
            return delivery  # nothing was changed since
        why = self._claims.barred(self._looks(), delivery, now=now)
        if not why:
            return delivery
        self._unused.pop(delivery.key, None)
        return self._together.write(lambda cursor: self._claims.cancel(cursor, delivery, why))

    def begin(self, delivery: Delivery) -> None:
        self._note("begun", delivery)
        self._unused.pop(delivery.key, None)

    def sent(self, delivery: Delivery) -> None:
        self._sent.append(delivery)
        self._note("sent", delivery, delivery.remote_id)

    def give_back(self) -> None:
        if not self._sent and not self._unused:
            return

        def work(cursor: Any) -> None:
            self._record(cursor)
            for one, account in self._unused.values():
                self._claims.give_back(cursor, key=one.key, attempts=one.attempts, account=account, me=one.claimed_by)

        self._together.write(work)
        self._sent.clear()
        self._unused.clear()
        if self._journal is not None:
            self._journal.forget()

    def close(self) -> None:
        self._looking.close()
        self._cursor = None
        if self._journal is not None:
            self._journal.close(done=not self._sent and not self._unused)
        self._journal = None

    def _looks(self) -> Any:
        if self._cursor is None:
            self._cursor = self._looking.enter_context(self._database.looking())
        return self._cursor

    def _version(self) -> int:
        """Another one once anything was committed over another connection (sqlite.org/pragma.html#pragma_data_version)."""
        cursor = self._looks()
        cursor.execute("PRAGMA data_version")
        [(version,)] = cursor.fetchall()
        return int(version)

    def _record(self, cursor: Any) -> None:
        self._claims.record_all_sent(cursor, self._sent)

    def _note(self, stage: Stage, delivery: Delivery, word: str = "") -> None:
        if self._journal is not None:
            self._journal.write(Entry(key=delivery.key, attempts=delivery.attempts, stage=stage, word=word))
