"""Who may see the admin pages, and whose form it is that changes something.

Three ways in: a proxy of the owner says who somebody is (TRUSTED_HEADER, from PROXIES alone); somebody gives the admin token once,
and has a session of half a day; or, where neither is set, somebody sits at this machine.
"""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Final
from urllib.parse import urlsplit

from starlette.requests import Request

from ...model import Session
from ...settings.web import WebSettings
from ...subscribers.mac import mac, matches
from ...text.sanitise import one_line, shorten
from ...text.web_addresses import is_on_this_machine
from ..clients import is_proxy, is_this_machine
from ..context import SiteContext

COOKIE: Final = "digestbot_admin"
LASTS: Final = timedelta(hours=12)
NAMELESS: Final = "operator"
_KEY: Final = "key of operators"
_FORM, _SESSION = "admin form", "admin session"
_LONGEST_NAME: Final = 80
_LONGEST_WORD: Final = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Operator:
    """Somebody who may see and change everything here."""

    name: str
    session: str = ""  # the key of theirs; empty where nobody had to sign in


class Closed(StrEnum):
    """Why somebody may not come in."""

    TOKEN = "token"  # noqa: S105 -- they have to give the admin token
    PROXY = "proxy"  # the owner's proxy does not say who they are
    ELSEWHERE = "elsewhere"  # they are not at this machine
    BEHIND = "behind"  # everybody may look like this machine: there is a proxy, and nothing that tells one from another


class Entrance:
    """The way in."""

    def __init__(self, context: SiteContext) -> None:
        self._context = context

    @property
    def _web(self) -> WebSettings:
        return self._context.loaded.settings.web

    def operator(self, request: Request) -> Operator | Closed:
        """Who asks, or why they may not come in."""
        web = self._web
        if name := _named_by_proxy(request, web):
            return Operator(name=name)
        if web.admin_token is not None:
            word = request.cookies.get(COOKIE, "")[:_LONGEST_WORD]
            found = self._context.store.sessions.get(self._key(word), now=self._context.clock()) if word else None
            return Operator(name=found.who, session=found.key) if found else Closed.TOKEN
        if web.trusted_header:
            return Closed.PROXY
        return Operator(name=NAMELESS) if is_at_this_machine(request) and not _has_a_proxy(web) else self._why(request)

    def _why(self, request: Request) -> Closed:
        return Closed.BEHIND if is_at_this_machine(request) else Closed.ELSEWHERE

    def sign_in(self, given: str) -> str:
        """The word that a browser keeps from here on, where this is the admin token; empty where it is not."""
        token = self._web.admin_token
        if token is None or not hmac.compare_digest(given.strip().encode(), token.get_secret_value().encode()):
            return ""
        word, now = secrets.token_urlsafe(32), self._context.clock()
        self._context.store.sessions.begin(Session(key=self._key(word), who=NAMELESS, until=now + LASTS), now=now)
        return word

    def sign_out(self, operator: Operator) -> None:
        """Their session is over, in whatever browser it is."""
        self._context.store.sessions.end(operator.session)

    def form_token(self, operator: Operator) -> str:
        """What each form of theirs carries: another one cannot be made elsewhere."""
        return mac(self._context.store.secret(_KEY), _FORM, operator.session, operator.name)

    def is_own_form(self, request: Request, operator: Operator, token: str) -> bool:
        """Whether it was our page that sent this, in this operator's browser."""
        key = self._context.store.secret(_KEY)
        return is_from_here(request, self._web) and matches(token, [key], _FORM, operator.session, operator.name)

    def _key(self, word: str) -> str:
        """Of a session: what is stored opens nothing, and nothing is known by it once the token is another one."""
        token = self._web.admin_token
        return mac(self._context.store.secret(_KEY), _SESSION, word, token.get_secret_value() if token else "")


def is_from_here(request: Request, web: WebSettings) -> bool:
    """Whether a browser says that a page of this site sent the form (Fetch Metadata; RFC 6454 section 7).

    Every browser of today says one or the other with a POST; who says neither is none, or hides where it comes from.
    """
    site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
    if site is None and origin is None:
        return False
    if site not in (None, "same-origin"):
        return False
    # Behind a proxy that speaks https the request itself came by http; the name was looked at before (`guard.is_ours`).
    host = request.headers.get("host", "")
    return origin is None or origin in {f"http://{host}", f"https://{host}", _origin(web.url)}


def is_at_this_machine(request: Request) -> bool:
    """Whether it is a program on this machine that asks, and no proxy says that it asks for another one."""
    forwarded = any(name in request.headers for name in ("x-forwarded-for", "forwarded", "x-real-ip"))
    return not forwarded and is_this_machine(request.client.host if request.client else "")


def _has_a_proxy(web: WebSettings) -> bool:
    """A proxy on this machine need not say for whom it asks: then a stranger looks just as the owner does."""
    return bool(web.proxies) or not is_on_this_machine(urlsplit(web.url).hostname or "127.0.0.1")


def _named_by_proxy(request: Request, web: WebSettings) -> str:
    """Who the owner's proxy says it is; nothing where somebody else says so, or two are said."""
    if not web.trusted_header or not is_proxy(request.client.host if request.client else "", web.proxies):
        return ""
    names = request.headers.getlist(web.trusted_header)
    return shorten(one_line(names[0]), _LONGEST_NAME) if len(names) == 1 else ""


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
