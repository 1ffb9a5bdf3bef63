"""How a stranger becomes a reader: the form, and the page of the link that the mail brings (double opt-in).

The answer to the form is the same whether an address is known, suppressed or new, and takes as long: what follows from it
happens after it was given.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from functools import partial

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from ..app.readers import mailing_list
from ..model import Refusal
from ..operations.own_hand import confirmed, sign_up
from ..subscribers.tokens import LIFETIMES, TimedDeed, Token, TokenProblem, read_timed_token
from ..text.mail_addresses import AddressError, mail_key
from .clients import client_of, network_of
from .context import SiteContext
from .digest_places import moved_to
from .pages import language_of, page
from .work import challenge, is_done

LOG = logging.getLogger("digestbot.web")
_MOST_LISTS = 20  # of one form
_MOST_CHALLENGE = 100  # characters


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferedList:
    """A list that strangers may subscribe to, as the form shows it."""

    name: str
    title: str
    chosen: bool


class Subscribing:
    """The pages `/subscribe` and `/c/LIST/TOKEN`."""

    def __init__(self, context: SiteContext) -> None:
        self._context = context
        self.routes = [
            Route("/subscribe", self.form, methods=["GET"]),
            Route("/subscribe", self.take, methods=["POST"]),
            Route("/c/{list}/{token}", self.ask, methods=["GET"]),
            Route("/c/{list}/{token}", self.confirm, methods=["POST"]),
        ]

    def form(self, request: Request) -> Response:
        """The form; `?list=briefing` has that one ticked."""
        return self._form(request, wanted=request.query_params.getlist("list"))

    async def take(self, request: Request) -> Response:
        """What the form sends, from here or from a form on another site: nothing of the browser's is trusted for it."""
        async with request.form(max_files=0, max_fields=_MOST_LISTS + 5) as given:
            return await run_in_threadpool(self._take, request, given)

    def _take(self, request: Request, given: FormData) -> Response:
        public = {name for name, one in self._context.loaded.settings.lists.items() if one.public}
        wanted = [name for one in given.getlist("list")[:_MOST_LISTS] if (name := str(one).lower()) in public]
        address = str(given.get("address", ""))[:1000]
        try:
            key = mail_key(address)
        except AddressError:
            return self._form(request, wanted=wanted, problem="address", status=400)
        if not wanted:
            return self._form(request, wanted=(), problem="list", status=400)
        client = client_of(request, self._context.loaded.settings.web.proxies)
        if not self._worked(given):
            return self._form(request, wanted=wanted, problem="work", status=400)
        if not self._context.limits.network_may(network_of(client)):
            return self._form(request, wanted=wanted, problem="limit", status=429)
        # A field that no person sees: only programs that fill in everything write there.
        if not given.get("website"):
            self._context.jobs.put(partial(self._sign_up, address, key, tuple(dict.fromkeys(wanted))))
        hours = int(LIFETIMES[TimedDeed.CONFIRM].total_seconds() // 3600)
        return page(self._context, request, "web/told.html", what="asked", hours=hours)

    def _worked(self, given: FormData) -> bool:
        """Whether the browser did the work that is wanted, for this request alone."""
        bits, word = self._context.loaded.settings.web.work, str(given.get("challenge", ""))[:_MOST_CHALLENGE]
        if not bits:
            return True
        number, now = str(given.get("work", ""))[:_MOST_CHALLENGE], self._context.clock()
        return is_done(word, number, bits, self._context.keys, now=now) and self._context.limits.work_may(word)

    def _sign_up(self, address: str, key: str, wanted: tuple[str, ...]) -> None:
        """After the answer. One mail, for the first list that it may be sent for; it is one an hour."""
        now = self._context.clock()
        for name in wanted:
            if not self._context.limits.site_may():
                LOG.warning("a request to subscribe was dropped: there were too many in the last hour")
                return
            letter = sign_up(self._context.store, address, name, now=now)
            if letter is None:
                continue
            if self._context.limits.address_may(key):
                self._context.send(letter)
            else:
                LOG.warning("a confirmation mail was not sent: there were too many for one address")

    def ask(self, request: Request) -> Response:
        """The page of the link in a confirmation mail. It asks once more: mail scanners follow links, and press nothing."""
        name = request.path_params["list"]
        found = self._read(request)
        if isinstance(found, TokenProblem):
            return problem(self._context, request, found)
        title = mailing_list(self._context.loaded, name).title
        language = self._language(found, request)
        return page(self._context, request, "web/asks.html", language=language, what="confirm", title=title)

    def confirm(self, request: Request) -> Response:
        """Its button."""
        name, now = request.path_params["list"], self._context.clock()
        found = self._read(request)
        if isinstance(found, TokenProblem):
            return problem(self._context, request, found)
        answer = confirmed(self._context.store, found.subscriber, name, made=found.made, now=now)
        if answer is None or isinstance(answer, Refusal):
            return problem(self._context, request, TokenProblem.EXPIRED)
        LOG.info("subscriber %d confirmed %s", found.subscriber, name)
        title = mailing_list(self._context.loaded, name).title
        link, language = self._context.preferences(found.subscriber, name), self._language(found, request)
        return page(
            self._context,
            request,
            "web/told.html",
            language=language,
            what="confirmed",
            title=title,
            preferences=link,
        )

    def _language(self, found: Token, request: Request) -> str:
        reader = self._context.store.subscribers.get(found.subscriber)
        return language_of(reader.subscriber if reader else None, request)

    def _read(self, request: Request) -> Token | TokenProblem:
        name = request.path_params["list"]
        if name not in self._context.loaded.settings.lists:
            return TokenProblem.WRONG
        word, keys = request.path_params["token"], self._context.keys
        return read_timed_token(word, keys, TimedDeed.CONFIRM, name, now=self._context.clock())

    def _form(
        self, request: Request, *, wanted: list[str] | tuple[str, ...], problem: str = "", status: int = 200
    ) -> Response:
        loaded = self._context.loaded
        offered = [
            OfferedList(name=name, title=mailing_list(loaded, name).title, chosen=name in wanted)
            for name, one in loaded.settings.lists.items()
            if one.public
        ]
        if not offered:
            return not_found(self._context, request)
        bits = loaded.settings.web.work
        asked = challenge(self._context.keys, now=self._context.clock()) if bits else ""
        return page(
            self._context,
            request,
            "web/subscribe.html",
            status=status,
            lists=offered,
            problem=problem,
            bits=bits,
            challenge=asked,
        )


def problem(context: SiteContext, request: Request, found: TokenProblem) -> Response:
    """Why a link does nothing: the same page whoever it is about, and whether there is anybody."""
    status = 410 if found is TokenProblem.EXPIRED else 404
    again = any(one.public for one in context.loaded.settings.lists.values())
    return page(context, request, "web/told.html", status=status, what=found.value, again=again)


def not_found(context: SiteContext, request: Request) -> Response:
    """Of an address that leads nowhere, or to what this reader may not see: one cannot be told from the other.

    A page whose digest has another name now leads on to it, where this reader may see it.
    """
    if to := moved_to(context, request):
        return RedirectResponse(to, 308)
    return page(context, request, "web/told.html", status=404, what="missing")
