"""A site in a thread of its own, for as long as a `with` block lasts."""

from __future__ import annotations

import socket
import threading
from types import TracebackType
from typing import Final, Self

import uvicorn
from starlette.types import ASGIApp

from ..errors import ConfigError
from .guard import MOST_HEADER_BYTES
from .patient_http import PatientProtocol

STOP_SECONDS: Final = 10  # for answers that are on their way; a browser may hold its connection open for ever
_KEEP_ALIVE_SECONDS: Final = 15
_MOST_CONNECTIONS: Final = 1_000
_BACKLOG: Final = 1_024


def listening(address: str) -> socket.socket:
    """A socket that listens on `127.0.0.1:8080` or `[::1]:8080`; port 0 takes a free one.

    Raises:
        ConfigError: the port is taken, or not to be had.
    """
    host, _, port = address.rpartition(":")
    host = host.strip("[]")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        listener = socket.create_server((host, int(port)), family=family, backlog=_BACKLOG)
    except OSError as error:
        reason = f"cannot listen on {address}: {error.strerror}"
        raise ConfigError("DIGESTBOT_WEB__LISTEN", reason, "choose another port, or stop who has it") from None
    # Its connections inherit it. asyncio sets it on sockets of its own alone, and without it the body of an answer waits 40 ms
    # for the browser's word that the head came.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listener


class BackgroundServer:
    """Serves an application on a socket."""

    def __init__(self, app: ASGIApp, listener: socket.socket) -> None:
        self._socket = listener
        self._server = uvicorn.Server(
            uvicorn.Config(
                app,
                http=PatientProtocol,
                h11_max_incomplete_event_size=MOST_HEADER_BYTES,
                limit_concurrency=_MOST_CONNECTIONS,
                timeout_keep_alive=_KEEP_ALIVE_SECONDS,
                timeout_graceful_shutdown=STOP_SECONDS,
                log_config=None,
                log_level="warning",
                access_log=False,
                server_header=False,
                proxy_headers=False,  # clients.py reads them, and believes few
                lifespan="off",
                ws="none",
            )
        )
        # Signals are the command's: uvicorn would take them over where it runs in the main thread.
        self._thread = threading.Thread(target=self._server.run, args=([self._socket],), daemon=True, name="site")

    @property
    def port(self) -> int:
        """The one it listens on."""
        return int(self._socket.getsockname()[1])

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.should_exit = True
        self._thread.join(STOP_SECONDS + 1)
        self._socket.close()
