"""A server for previews on a loopback port; its pages reload when they are out of date."""

from __future__ import annotations

import base64
import hashlib
import re
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
from starlette.types import ASGIApp

from ..settings.web import WebSettings
from .guard import Guard
from .mail_frames import WITH_FRAMES, mail_frame
from .pages import stylesheet
from .server import BackgroundServer, listening

_SCRIPT: Final = (Path(__file__).parent / "live.js").read_text(encoding="utf-8")
_STYLES: Final = re.compile(r"<style>(.*?)</style>", re.DOTALL)


@dataclass(frozen=True, slots=True)
class _Shown:
    version: str = ""
    pages: Mapping[str, str] = field(default_factory=dict)
    mails: Mapping[str, str] = field(default_factory=dict)


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

    def show(self, version: str, pages: Mapping[str, str], mails: Mapping[str, str] = {}) -> None:
        """Serve these pages and the mails in their frames by name; a page in a browser reloads when `version` is not its own."""
        self._shown = _Shown(version, dict(pages), dict(mails))

    def __enter__(self) -> Self:
        self._server.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.__exit__(kind, error, trace)


def _site(shown: Callable[[], _Shown]) -> ASGIApp:
    async def front(_request: Request) -> Response:
        first = next(iter(shown().pages), None)
        return _missing() if first is None else RedirectResponse(f"/digest/{first}", status_code=307)

    async def page(request: Request) -> Response:
        html = shown().pages.get(request.path_params["name"])
        return _missing() if html is None else HTMLResponse(html, headers={"Content-Security-Policy": _policy(html)})

    async def mail(request: Request) -> Response:
        html = shown().mails.get(request.path_params["name"])
        return _missing() if html is None else mail_frame(html, request.query_params.get("look", ""))

    async def version(_request: Request) -> Response:
        return PlainTextResponse(shown().version)

    async def script(_request: Request) -> Response:
        return Response(_SCRIPT, media_type="text/javascript")

    async def style(_request: Request) -> Response:
        return Response(stylesheet()[0], media_type="text/css")

    app = Starlette(
        routes=[
            Route("/", front),
            Route("/version", version),
            Route("/live.js", script),
            Route("/site.css", style),
            Route("/digest/{name}", page),
            Route("/digest/{name}/mail", mail),
        ],
        middleware=[Middleware(TrustedHostMiddleware, allowed_hosts=["127.0.0.1", "localhost"], www_redirect=False)],
    )
    # Of any port of this machine: a tunnel may lead here. TrustedHostMiddleware looks at the name.
    return Guard(app, settings=WebSettings, ours=lambda _host, _settings: True)


def _policy(html: str) -> str:
    """That of the site, with the owner's own styles by what they are."""
    styles = (hashlib.sha256(style.encode()).digest() for style in _STYLES.findall(html))
    known = "".join(f" 'sha256-{base64.b64encode(one).decode()}'" for one in styles)
    return WITH_FRAMES.replace("style-src 'self'", f"style-src 'self'{known}")


def _missing() -> Response:
    return PlainTextResponse("This digest does not exist.", status_code=404)
