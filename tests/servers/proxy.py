"""A TCP proxy for tests: between a client and a server, it can freeze, cut, and refuse.

Frozen, it takes what is sent and passes nothing on, as a server that was stopped or a network that drops everything.
"""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Self

_CHUNK = 65536
_PORT_TAKEN = 10.0  # seconds


class Proxy:
    """Listens on a free loopback port, and passes on to another."""

    def __init__(self, port: int) -> None:
        self._target = port
        self._open = threading.Event()
        self._open.set()
        self._lock = threading.Lock()
        self._sockets: list[socket.socket] = []
        self._listener: socket.socket | None = None
        self.port = 0
        self.connections = 0  # that were made through it

    def __enter__(self) -> Self:
        self._listen()
        return self

    def __exit__(self, *_: object) -> None:
        self.refuse()
        self._open.set()

    def freeze(self) -> None:
        """From now on nothing is passed on; connections are still taken."""
        self._open.clear()

    def thaw(self) -> None:
        """Pass on again, first what has come meanwhile."""
        self._open.set()

    def cut(self) -> None:
        """End every connection; new ones are taken."""
        with self._lock:
            ended, self._sockets = self._sockets, []
        for each in ended:
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()

    def refuse(self) -> None:
        """Cut, and take no connection until `accept`."""
        listener, self._listener = self._listener, None
        if listener is not None:
            with suppress(OSError):
                listener.shutdown(socket.SHUT_RDWR)
            listener.close()
        self.cut()

    def accept(self) -> None:
        """After `refuse`: take connections again, on the same port."""
        self._listen()

    @contextmanager
    def away(self, seconds: float) -> Iterator[None]:
        """Refuse now, and accept again after so many seconds."""
        self.refuse()
        timer = threading.Timer(seconds, self.accept)
        timer.start()
        try:
            yield
        finally:
            timer.join()

    def _listen(self) -> None:
        listener = self._bound()
        self.port = int(listener.getsockname()[1])
        self._listener = listener
        threading.Thread(target=self._serve, args=(listener,), daemon=True).start()

    def _bound(self) -> socket.socket:
        # While nothing listens there, the system may give the port to some outgoing connection for a moment.
        end = time.monotonic() + _PORT_TAKEN
        while True:
            try:
                return socket.create_server(("127.0.0.1", self.port))
            except OSError:
                if time.monotonic() > end:
                    raise
                time.sleep(0.05)

    def _serve(self, listener: socket.socket) -> None:
        while True:
            try:
                client, _ = listener.accept()
            except OSError:
                return
            try:
                server = socket.create_connection(("127.0.0.1", self._target))
            except OSError:
                client.close()
                continue
            with self._lock:
                self.connections += 1
                self._sockets += [client, server]
            for source, target in ((client, server), (server, client)):
                threading.Thread(target=self._pass_on, args=(source, target), daemon=True).start()

    def _pass_on(self, source: socket.socket, target: socket.socket) -> None:
        with suppress(OSError):
            while data := source.recv(_CHUNK):
                self._open.wait()
                target.sendall(data)
        for each in (source, target):
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
