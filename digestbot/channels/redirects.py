"""Requests that carry a secret follow no redirect: whatever it leads to would be handed the secret."""

from __future__ import annotations

import ssl
from http.client import HTTPMessage
from typing import IO
from urllib.request import HTTPRedirectHandler, HTTPSHandler, OpenerDirector, ProxyHandler, Request, build_opener


class _NoRedirects(HTTPRedirectHandler):
    def redirect_request(  # noqa: PLR0917 -- urllib's own
        self, req: Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> None:
        """None: urllib then raises the answer as an HTTPError, as for any other that is no success."""
        del req, fp, code, msg, headers, newurl


def opener_without_redirects(*, proxy: str | None = None, context: ssl.SSLContext | None = None) -> OpenerDirector:
    """urllib's opener, except that a redirect is an HTTPError.

    Args:
        proxy: the proxy for every request; where it is left out, those of the environment.
        context: for TLS; where it is left out, certificates are verified as usual.
    """
    proxies = ProxyHandler({"http": proxy, "https": proxy} if proxy else None)
    return build_opener(_NoRedirects, proxies, HTTPSHandler(context=context))
