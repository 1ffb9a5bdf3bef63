"""A server for previews on a loopback port; its pages reload when they are out of date."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Final, Self

import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

_SCRIPT: Final = (Path(__file__).parent / "live.js").read_text(encoding="utf-8")
_HEADERS: Final = {
    "Cache-Control": "no-store",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
_STOP_SECONDS: Final = 5.0  # a browser may hold a connection open; Ctrl-C must not wait for it


@dataclass(frozen=True, slots=True)
class _Shown:
    version: str = ""
    pages: Mapping[str, str] = field(default_factory=dict)


class PreviewServer:
    """A server on a free loopback port, for the length of a `with` block.

    Other machines and other sites get no page: the port listens on 127.0.0.1 only, and the Host header must name this
    machine, which stops a foreign host name that resolves to it (DNS rebinding).
    """

    def __init__(self, port: int = 0) -> None:
        self._socket = socket.create_server(("127.0.0.1", port))
        self._shown = _Shown()
        self._server = uvicorn.Server(
            uvicorn.Config(
                _site(lambda: self._shown),
                log_config=None,
                log_level="warning",
                access_log=False,
                lifespan="off",
                ws="none",
            )
        )
        self._thread = threading.Thread(target=self._server.run, args=([self._socket],), daemon=True)

    @property
    def address(self) -> str:
        """The URL of the pages."""
        return f"http://127.0.0.1:{self._socket.getsockname()[1]}/"

    def show(self, version: str, pages: Mapping[str, str]) -> None:
        """Serve these pages by name from now on; a page in a browser reloads when `version` is not its own."""
        self._shown = _Shown(version, dict(pages))

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.should_exit = True
        self._thread.join(_STOP_SECONDS)
        self._socket.close()


def _site(shown: Callable[[], _Shown]) -> Starlette:
    async def front(_request: Request) -> Response:
        first = next(iter(shown().pages), None)
        return _missing() if first is None else RedirectResponse(f"/digest/{first}", status_code=307, headers=_HEADERS)

    async def page(request: Request) -> Response:
        html = shown().pages.get(request.path_params["name"])
        return _missing() if html is None else HTMLResponse(html, headers=_HEADERS)

    async def version(_request: Request) -> Response:
        return PlainTextResponse(shown().version, headers=_HEADERS)

    async def script(_request: Request) -> Response:
        return Response(_SCRIPT, media_type="text/javascript", headers=_HEADERS)

    return Starlette(
        routes=[
            Route("/", front),
            Route("/version", version),
            Route("/live.js", script),
            Route("/digest/{name}", page),
        ],
        middleware=[Middleware(TrustedHostMiddleware, allowed_hosts=["127.0.0.1", "localhost"], www_redirect=False)],
    )


def _missing() -> Response:
    return PlainTextResponse("This digest does not exist.", status_code=404, headers=_HEADERS)
