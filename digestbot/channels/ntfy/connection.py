"""HTTP to one ntfy server: every answer comes back as it is, no redirect is followed, and no error shows a secret.

A failure before the first byte of a request left means that nothing arrived; any later one leaves doubt.
"""

from __future__ import annotations

import base64
from collections.abc import Callable
from urllib.parse import urlsplit
from urllib.request import OpenerDirector, Request

from ...errors import DeliveryError, OutcomeUnknown
from ..exchange import FirstByte, Http, Https, Proxies, read_whole, reason_of
from .address import is_loopback
from .errors import Answer, quoted, unreachable


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

    def request(
        self, method: str, path: str, body: bytes | None = None, *, require_claim: Callable[[], None] = lambda: None
    ) -> Answer:
        """One request and its whole answer, whatever its status; `require_claim` is called right before its first byte.

        The error leaves this frame without its cause, which may hold the request.

        Raises:
            OutcomeUnknown: the request may have reached the server, and no whole answer came back.
            PermanentFailure, TemporaryFailure: it never left.
        """
        first_byte = FirstByte(require_claim)
        request = Request(self._url + path, data=body, method=method, headers=self._headers)  # noqa: S310 -- settings take http(s) alone
        if body is not None:
            request.add_header("Content-Type", "application/json")
        failure: DeliveryError
        try:
            with self._opener(first_byte).open(request, timeout=self._timeout) as response:
                body = read_whole(response, self._timeout)
                return Answer(status=response.status, body=body, headers=dict(response.headers))
        except Exception as error:  # noqa: BLE001 -- whatever it is: what counts is whether the request had left
            reason = reason_of(error)
            if isinstance(reason, DeliveryError):
                failure = reason
            elif first_byte.left:
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

    def _opener(self, first_byte: FirstByte) -> OpenerDirector:
        """Without the handlers that follow redirects or raise for a status; with the proxies of the environment."""
        opener = OpenerDirector()
        # What is sent to this machine in the clear must not leave it through a proxy.
        proxies: dict[str, str] | None = {} if is_loopback(self._url) else None
        for handler in (Proxies(proxies), Http(first_byte), Https(first_byte)):
            opener.add_handler(handler)
        return opener
