"""A server for previews on a loopback port; its pages reload when they are out of date."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from .server import BackgroundServer, listening

_SCRIPT: Final = (Path(__file__).parent / "live.js").read_text(encoding="utf-8")
_HEADERS: Final = {
    "Cache-Control": "no-store",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


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
        self._shown = _Shown()
        self._server = BackgroundServer(_site(lambda: self._shown), listening(f"127.0.0.1:{port}"))

    @property
    def address(self) -> str:
        """The URL of the pages."""
        return f"http://127.0.0.1:{self._server.port}/"

    def show(self, version: str, pages: Mapping[str, str]) -> None:
        """Serve these pages by name from now on; a page in a browser reloads when `version` is not its own."""
        self._shown = _Shown(version, dict(pages))

    def __enter__(self) -> Self:
        self._server.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.__exit__(kind, error, trace)


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
