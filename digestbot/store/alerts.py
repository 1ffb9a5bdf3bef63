"""Which alerts were sent to the operator."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import delete, insert, select

from .database import Database
from .schema import alerts


class AlertStore:
    """`ports.Alerts` on a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def open_alerts(self) -> Mapping[str, str]:
        with self._database.reading() as connection:
            return {row.subject: row.reason for row in connection.execute(select(alerts).order_by(alerts.c.since))}

    def record(self, begun: Mapping[str, str], *, forget: Collection[str], now: datetime) -> None:
        if not begun and not forget:
            return
        with self._database.writing() as connection:
            connection.execute(delete(alerts).where(alerts.c.subject.in_([*begun, *forget])))
            if begun:
                rows = [{"subject": subject, "reason": reason, "since": now} for subject, reason in begun.items()]
                connection.execute(insert(alerts), rows)
