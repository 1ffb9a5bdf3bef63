"""Who works on what alone, over all processes and machines on one database."""

from __future__ import annotations

from collections.abc import Collection
from collections.abc import Set as AbstractSet
from typing import Protocol


class Leases(Protocol):
    """Names that one process holds until a moment; moments are of the clock of the database, where machines share one."""

    def take(self, names: Collection[str], *, seconds: float) -> AbstractSet[str]:
        """Those of them that were free, or whose holder has certainly ended: held by whoever asks, for so many seconds."""

    def renew(self, names: Collection[str], *, seconds: float) -> AbstractSet[str]:
        """Those that whoever asks still holds: from now on for so many seconds."""

    def leave(self, names: Collection[str], *, rest: float = 0.0) -> None:
        """Whoever asks holds them no longer; after so many seconds they are free."""

    def prune(self) -> None:
        """Forget those that have been free for a day."""
