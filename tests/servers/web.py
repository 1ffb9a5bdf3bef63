"""A real HTTP server on the loopback addresses, which says what a test tells it to and records what it was asked."""

from __future__ import annotations

import ssl
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import BinaryIO, Self

ALLOWED = ("127.0.0.0/8",)


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What was asked, and when (seconds of the monotonic clock)."""

    method: str
    path: str
    headers: Mapping[str, str]  # names in lower case
    at: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What to answer. `raw` takes the connection over and writes whatever bytes it likes."""

    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    raw: Callable[[BinaryIO], None] | None = None


class _Listener(ThreadingHTTPServer):
    daemon_threads = True
    # Five by default: of hundreds that connect at once the others would be heard a second later, or never.
    request_queue_size = 1024


class WebServer:
    """Use as a context manager; every address 127.x.y.z is a host of its own."""

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        self.requests: list[Request] = []
        self._routes: dict[str, Reply | Callable[[Request], Reply]] = {}
        self._server = _Listener(("0.0.0.0", 0), self._handler())
        if tls:
            self._server.socket = tls.wrap_socket(self._server.socket, server_side=True)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    def serve(
        self,
        path: str,
        reply: bytes | Reply | Callable[[Request], Reply],
        *,
        host: str = "127.0.0.1",
        content_type: str = "application/xml",
    ) -> str:
        """Answer this path so from now on; returns its address."""
        if isinstance(reply, bytes):
            reply = Reply(body=reply, headers={"Content-Type": content_type})
        self._routes[path] = reply
        return self.url(path, host=host)

    def url(self, path: str, *, host: str = "127.0.0.1") -> str:
        """The address of a path, answered or not (404)."""
        return f"http://{host}:{self.port}{path}"

    def asked(self, path: str) -> list[Request]:
        """The requests for this path, in order."""
        return [request for request in self.requests if request.path == path]

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                headers = {name.lower(): value for name, value in self.headers.items()}
                request = Request(method=self.command, path=self.path, headers=headers, at=time.monotonic())
                outer.requests.append(request)
                reply = outer._routes.get(self.path, Reply(status=404))
                self._answer(reply(request) if callable(reply) else reply)

            do_HEAD = do_GET  # noqa: N815 -- the name http.server looks for

            def _answer(self, reply: Reply) -> None:
                try:
                    if reply.raw is not None:
                        self.close_connection = True
                        reply.raw(self.wfile)
                        return
                    self.send_response(reply.status)
                    for name, value in {"Content-Length": str(len(reply.body)), **reply.headers}.items():
                        self.send_header(name, value)
                    self.end_headers()
                    self.wfile.write(reply.body)
                except OSError:
                    self.close_connection = True  # the client had enough

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 -- the name it overrides
                pass

        return Handler
