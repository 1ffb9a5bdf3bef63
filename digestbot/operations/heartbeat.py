"""A request to a monitor when a run starts, succeeds or fails, as healthchecks.io and compatible services expect it."""

from __future__ import annotations

import http.client
import logging
import threading
from dataclasses import dataclass, field
from urllib.error import HTTPError
from urllib.request import Request

from ..channels.redirects import opener_without_redirects
from ..settings import Loaded

_TIMEOUT = 10.0  # seconds in all; a monitor that is down must not hold up a digest

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
        # In a thread that is left behind: a server that sends a byte now and then outlasts every timeout of a socket.
        call = threading.Thread(target=self._request, args=(suffix,), name="monitor", daemon=True)
        call.start()
        call.join(_TIMEOUT)
        if call.is_alive():
            _log.warning("the monitor (ALERTS__PING_URL) did not answer within %d seconds", _TIMEOUT)

    def _request(self, suffix: str) -> None:
        try:
            request = Request(self.url.rstrip("/") + suffix, headers={"User-Agent": "digestbot"})  # noqa: S310 -- settings take http(s) only
            with opener_without_redirects().open(request, timeout=_TIMEOUT):
                pass
        except HTTPError as error:
            if 300 <= error.code < 400:
                _log.warning("the monitor (ALERTS__PING_URL) redirects (HTTP %d), which is not followed", error.code)
            else:
                _log.warning("the monitor (ALERTS__PING_URL) answered with HTTP %d", error.code)
        # HTTPException is no OSError: a server that breaks off its answer raises one. The error itself is not logged: its
        # text may hold the address.
        except (OSError, ValueError, http.client.HTTPException) as error:
            _log.warning("the monitor (ALERTS__PING_URL) could not be reached (%s)", type(error).__name__)


def heartbeat(loaded: Loaded) -> Heartbeat:
    """The monitor that the configuration names."""
    url = loaded.settings.alerts.ping_url
    return Heartbeat(url.get_secret_value() if url else "")
