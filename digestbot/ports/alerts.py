"""Which alerts are open: Alerts."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Protocol


class Alerts(Protocol):
    """Which alerts were sent to the operator, so that a restart repeats none."""

    def open_alerts(self) -> Mapping[str, str]:
        """What is broken and why, oldest first."""

    def record(self, begun: Mapping[str, str], *, forget: Collection[str], now: datetime) -> None:
        """In one transaction: add alerts that were sent at `now`, and delete the subjects that work again."""
