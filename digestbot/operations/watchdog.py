"""A process that gives no sign of life any more is ended, so that its unit starts it again."""

from __future__ import annotations

import logging
import os
import threading
from typing import Final, Self

LOG = logging.getLogger("digestbot")
SILENCE_SECONDS: Final = 25  # with the looks between it, and what hangs at its end, within half a minute
_LOOK_SECONDS = 1.0


class Watchdog:
    """Counts its own seconds: after a suspended process goes on it has the same time as before to give its sign.

    Args:
        silence: seconds that may go by without a sign.
    """

    def __init__(self, silence: float = SILENCE_SECONDS) -> None:
        self._most = silence / _LOOK_SECONDS
        self._missed = 0
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="watchdog", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def beat(self) -> None:
        """A sign of life: given where work goes on, not beside it."""
        self._missed = 0

    def _watch(self) -> None:
        while not self._over.wait(_LOOK_SECONDS):
            self._missed += 1
            if self._missed > self._most:
                LOG.error("the worker gave no sign of life for %d seconds: it ends, to be started again", self._missed)
                os._exit(1)
