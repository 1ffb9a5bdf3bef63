"""A request to a monitor when a run starts, succeeds or fails, as healthchecks.io and compatible services expect it."""

from __future__ import annotations

import http.client
import logging
from dataclasses import dataclass, field
from urllib.request import Request, urlopen

from ..settings import Loaded

_TIMEOUT = 5.0  # seconds; a monitor that is down must not hold up a digest

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """Requests an http(s) address, which is a secret; does nothing where none is configured. Never raises."""

    url: str = field(default="", repr=False)

    def start(self) -> None:
        self._call("/start")

    def success(self) -> None:
        self._call("")

    def fail(self) -> None:
        self._call("/fail")

    def _call(self, suffix: str) -> None:
        if not self.url:
            return
        try:
            request = Request(self.url.rstrip("/") + suffix, headers={"User-Agent": "digestbot"})  # noqa: S310 -- settings take http(s) only
            with urlopen(request, timeout=_TIMEOUT):  # noqa: S310 -- as above
                pass
        # HTTPException is no OSError: a server that breaks off its answer raises one.
        # The error itself is not logged: its text may hold the address.
        except (OSError, ValueError, http.client.HTTPException) as error:
            _log.warning("the monitor (ALERTS__PING_URL) could not be reached (%s)", type(error).__name__)


def heartbeat(loaded: Loaded) -> Heartbeat:
    """The monitor that the configuration names."""
    url = loaded.settings.alerts.ping_url
    return Heartbeat(url.get_secret_value() if url else "")
