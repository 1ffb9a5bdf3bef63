"""The form for the admin token, and the way out."""

from __future__ import annotations

import logging

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from ...model import Change
from ..clients import client_of, network_of
from .desk import HOME, Desk, Visit
from .entrance import COOKIE, LASTS, NAMELESS, Closed, is_from_here

LOG = logging.getLogger("digestbot.web")


class SigningIn:
    """`/admin/sign-in` and `/admin/sign-out`."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._context = desk.context
        self.routes = [
            Route("/admin/sign-in", self.take, methods=["POST"]),
            desk.does("/admin/sign-out", self.leave),
        ]

    async def take(self, request: Request) -> Response:
        """The form. Nobody is known yet: it need only come from here."""
        async with request.form(max_files=0, max_fields=5) as form:
            return await run_in_threadpool(self._take, request, form)

    def _take(self, request: Request, form: FormData) -> Response:
        web, to = self._context.loaded.settings.web, _own_path(str(form.get("to", "")))
        network = network_of(client_of(request, web.proxies))
        if web.admin_token is None or not is_from_here(request, web):
            return self._desk.closed(request, Closed.TOKEN, problem="elsewhere", status=403)
        limits = self._context.limits
        if not limits.sign_in_may(network):
            wait = limits.sign_in_wait(network)
            answer = self._desk.closed(request, Closed.TOKEN, problem="limit", status=429, to=to, wait=wait)
            answer.headers["Retry-After"] = str(wait)
            return answer
        word = self._desk.entrance.sign_in(str(form.get("admin_token", ""))[:1000])
        if not word:
            LOG.warning("a wrong admin token was given from network %s", network)
            return self._desk.closed(request, Closed.TOKEN, problem="wrong", to=to)
        limits.signed_in(network)
        self._context.store.changes.record(
            Change(at=self._context.clock(), who=NAMELESS, deed="signed in", subject=network)
        )
        answer = RedirectResponse(self._context.link(to), 303)
        answer.set_cookie(
            COOKIE,
            word,
            max_age=int(LASTS.total_seconds()),
            path=self._context.link(HOME),
            httponly=True,
            samesite="strict",
            secure=request.headers.get("origin", "").startswith("https:"),
        )
        return answer

    def leave(self, visit: Visit) -> Response:
        """The session is over."""
        self._desk.entrance.sign_out(visit.operator)
        visit.record("signed out")
        answer = visit.back(HOME)
        answer.delete_cookie(COOKIE, path=self._context.link(HOME), httponly=True, samesite="strict")
        return answer


def _own_path(text: str) -> str:
    """Where somebody wanted to go: a page of the admin pages, and nowhere else."""
    plain = text.startswith(f"{HOME}/") and all(sign.isalnum() or sign in "/-_" for sign in text) and "//" not in text
    return text if plain and text.isascii() else HOME
