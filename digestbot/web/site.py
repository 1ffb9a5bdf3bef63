"""The site: its pages joined, behind the guard that every answer is held to."""

from __future__ import annotations

import logging
from functools import partial
from pathlib import Path

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from ..errors import StoreUnavailable
from .admin import admin_routes
from .archive_pages import ArchivePages
from .context import SiteContext
from .digest_places import site_address
from .feed_pages import FeedPages
from .guard import Guard
from .health import Health
from .kept_pages import KeptPages
from .pages import page, stylesheet
from .preferences import PreferencePages
from .provider_calls import ProviderCalls
from .reading import Reading
from .subscribing import Subscribing, not_found

LOG = logging.getLogger("digestbot.web")
KEYS = Path(__file__).with_name("keys.js")
WORK = Path(__file__).with_name("work.js")
_AN_HOUR = "public, max-age=3600"
_RETRY_AFTER = "15"  # seconds
_A_YEAR = 31_536_000  # seconds; the address of the stylesheet changes with it


def site(context: SiteContext) -> ASGIApp:
    """The application, to be served by `server.BackgroundServer`."""

    async def style(_request: Request) -> Response:
        text, _ = stylesheet()
        kept = {"Cache-Control": f"public, max-age={_A_YEAR}, immutable"}
        return Response(text, media_type="text/css", headers=kept)

    async def keys(_request: Request) -> Response:
        return Response(KEYS.read_bytes(), media_type="text/javascript", headers={"Cache-Control": _AN_HOUR})

    async def work(_request: Request) -> Response:
        return Response(WORK.read_bytes(), media_type="text/javascript", headers={"Cache-Control": _AN_HOUR})

    async def robots(request: Request) -> Response:
        lines = ["User-agent: *", "Disallow: /"]
        if context.loaded.settings.web.index:
            map_ = f"Sitemap: {site_address(context.loaded, request)}/sitemap.xml"
            lines = ["User-agent: *", "Disallow: /u/", "Disallow: /search", map_]
        return PlainTextResponse("\n".join([*lines, ""]))

    def refused(request: Request, error: Exception) -> Response:
        status = error.status_code if isinstance(error, HTTPException) else 500
        if status == 404:
            return not_found(context, request)
        headers = error.headers if isinstance(error, HTTPException) else None
        return PlainTextResponse(f"{getattr(error, 'detail', '')}\n", status_code=status, headers=headers)

    def broken(request: Request, error: Exception) -> Response:
        del error  # starlette raises it once more, and uvicorn logs it
        return page(context, request, "web/told.html", status=500, what="broken")

    kept = KeptPages(context)
    app = Starlette(
        routes=[
            *FeedPages(context, kept).routes,
            *ArchivePages(context, kept).routes,
            *Reading(context, kept).routes,
            Route("/site.css", style),
            Route("/keys.js", keys),
            Route("/work.js", work),
            Route("/robots.txt", robots),
            *Health(context).routes,
            *Subscribing(context).routes,
            *PreferencePages(context).routes,
            *ProviderCalls(context).routes,
            *admin_routes(context),
        ],
        exception_handlers={HTTPException: refused, StoreUnavailable: partial(_away, context), Exception: broken},
    )
    app.router.redirect_slashes = False
    return Guard(app, settings=lambda: context.loaded.settings.web)


def _away(context: SiteContext, request: Request, error: Exception) -> Response:
    """The database cannot be asked now: no defect, and nothing for each request to fill the log with."""
    if isinstance(error, StoreUnavailable):
        context.missed(error)
    answer = page(context, request, "web/told.html", status=503, what="broken")
    answer.headers["Retry-After"] = _RETRY_AFTER
    return answer
