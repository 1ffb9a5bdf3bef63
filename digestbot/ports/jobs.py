"""Work that is put down for whoever does it: a hint, for what is to be done stands in the ledger."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

from ..model import JobKind


class Jobs(Protocol):
    """What waits to be done. One that is lost is put again by who finds its work undone; one that comes twice does no harm."""

    def put(self, kind: JobKind, key: str, *, not_before: datetime | None = None) -> None:
        """Whoever does this kind does it, at once or from that moment on; one that waits already is not put twice."""

    def waiting(self) -> Mapping[JobKind, int]:
        """How many of each kind nobody has begun."""
