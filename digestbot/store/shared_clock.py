"""The clock that machines on one database share: the server's. A file has none, and one machine."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Interval, func, literal

from .column_types import UtcDateTime
from .database import Database


def moment(
    database: Database, clock: Callable[[], datetime], later: timedelta = timedelta()
) -> ColumnElement[datetime]:
    """So much later than now, for a statement; `clock` tells the time of a database that has none of its own."""
    if database.sqlite:
        return literal(clock() + later, UtcDateTime())
    return func.clock_timestamp(type_=UtcDateTime()) + literal(later, Interval())
