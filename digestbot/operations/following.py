"""The last good configuration of a file that may change while a process works."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Final

from ..errors import ConfigError
from ..settings import Loaded, config_fingerprint

LOG = logging.getLogger("digestbot")
CONFIGURATION: Final = "configuration"  # what an alert about it is called


def tell_refused(reason: str) -> dict[str, str]:
    """Log that a changed file is not in use, and why; the same as a problem for the operator."""
    LOG.error("%s; the last good configuration stays in use", reason)
    return {CONFIGURATION: f"{reason}; the last good configuration stays in use"}


class Following:
    """What was read last without an error."""

    def __init__(self, read: Callable[[], Loaded]) -> None:
        self._read = read
        self.loaded = read()
        self.refused: dict[str, str] = {}  # as a problem: why the file as it is now is not in use
        self._seen = config_fingerprint(self.loaded)

    def look(self) -> None:
        """Read it again where it has changed; a broken one is told, and changes nothing."""
        before = config_fingerprint(self.loaded)
        if before == self._seen:
            return
        self._seen = before
        try:
            self.loaded = self._read()
        except ConfigError as error:
            self.refused = tell_refused(str(error))
            return
        self.refused = {}
        self._seen = config_fingerprint(self.loaded)
        LOG.info("configuration reloaded from %s", self.loaded.path)
