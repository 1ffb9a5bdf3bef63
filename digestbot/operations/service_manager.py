"""What systemd is told of `serve`: that it is ready, and still at work (sd_notify(3))."""

from __future__ import annotations

import logging
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

AT_WORK: Final = "READY=1\nWATCHDOG=1"  # both at once: said again, the first one means nothing
_SECONDS = 1.0  # a service manager that does not listen must not hold up a digest

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ServiceManager:
    """Whoever started the process; nobody where `address` is empty. Never raises."""

    address: str = ""  # the value of NOTIFY_SOCKET: a path, or an abstract name behind an @

    def tell(self, state: str) -> None:
        """Send one state.

        Args:
            state: as sd_notify(3) writes it, `STATUS=` and a line of words for instance.
        """
        if not self.address:
            return
        address = "\0" + self.address[1:] if self.address.startswith("@") else self.address
        try:
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as told:
                told.settimeout(_SECONDS)
                told.connect(address)
                told.send(state.encode())
        except (OSError, ValueError, AttributeError) as error:  # Windows has no AF_UNIX
            _log.warning("the service manager (NOTIFY_SOCKET) could not be told %s: %s", state, error)


NOBODY: Final = ServiceManager()


def service_manager(environ: Mapping[str, str]) -> ServiceManager:
    """The one that the environment names."""
    return ServiceManager(environ.get("NOTIFY_SOCKET", ""))
