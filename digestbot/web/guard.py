"""What every answer of the site is held to: whose site it is, how much is read, how long it takes, what a browser may do with it.

An ASGI layer around the whole site, so that no page can be written without it.
"""

from __future__ import annotations

import asyncio
import ipaddress
import logging
import time
from collections.abc import Callable, Collection
from functools import lru_cache
from typing import Final
from urllib.parse import urlsplit

from starlette.exceptions import HTTPException
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ..settings.web import WebSettings

LOG = logging.getLogger("digestbot.web")
MOST_BYTES: Final = 1_000_000  # of a request: what a mail provider's call may have; pages read less
MOST_HEADER_BYTES: Final = 32_768  # of a request: its address and all header lines
REQUEST_SECONDS: Final = 30.0  # from the last header line to the last byte of the answer
# Nothing from anywhere, but our own stylesheet and scripts, which lie at addresses of their own: so nothing that a feed or a
# reader wrote can run or load anything (www.w3.org/TR/CSP3).
POLICY: Final = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS: Final = {
    "Content-Security-Policy": POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Referrer-Policy": "no-referrer",  # an address may hold a reader's token
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
_OURS: Final = tuple(
    (name.lower().encode(), value.encode()) for name, value in (HEADERS | {"Cache-Control": "no-store"}).items()
)
_NOINDEX: Final = (*_OURS, (b"x-robots-tag", b"noindex, nofollow"))
_NAMES: Final = 256  # of Host headers that are remembered: the few that people type, and room for a stranger's
_TOO_LARGE: Final = f"More than {MOST_BYTES} bytes are not read."
_WRONG_HOST: Final = "This site does not answer to that name: see DIGESTBOT_WEB__URL."


class Guard:
    """The layer.

    Args:
        app: the site.
        settings: those in use; asked at each request, for a reload may change them.
        ours: whether a Host header names the site.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        settings: Callable[[], WebSettings],
        ours: Callable[[str, WebSettings], bool] | None = None,
    ) -> None:
        self._app = app
        self._settings = settings
        self._ours = ours or is_ours

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began = time.monotonic()
        settings = self._settings()
        scope = _below(scope, settings.path)
        status = 0

        async def send_safely(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message = {**message, "headers": _with_ours(message.get("headers", []), noindex=not settings.index)}
            await send(message)

        try:
            async with asyncio.timeout(REQUEST_SECONDS):
                await self._answer(scope, receive, send_safely, settings)
        except TimeoutError:
            # An answer that began ends with its connection; a request that never ended is told.
            if status:
                raise
            await PlainTextResponse("The request took too long.", status_code=408)(scope, receive, send_safely)
        finally:
            _log(scope, status, time.monotonic() - began)

    async def _answer(self, scope: Scope, receive: Receive, send: Send, settings: WebSettings) -> None:
        if not self._ours(_header(scope, b"host"), settings):
            await PlainTextResponse(_WRONG_HOST, status_code=421)(scope, receive, send)
            return
        # The parser bounds what it waits for; lines that come in one piece it reads whatever they are.
        lines = (
            len(scope["raw_path"])
            + len(scope["query_string"])
            + sum(len(name) + len(value) for name, value in scope["headers"])
        )
        if lines > MOST_HEADER_BYTES:
            answer = PlainTextResponse(
                f"More than {MOST_HEADER_BYTES} bytes of header lines are not read.", status_code=431
            )
            answer.headers["Connection"] = "close"
            await answer(scope, receive, send)
            return
        length = _header(scope, b"content-length")
        if length and (not length.isascii() or not length.isdecimal() or int(length[:20]) > MOST_BYTES):
            await _too_large(scope, receive, send)
            return
        read = 0

        async def receive_little() -> Message:
            nonlocal read
            message = await receive()
            read += len(message.get("body", b""))
            if read > MOST_BYTES:
                # Raised where the page reads it, and answered by the site as any other refusal.
                raise HTTPException(413, _TOO_LARGE, {"Connection": "close"})
            return message

        await self._app(scope, receive_little, send)


def is_ours(host: str, settings: WebSettings) -> bool:
    """Whether a Host header names this site: the one of URL, this machine, or a number.

    A foreign name that resolves to this machine is refused (DNS rebinding). Numbers resolve to nothing else, and are how
    monitors on the same network call; they count where LISTEN is not this machine alone.
    """
    return _names_it(host, settings.url, settings.listen)


@lru_cache(_NAMES)
def _names_it(host: str, url: str, listen: str) -> bool:
    try:
        parts = urlsplit(f"//{host}")
        name, port = (parts.hostname or "").rstrip("."), parts.port
    except ValueError:
        return False
    if not name or parts.username is not None or parts.path or parts.query or parts.fragment:
        return False
    public = urlsplit(url)
    listens = urlsplit(f"//{listen}")
    usual = 443 if public.scheme == "https" else 80
    if public.hostname and name == public.hostname.lower() and (port or usual) == (public.port or usual):
        return True
    right_port = port == listens.port or not listens.port or (port is None and listens.port in (80, 443))
    return right_port and (name in ("localhost", listens.hostname) or _is_number(name, listens.hostname or "127.0.0.1"))


def _is_number(name: str, listens: str) -> bool:
    try:
        return ipaddress.ip_address(name).is_loopback or not ipaddress.ip_address(listens).is_loopback
    except ValueError:
        return False


def _below(scope: Scope, prefix: str) -> Scope:
    """The request as the site knows its paths: a proxy may pass the prefix of URL on, or take it off, and people type a slash."""
    path = scope["path"]
    if prefix and (path == prefix or path.startswith(f"{prefix}/")):
        path = path[len(prefix) :]
    path = path.removesuffix("/") or "/"
    return scope if path == scope["path"] else {**scope, "path": path}


def _header(scope: Scope, name: bytes) -> str:
    """A header field; one that is there twice is none of a browser's."""
    found: Collection[bytes] = [value for key, value in scope["headers"] if key == name]
    return next(iter(found)).decode("latin-1") if len(found) == 1 else ""


def _with_ours(headers: list[tuple[bytes, bytes]], *, noindex: bool) -> list[tuple[bytes, bytes]]:
    there = {name.lower() for name, _ in headers}
    return [*headers, *(field for field in (_NOINDEX if noindex else _OURS) if field[0] not in there)]


async def _too_large(scope: Scope, receive: Receive, send: Send) -> None:
    answer = PlainTextResponse(_TOO_LARGE, status_code=413)
    answer.headers["Connection"] = "close"  # the rest of it is still on its way
    await answer(scope, receive, send)


def _log(scope: Scope, status: int, seconds: float) -> None:
    """By the route, not by the path: that may hold a token, or what somebody searched for."""
    route = scope.get("route")
    path = getattr(route, "path", "") or "(no page)"
    LOG.info("%s %s %d in %d ms", scope["method"], path, status, seconds * 1000)
