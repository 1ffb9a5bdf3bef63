"""The sign of life that `serve` gives, also from within work that takes long.

No thread gives it: one that beats by itself would tell of a life that the work beside it does not have.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from ..errors import DataFolderGone, DigestbotError, Stopped
from ..ports import Store
from .service_manager import AT_WORK, NOBODY, ServiceManager

BEAT_SECONDS: Final = 20.0  # `healthcheck` allows two minutes; one delivery to a slow server may take one of them


@dataclass(slots=True, kw_only=True)
class Pulse:
    """Of one daemon."""

    store: Store
    stop: threading.Event  # set once the data folder is gone, so that nothing more is sent
    elapsed: Callable[[], float]  # seconds by a clock that cannot be set
    manager: ServiceManager = NOBODY  # told of each, for its watchdog
    gone: str = ""  # what became of the data folder
    _beaten: float | None = None

    def beat(self) -> None:
        """Write it.

        Raises:
            Stopped: the data folder is gone.
            StoreError: it could not be written.
        """
        try:
            # The clock of the machine, whatever the daemon takes for its own: `healthcheck` asks that one.
            self.store.beat(now=datetime.now(UTC))
            self.manager.tell(AT_WORK)
        except DataFolderGone as error:
            self.gone = str(error)
            self.stop.set()
            raise Stopped(self.gone) from None
        finally:
            self._beaten = self.elapsed()

    def stopping(self) -> bool:
        """Whether work is to end. Whatever takes long asks this again and again, so here its signs of life are given."""
        due = self._beaten is None or abs(self.elapsed() - self._beaten) >= BEAT_SECONDS
        if due and not self.stop.is_set():
            with suppress(DigestbotError):  # the work that is under way meets the same trouble, and says so
                self.beat()
        return self.stop.is_set()
