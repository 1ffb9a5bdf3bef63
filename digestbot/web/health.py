"""What monitors ask: whether the process lives (`/healthz`), whether it works (`/readyz`), and its figures (`/metrics`)."""

from __future__ import annotations

import hmac
from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from ..operations.healthcheck import trouble
from .clients import client_of, is_this_machine
from .context import SiteContext
from .metrics import CONTENT_TYPE, figures


class Health:
    """The three addresses."""

    def __init__(self, context: SiteContext) -> None:
        self._context = context
        self.routes = [
            Route("/healthz", alive, methods=["GET"]),
            Route("/readyz", self.ready, methods=["GET"]),
            Route("/metrics", self.metrics, methods=["GET"]),
        ]

    def ready(self, request: Request) -> Response:
        """The database answers, and `serve` or a worker had a round in the last two minutes. Why not, only to this machine."""
        reason = trouble(self._context.loaded, self._context.data)
        if not reason:
            return PlainTextResponse("ready\n")
        own = is_this_machine(client_of(request, self._context.loaded.settings.web.proxies))
        return PlainTextResponse(f"{reason}\n" if own else "not ready\n", status_code=503)

    def metrics(self, request: Request) -> Response:
        """For Prometheus: with `Authorization: Bearer` and the admin token; where none is set, from this machine alone."""
        if not may_administer(request, self._context):
            return PlainTextResponse("The admin token is needed.\n", 401, {"WWW-Authenticate": "Bearer"})
        return Response(
            figures(self._context.store, self._context.loaded, now=self._context.clock()), media_type=CONTENT_TYPE
        )


async def alive(_request: Request) -> Response:
    """The process answers."""
    return PlainTextResponse("alive\n")


def may_administer(request: Request, context: SiteContext) -> bool:
    """Whether a program is an operator's: by the token where one is set, else by being on this machine.

    A proxy on this machine makes every stranger look like it: so a forwarded request never counts as one of this machine.
    """
    web = context.loaded.settings.web
    if web.admin_token is not None:
        scheme, _, given = request.headers.get("authorization", "").partition(" ")
        known: Callable[[str], bytes] = str.encode
        return scheme.lower() == "bearer" and hmac.compare_digest(
            known(given.strip()), known(web.admin_token.get_secret_value())
        )
    forwarded = any(name in request.headers for name in ("x-forwarded-for", "forwarded", "x-real-ip"))
    return not forwarded and is_this_machine(request.client.host if request.client else "")
