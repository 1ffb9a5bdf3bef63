"""HTTP requests that know whether their first byte has left: doubt about a message begins with it, and not before.

What a proxy is told, and how TLS is agreed upon, comes before it: whatever fails there has sent nothing.
"""

from __future__ import annotations

import ssl
import time
from collections.abc import Callable, Mapping
from email.utils import parsedate_to_datetime
from functools import partial
from http.client import HTTPConnection, HTTPResponse, HTTPSConnection, IncompleteRead
from typing import Any, Final
from urllib.error import URLError
from urllib.parse import urlsplit
from urllib.request import HTTPHandler, HTTPSHandler, ProxyHandler, Request, proxy_bypass

MAX_ANSWER_BYTES: Final = (
    8 * 2**20
)  # a topic's cache at ntfy is as long as 2,000 messages of 4 KiB; nothing else comes near
USABLE_PROXY: Final = "a proxy of the environment cannot be used: write HTTPS_PROXY as http://HOST:PORT"
_CHUNK_BYTES: Final = 64 * 2**10


class ProxyUnusable(ValueError):
    """A proxy of the environment that is none: said without its address, which may hold a password."""

    def __init__(self) -> None:
        super().__init__(USABLE_PROXY)


def seconds_ahead(headers: Mapping[str, str], now: float) -> float | None:
    """By how much a clock that says `now` is before the server's, as its answer is dated; None where it says nothing usable.

    Args:
        headers: of the answer, in any case.
        now: seconds since 1970.
    """
    date = next((value for name, value in headers.items() if name.lower() == "date"), "")
    try:
        return now - parsedate_to_datetime(date).timestamp()
    except (ValueError, TypeError, OverflowError):
        return None


class FirstByte:
    """The moment at which one request begins to leave.

    Args:
        allow: asked right before it, once the connection stands; what it raises ends the request, and nothing was sent.
    """

    def __init__(self, allow: Callable[[], None] = lambda: None) -> None:
        self._allow = allow
        self.left = False

    def leave(self) -> None:
        if not self.left:
            self._allow()
            self.left = True


class Proxies(ProxyHandler):
    """urllib's, except that only an address of a proxy is taken for one."""

    def proxy_open(self, req: Request, proxy: str, type: str) -> Any:  # noqa: A002 -- urllib's own
        if req.host and proxy_bypass(req.host):
            return None
        if not _is_proxy(proxy):
            raise ProxyUnusable
        return super().proxy_open(req, proxy, type)


class Http(HTTPHandler):
    """Sends one request in the clear."""

    def __init__(self, first_byte: FirstByte) -> None:
        super().__init__()
        self._first_byte = first_byte

    def http_open(self, req: Request) -> HTTPResponse:
        return self.do_open(partial(_Connection, first_byte=self._first_byte), req)


class Https(HTTPSHandler):
    """Sends one request encrypted; where there is no context, certificates are verified as usual."""

    def __init__(self, first_byte: FirstByte, context: ssl.SSLContext | None = None) -> None:
        super().__init__()
        self._first_byte, self._tls = first_byte, context

    def https_open(self, req: Request) -> HTTPResponse:
        return self.do_open(partial(_TlsConnection, first_byte=self._first_byte, context=self._tls), req)


class _Connection(HTTPConnection):
    def __init__(self, *args: Any, first_byte: FirstByte, **fields: Any) -> None:
        super().__init__(*args, **fields)
        self._first_byte, self._stands = first_byte, False

    def connect(self) -> None:
        super().connect()
        self._stands = True

    def send(self, data: Any) -> None:
        if self.sock is None:
            self.connect()
        if self._stands:  # while it is set up, a proxy is told where to
            self._first_byte.leave()
        super().send(data)


class _TlsConnection(_Connection, HTTPSConnection):
    pass


def reason_of(error: Exception) -> Exception:
    """What urllib wrapped, where it wrapped an exception."""
    return error.reason if isinstance(error, URLError) and isinstance(error.reason, Exception) else error


def read_whole(response: HTTPResponse, seconds: float) -> bytes:
    """The body; the time holds for all of it, so that a server that drips cannot hold up the rest."""
    end, chunks, size = time.monotonic() + seconds, [], 0
    while chunk := response.read1(_CHUNK_BYTES):  # `read` waits until it has so many bytes
        chunks.append(chunk)
        size += len(chunk)
        if size > MAX_ANSWER_BYTES:
            raise ValueError(f"an answer beyond {MAX_ANSWER_BYTES} bytes")
        if time.monotonic() > end:
            raise TimeoutError
    if response.length:  # the loop ends without an error where the connection ended too early
        raise IncompleteRead(b"", response.length)
    return b"".join(chunks)


def _is_proxy(text: str) -> bool:
    try:
        address = urlsplit(text if "://" in text else f"http://{text}")
        return address.scheme in ("http", "https") and bool(address.hostname) and address.port != 0
    except ValueError:
        return False
