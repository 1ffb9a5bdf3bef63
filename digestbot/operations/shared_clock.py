"""The time by the database that machines share: a machine whose own clock is wrong does nothing too early or too late."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

from ..ports import Store


class DatabaseClock:
    """The time by the database that machines share, as it was asked last, and the seconds since."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.ask()

    def ask(self) -> None:
        """Ask it anew."""
        began = time.monotonic()
        now = self._store.outbox.claim_clock(datetime.now(UTC))
        self._base = now, (began + time.monotonic()) / 2

    def __call__(self) -> datetime:
        now, asked = self._base
        return now + timedelta(seconds=time.monotonic() - asked)
