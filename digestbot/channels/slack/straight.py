"""slack_sdk's two clients, each for one request, except that they follow no redirect and know whether it has left.

urllib sends the token along to whatever host a redirect names.
The SDK has no setting for it. What is replaced is where each client opens its request; a test with a real redirect fails when a
release of the SDK asks somewhere else.
"""

from __future__ import annotations

from http.client import HTTPMessage
from ssl import SSLContext
from typing import Any, Final
from urllib.request import Request

from slack_sdk import WebClient
from slack_sdk.webhook import WebhookClient, WebhookResponse

from ..exchange import FirstByte, read_whole
from ..redirects import opener_without_redirects

NOT_FOLLOWED: Final = "sends requests elsewhere (HTTP {status}), which is not followed: a secret would go along"


class _Straight:
    """What both clients replace: how one request is opened, and how its answer is read."""

    # Set by the SDK's client, beside which this stands.
    proxy: str | None
    ssl: SSLContext | None
    timeout: int

    def __init__(self, *args: Any, first_byte: FirstByte, **fields: Any) -> None:
        super().__init__(*args, **fields)
        self._first_byte = first_byte

    def _answer(self, req: Request) -> tuple[int, HTTPMessage, str]:
        """Status, headers and body."""
        opener = opener_without_redirects(proxy=self.proxy, context=self.ssl, first_byte=self._first_byte)
        with opener.open(req, timeout=self.timeout) as answer:
            charset = answer.headers.get_content_charset() or "utf-8"
            return answer.status, answer.headers, read_whole(answer, self.timeout).decode(charset)


class StraightWebClient(_Straight, WebClient):
    """The Web API."""

    def _perform_urllib_http_request_internal(self, url: str, req: Request) -> dict[str, Any]:
        del url  # the settings take http(s) alone
        status, headers, body = self._answer(req)
        return {"status": status, "headers": headers, "body": body}


class StraightWebhookClient(_Straight, WebhookClient):
    """An incoming webhook."""

    def _perform_http_request_internal(self, url: str, req: Request) -> WebhookResponse:
        status, headers, body = self._answer(req)
        return WebhookResponse(url=url, status_code=status, body=body, headers=dict(headers))
