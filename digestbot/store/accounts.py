"""The accounts that mail is sent through: one row each, read and written in the transaction of whoever takes from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, fields
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, bindparam, func, select, update
from sqlalchemy.dialects import postgresql, sqlite

from ..model import Account, AccountState, after_mail, after_refusal, next_mail
from .column_types import UtcDateTime
from .database import Database
from .schema import accounts

_NAMES = [part.name for part in fields(AccountState)]
_COLUMNS = [accounts.c[name] for name in _NAMES]
_THIS = accounts.c.name == bindparam("account")
_PUT = update(accounts).where(_THIS).values({name: bindparam(f"new_{name}") for name in _NAMES if name != "name"})


class AccountStore:
    """`ports.Accounts` on a database, and what a claim takes from a bucket."""

    def __init__(self, database: Database) -> None:
        self._database = database
        # Machines that share a database share one clock by it.
        clock = [] if database.sqlite else [func.clock_timestamp(type_=UtcDateTime()).label("clock")]
        self._one = select(*_COLUMNS, *clock).where(_THIS)
        self._look = database.prepared(self._one)
        # Who takes from a bucket waits for who is taking; who need not take waits for nobody.
        self._look_alone = database.prepared(self._one.with_for_update())
        self._put = database.prepared(_PUT)
        insert: Any = (sqlite.insert if database.sqlite else postgresql.insert)(accounts)
        self._known = insert.values(name=bindparam("account")).on_conflict_do_nothing()
        self._make = database.prepared(self._known)

    def states(self) -> Mapping[str, AccountState]:
        with self._database.reading() as connection:
            return {row["name"]: AccountState(**row) for row in connection.execute(select(*_COLUMNS)).mappings()}

    def refuse(self, name: str, *, now: datetime, why: str, rest: timedelta | None = None) -> datetime:
        with self._database.writing() as connection:
            connection.execute(self._known, {"account": name})
            state, clock = self._read(connection, name, now)
            after = after_refusal(state, clock, why=why, rest=rest)
            connection.execute(_PUT, _values(after))
        return now + ((after.rests_until or clock) - clock)

    def resume(self) -> None:
        with self._database.writing() as connection:
            connection.execute(
                update(accounts).where(accounts.c.rests_until.is_not(None)).values(rests_until=None, why="")
            )

    def wait(self, cursor: Any, account: Account, *, now: datetime) -> tuple[timedelta, dict[str, Any] | None]:
        """How long the next mail has to wait, and what is to be written (by `take`) where one is sent that need not.

        Args:
            cursor: of the claim's transaction.
            account: through which it is to be sent.
            now: the time; a shared database goes by its own clock.
        """
        look = self._look_alone if account.limited else self._look
        look.execute(cursor, account=account.name)
        row = look.one(cursor)
        if row is None and account.limited:
            self._make.execute(cursor, account=account.name)
            look.execute(cursor, account=account.name)
            row = look.one(cursor)
        if row is None:
            return timedelta(), None
        state = AccountState(**dict(zip(_NAMES, row, strict=False)))
        clock = now if self._database.sqlite else row[-1]
        wait = next_mail(account, state, clock) - clock
        if wait or not (account.limited or state.halvings(clock)):
            return wait, None
        return wait, _values(after_mail(account, state, clock))

    def take(self, cursor: Any, values: dict[str, Any]) -> None:
        """Write what `wait` returned."""
        self._put.execute(cursor, **values)

    def _read(self, connection: Connection, name: str, now: datetime) -> tuple[AccountState, datetime]:
        row = connection.execute(self._one.with_for_update(), {"account": name}).mappings().one()
        return AccountState(**{name: row[name] for name in _NAMES}), now if self._database.sqlite else row["clock"]


def _values(state: AccountState) -> dict[str, Any]:
    return {"account": state.name} | {f"new_{name}": value for name, value in asdict(state).items() if name != "name"}
