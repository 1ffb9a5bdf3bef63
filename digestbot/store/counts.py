"""What stands in the items of days that are over."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict
from datetime import date

from sqlalchemy import PrimaryKeyConstraint, Table, delete, insert, select

from ..model import CountedDay
from .database import Database
from .errors import Conflict
from .schema import columns_of, metadata

counted_days = Table("counted_days", metadata, *columns_of(CountedDay), PrimaryKeyConstraint("day"))


class CountStore:
    """`ports.Counts` on a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of(self, *, first: date, last: date) -> Mapping[date, CountedDay]:
        known = select(counted_days).where(counted_days.c.day.between(first, last))
        with self._database.reading() as connection:
            return {row["day"]: CountedDay(**row) for row in connection.execute(known).mappings()}

    def stored(self, *, first: date, last: date) -> Mapping[date, int]:
        known = select(counted_days.c.day, counted_days.c.stored).where(counted_days.c.day.between(first, last))
        with self._database.reading() as connection:
            return {row.day: row.stored for row in connection.execute(known)}

    def keep(self, counted: CountedDay) -> None:
        # Another process counts the same day at once: it finds the same.
        with suppress(Conflict), self._database.writing() as connection:
            connection.execute(delete(counted_days).where(counted_days.c.day == counted.day))
            connection.execute(insert(counted_days).values(asdict(counted)))

    def prune(self, *, before: date) -> int:
        with self._database.writing() as connection:
            return connection.execute(delete(counted_days).where(counted_days.c.day < before)).rowcount
