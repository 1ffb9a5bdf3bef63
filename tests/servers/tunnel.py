r"""A web proxy on loopback that opens tunnels (CONNECT), whatever host is asked for, to one port; or refuses to.

with Tunnel(server_port) as good, Tunnel(answer=b"HTTP/1.1 407 No\r\n\r\n") as bad: ...
"""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Self

_CHUNK = 65536


class Tunnel:
    """Takes connections until the test ends.

    Args:
        port: where tunnels lead; None where none is ever opened.
        answer: bytes instead of a tunnel, after which the connection ends; empty: it ends without a word.
        on_connect: called once a tunnel is asked for, and before anything is answered.
    """

    def __init__(
        self, port: int | None = None, *, answer: bytes = b"", on_connect: Callable[[], None] = lambda: None
    ) -> None:
        self._target, self._answer, self._on_connect = port, answer, on_connect
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        self.asked: list[bytes] = []  # the first lines that it got

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._serve, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _serve(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._answer_one, args=(client,), daemon=True).start()

    def _answer_one(self, client: socket.socket) -> None:
        with client, suppress(OSError):
            head = b""
            while b"\r\n\r\n" not in head:
                if not (more := client.recv(_CHUNK)):
                    return
                head += more
            self.asked.append(head.partition(b"\r\n")[0])
            self._on_connect()
            if self._target is None:
                client.sendall(self._answer)
                return
            with socket.create_connection(("127.0.0.1", self._target)) as server:
                client.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
                back = threading.Thread(target=_pass_on, args=(server, client), daemon=True)
                back.start()
                _pass_on(client, server)
                back.join()


def _pass_on(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(_CHUNK):
            target.sendall(data)
    with suppress(OSError):
        target.shutdown(socket.SHUT_WR)
