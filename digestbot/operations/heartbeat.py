"""A call to a monitor when a run begins, went well or failed, as healthchecks.io and its like take it."""

from __future__ import annotations

import http.client
import logging
from dataclasses import dataclass, field
from urllib.request import Request, urlopen

from ..settings import Loaded

_TIMEOUT = 5.0  # seconds; a monitor that is down must not hold up a digest

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Ping:
    """Calls an http(s) address, which is a secret; does nothing where there is none. Never raises."""

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
        except (OSError, ValueError, http.client.HTTPException) as error:
            _log.warning("the monitor could not be called (%s)", type(error).__name__)


def ping(loaded: Loaded) -> Ping:
    """The monitor that is called about runs."""
    url = loaded.settings.alerts.ping_url
    return Ping(url.get_secret_value() if url else "")
