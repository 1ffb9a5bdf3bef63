"""Requests that carry a secret follow no redirect: whatever it leads to would be handed the secret."""

from __future__ import annotations

import ssl
from http.client import HTTPMessage
from typing import IO
from urllib.request import (
    HTTPDefaultErrorHandler,
    HTTPErrorProcessor,
    HTTPRedirectHandler,
    OpenerDirector,
    Request,
    UnknownHandler,
)

from .exchange import FirstByte, Http, Https, Proxies


class _NoRedirects(HTTPRedirectHandler):
    def redirect_request(  # noqa: PLR0917 -- urllib's own
        self, req: Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> None:
        """None: urllib then raises the answer as an HTTPError, as for any other that is no success."""
        del req, fp, code, msg, headers, newurl


def opener_without_redirects(
    *, proxy: str | None = None, context: ssl.SSLContext | None = None, first_byte: FirstByte | None = None
) -> OpenerDirector:
    """urllib's opener for http and https alone, except that a redirect is an HTTPError.

    Args:
        proxy: the proxy for every request; where it is left out, those of the environment.
        context: for TLS; where it is left out, certificates are verified as usual.
        first_byte: of the one request that is made.
    """
    first_byte = first_byte or FirstByte()
    opener = OpenerDirector()
    proxies = Proxies({"http": proxy, "https": proxy} if proxy else None)
    # None of urllib's for ftp, file and data: an address of theirs in a proxy's place would be read.
    for handler in (proxies, Http(first_byte), Https(first_byte, context), UnknownHandler()):
        opener.add_handler(handler)
    for answer in (_NoRedirects(), HTTPDefaultErrorHandler(), HTTPErrorProcessor()):
        opener.add_handler(answer)
    return opener
