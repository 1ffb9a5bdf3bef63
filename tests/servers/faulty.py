"""A loopback HTTP server of a service whose next answers can be made to fail: what the fakes of Slack and ntfy share."""

from __future__ import annotations

import ssl
import threading
from collections import defaultdict
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Generic, Self, TypeVar

F = TypeVar("F")
K = TypeVar("K", bound=str)  # the kinds of calls


class FaultyServer(Generic[F, K]):
    """Use as a context manager. Every call is of a kind: a method of Slack's, or what ntfy was asked for."""

    def __init__(self, handler: type[BaseHTTPRequestHandler]) -> None:
        self.calls: list[tuple[str, Any]] = []  # the kind, and what it was called with
        self._faults: dict[str, list[F]] = defaultdict(list)
        self._lock = threading.Lock()
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._http.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._http.server_port}"

    def encrypt(self, context: ssl.SSLContext) -> None:
        """Speak TLS from now on."""
        self._http.socket = context.wrap_socket(self._http.socket, server_side=True)

    def fail(self, kind: K, *faults: F) -> None:
        """Queue faults for the next calls of a kind, one each."""
        self._faults[kind] += faults

    def count(self, kind: str) -> int:
        """How often it was called so, whatever came of it."""
        return sum(called == kind for called, _ in self.calls)

    def __enter__(self) -> Self:
        threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self

    def __exit__(self, *exc: object) -> None:
        self._http.shutdown()
        self._http.server_close()

    def _called(self, kind: str, what: object) -> F | None:
        """Note a call; the fault that waits for it, if any."""
        with self._lock:
            self.calls.append((kind, what))
            return self._faults[kind].pop(0) if self._faults[kind] else None
