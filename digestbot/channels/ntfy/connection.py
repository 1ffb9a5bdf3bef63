"""HTTP to one ntfy server: every answer comes back as it is, no redirect is followed, and no error shows a secret.

A failure before the first byte of a request left means that nothing arrived; any later one leaves doubt.
"""

from __future__ import annotations

import base64
import time
from functools import partial
from http.client import HTTPConnection, HTTPResponse, HTTPSConnection, IncompleteRead
from typing import Any, Final
from urllib.error import URLError
from urllib.parse import urlsplit
from urllib.request import HTTPHandler, HTTPSHandler, OpenerDirector, ProxyHandler, Request

from ...errors import DeliveryError, OutcomeUnknown
from .address import is_loopback
from .errors import Answer, quoted, unreachable

# A topic's cache as it comes back: 2,000 messages of 4 KiB. What is longer cannot be looked through for one of ours.
_MAX_ANSWER_BYTES: Final = 8 * 2**20
_CHUNK_BYTES: Final = 64 * 2**10


class Connection:
    """Requests to one server, each over a connection of its own.

    Args:
        url: where the server lies, without a slash at its end.
        token: an access token; empty for none.
        username: with `password`, instead of a token.
        timeout: seconds for each step of a request, and for the whole body of its answer.
    """

    def __init__(self, url: str, *, token: str = "", username: str = "", password: str = "", timeout: float) -> None:
        self._url, self._timeout = url.rstrip("/"), timeout
        self.host = urlsplit(self._url).netloc
        basic = base64.b64encode(f"{username}:{password}".encode()).decode()
        login = f"Bearer {token}" if token else f"Basic {basic}" if username else ""
        self._headers = {"User-Agent": "digestbot", **({"Authorization": login} if login else {})}
        self._secrets = (token, password, basic if username else "")

    def __repr__(self) -> str:
        return f"Connection({self._url!r})"

    def request(self, method: str, path: str, body: bytes | None = None) -> Answer:
        """One request and its whole answer, whatever its status.

        The error leaves this frame without its cause, which may hold the request.

        Raises:
            OutcomeUnknown: the request may have reached the server, and no whole answer came back.
            PermanentFailure, TemporaryFailure: it never left.
        """
        sent: list[bool] = []
        request = Request(self._url + path, data=body, method=method, headers=self._headers)  # noqa: S310 -- settings take http(s) alone
        if body is not None:
            request.add_header("Content-Type", "application/json")
        failure: DeliveryError
        try:
            with self._opener(sent).open(request, timeout=self._timeout) as response:
                return Answer(status=response.status, body=self._whole(response), headers=dict(response.headers))
        except Exception as error:  # noqa: BLE001 -- whatever it is: what counts is whether the request had left
            reason = error.reason if isinstance(error, URLError) and isinstance(error.reason, Exception) else error
            if sent:
                failure = OutcomeUnknown(f"{self.host} gave no usable answer ({type(reason).__name__})")
            else:
                failure = unreachable(reason, host=self.host, said=self.quoted(str(reason)))
        raise failure

    def quoted(self, text: str) -> str:
        """Words of the server's, fit for an error."""
        return quoted(text, *self._secrets)

    def said(self, answer: Answer) -> str:
        """What a refusal says, where it is ntfy's."""
        text = answer.data.get("error")
        return self.quoted(f"{answer.code or answer.status}: {text}") if isinstance(text, str) else ""

    def _opener(self, sent: list[bool]) -> OpenerDirector:
        """Without the handlers that follow redirects or raise for a status; with the proxies of the environment."""
        opener = OpenerDirector()
        # What is sent to this machine in the clear must not leave it through a proxy.
        proxies: dict[str, str] | None = {} if is_loopback(self._url) else None
        for handler in (ProxyHandler(proxies), _Http(sent), _Https(sent)):
            opener.add_handler(handler)
        return opener

    def _whole(self, response: HTTPResponse) -> bytes:
        """The body; `timeout` holds for all of it, so that a server that drips cannot hold up the rest."""
        end, chunks, size = time.monotonic() + self._timeout, [], 0
        while chunk := response.read1(_CHUNK_BYTES):  # `read` waits until it has so many bytes
            chunks.append(chunk)
            size += len(chunk)
            if size > _MAX_ANSWER_BYTES:
                raise ValueError(f"an answer beyond {_MAX_ANSWER_BYTES} bytes")
            if time.monotonic() > end:
                raise TimeoutError
        if response.length:  # the loop ends without an error where the connection ended too early
            raise IncompleteRead(b"", response.length)
        return b"".join(chunks)


class _Watched(HTTPConnection):
    """Notes when the first byte of a request may have left; what it tells a proxy before is none of the request."""

    def __init__(self, *args: Any, sent: list[bool], **fields: Any) -> None:
        super().__init__(*args, **fields)
        self._sent, self._connected = sent, False

    def connect(self) -> None:
        super().connect()
        self._connected = True

    def send(self, data: Any) -> None:
        if self.sock is None:
            self.connect()
        if self._connected:
            self._sent.append(True)
        super().send(data)


class _WatchedTls(_Watched, HTTPSConnection):
    pass


class _Http(HTTPHandler):
    def __init__(self, sent: list[bool]) -> None:
        super().__init__()
        self._sent = sent

    def http_open(self, req: Request) -> HTTPResponse:
        return self.do_open(partial(_Watched, sent=self._sent), req)


class _Https(HTTPSHandler):
    def __init__(self, sent: list[bool]) -> None:
        super().__init__()
        self._sent = sent

    def https_open(self, req: Request) -> HTTPResponse:
        return self.do_open(partial(_WatchedTls, sent=self._sent), req)
