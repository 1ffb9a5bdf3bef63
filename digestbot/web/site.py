"""The site: its pages joined, behind the guard that every answer is held to."""

from __future__ import annotations

import logging

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from .context import SiteContext
from .guard import Guard
from .health import Health
from .pages import page, stylesheet
from .preferences import PreferencePages
from .provider_calls import ProviderCalls
from .subscribing import Subscribing, not_found

LOG = logging.getLogger("digestbot.web")
_A_YEAR = 31_536_000  # seconds; the address of the stylesheet changes with it


def site(context: SiteContext) -> ASGIApp:
    """The application, to be served by `server.BackgroundServer`."""

    async def style(_request: Request) -> Response:
        text, _ = stylesheet()
        kept = {"Cache-Control": f"public, max-age={_A_YEAR}, immutable"}
        return Response(text, media_type="text/css", headers=kept)

    async def robots(_request: Request) -> Response:
        rule = "Disallow: /u/" if context.loaded.settings.web.index else "Disallow: /"
        return PlainTextResponse(f"User-agent: *\n{rule}\n")

    def refused(request: Request, error: Exception) -> Response:
        status = error.status_code if isinstance(error, HTTPException) else 500
        if status == 404:
            return not_found(context, request)
        headers = error.headers if isinstance(error, HTTPException) else None
        return PlainTextResponse(f"{getattr(error, 'detail', '')}\n", status_code=status, headers=headers)

    def broken(request: Request, error: Exception) -> Response:
        del error  # starlette raises it once more, and uvicorn logs it
        return page(context, request, "web/told.html", status=500, what="broken")

    app = Starlette(
        routes=[
            Route("/site.css", style),
            Route("/robots.txt", robots),
            *Health(context).routes,
            *Subscribing(context).routes,
            *PreferencePages(context).routes,
            *ProviderCalls(context).routes,
        ],
        exception_handlers={HTTPException: refused, Exception: broken},
    )
    app.router.redirect_slashes = False
    return Guard(app, settings=lambda: context.loaded.settings.web)
