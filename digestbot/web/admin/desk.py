"""What every admin page is made with: who asks is known, a form is ours, and what is done is recorded."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from babel.dates import format_datetime
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from ...app.zones import own_zone, zone_for
from ...errors import ConfigError, ConfigErrors, DigestbotError
from ...model import Change
from ..context import SiteContext
from ..pages import page
from .entrance import Closed, Entrance, Operator

LOG = logging.getLogger("digestbot.web")
HOME: Final = "/admin"
LANGUAGE: Final = "en"  # as the commands speak: the settings that both name are English words
_MOST_FIELDS: Final = 2_000
# A browser hides from where a form comes if it may say nothing at all: then no form of ours could be known.
_REFERRER: Final = {"Referrer-Policy": "same-origin"}


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionLink:
    """A part of the admin pages, as its navigation shows it."""

    title: str
    url: str
    here: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AdminView:
    """What every template of an admin page sees as `admin`."""

    home: str  # the address of the first page
    sections: tuple[SectionLink, ...]
    who: str
    signed_in: bool  # and may sign out
    token: str  # of every form
    told: str  # what the form before has done, as a word that the page has a sentence for
    zone: str  # of all times


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One request of an operator. Handlers run in a thread of their own and may wait for the database."""

    desk: Desk
    request: Request
    operator: Operator
    form: FormData = field(default_factory=FormData)  # what a POST brought

    @property
    def context(self) -> SiteContext:
        """The site."""
        return self.desk.context

    @property
    def now(self) -> datetime:
        """The time."""
        return self.context.clock()

    def asked(self, name: str, most: int = 200) -> str:
        """A value of the address, so many characters at most."""
        return self.request.query_params.get(name, "")[:most]

    def given(self, name: str, most: int = 1000) -> str:
        """A field of the form, so many characters at most; empty where it is not there."""
        value = self.form.get(name, "")
        return value[:most] if isinstance(value, str) else ""

    def all_given(self, name: str) -> tuple[str, ...]:
        """Every field of this name."""
        return tuple(value for value in self.form.getlist(name) if isinstance(value, str))

    def page(self, template: str, *, status: int = 200, **values: object) -> Response:
        """The page that a template below web/admin/ makes, which extends web/admin/layout.html."""
        return self.desk.page(self.request, self.operator, template, status=status, **values)

    def back(self, path: str, told: str = "") -> Response:
        """After a form: on to a page, which says what was done. `told` is a word that its template knows."""
        word = f"{'&' if '?' in path else '?'}told={told}" if told else ""
        return RedirectResponse(f"{self.context.link(path)}{word}", 303)

    def record(self, deed: str, subject: str = "", detail: str = "") -> None:
        """Keep who did what, when; `deed` in words as "cancelled a delivery"."""
        who = self.operator.name
        self.context.store.changes.record(Change(at=self.now, who=who, deed=deed, subject=subject, detail=detail))
        LOG.info("%s at the admin pages: %s %s", who, deed, subject)

    def when(self, at: datetime | None) -> str:
        """A time for people, in the zone of the admin pages; empty where there is none."""
        return format_datetime(at, "EEE d MMM HH:mm", tzinfo=ZoneInfo(self.desk.zone), locale=LANGUAGE) if at else ""


Handler = Callable[[Visit], Response]


class Desk:
    """Makes routes of handlers, behind the entrance."""

    def __init__(self, context: SiteContext, sections: tuple[tuple[str, str], ...]) -> None:
        self.context = context
        self.entrance = Entrance(context)
        self._sections = sections  # title and path, in the order of the navigation

    @property
    def zone(self) -> str:
        """The IANA name of the time zone of all admin pages: the first digest's."""
        first = next(iter(self.context.loaded.digests.values()), None)
        return zone_for(first) if first else own_zone()

    def shows(self, path: str, handler: Handler) -> Route:
        """A page. Its handler changes nothing."""

        def answer(request: Request) -> Response:
            operator = self.entrance.operator(request)
            if isinstance(operator, Closed):
                return self.closed(request, operator)
            return self._answer(handler, Visit(desk=self, request=request, operator=operator))

        return Route(path, answer, methods=["GET"])

    def does(self, path: str, handler: Handler) -> Route:
        """What the forms of a page are sent to."""

        async def answer(request: Request) -> Response:
            async with request.form(max_files=0, max_fields=_MOST_FIELDS) as form:
                return await run_in_threadpool(self._do, request, form, handler)

        return Route(path, answer, methods=["POST"])

    def _do(self, request: Request, form: FormData, handler: Handler) -> Response:
        operator = self.entrance.operator(request)
        if isinstance(operator, Closed):
            return self.closed(request, operator)
        if not self.entrance.is_own_form(request, operator, str(form.get("token", ""))):
            LOG.warning(
                "a form for the admin pages was refused: it came from elsewhere, or was made before a new sign-in"
            )
            return self.page(request, operator, "refused.html", status=403)
        return self._answer(handler, Visit(desk=self, request=request, operator=operator, form=form))

    def _answer(self, handler: Handler, visit: Visit) -> Response:
        try:
            return handler(visit)
        except ConfigErrors as error:
            return visit.page("failed.html", status=400, reasons=tuple(map(sentence_for_page, error.errors)))
        except DigestbotError as error:
            return visit.page("failed.html", status=500, reasons=(str(error),))

    def closed(
        self, request: Request, why: Closed, *, problem: str = "", status: int = 401, to: str = "", wait: int = 0
    ) -> Response:
        """The form for the token, or what has to be set before anybody can come in.

        `to` is where they wanted to go, and `wait` the seconds after which they may try again.
        """
        status = status if why is Closed.TOKEN else 403
        to = to or (request.scope["path"] if request.method == "GET" else "")
        answer = page(
            self.context,
            request,
            "web/admin/sign_in.html",
            status=status,
            language=LANGUAGE,
            why=why.value,
            problem=problem,
            to=to,
            wait=wait,
        )
        return held(answer)

    def page(
        self, request: Request, operator: Operator, template: str, *, status: int = 200, **values: object
    ) -> Response:
        """An admin page."""
        link = self.context.link
        # The longest path that the address begins with is where somebody is.
        path = request.scope["path"]
        fitting = [at for _, at in self._sections if path == at or path.startswith(f"{at}/")]
        here = max(fitting, key=len, default="")
        view = AdminView(
            home=link(HOME),
            sections=tuple(SectionLink(title=title, url=link(at), here=at == here) for title, at in self._sections),
            who=operator.name,
            signed_in=bool(operator.session),
            token=self.entrance.form_token(operator),
            told=request.query_params.get("told", "")[:40],
            zone=self.zone,
        )
        name = f"web/admin/{template}"
        return held(page(self.context, request, name, status=status, language=LANGUAGE, admin=view, **values))


def sentence_for_page(error: ConfigError) -> str:
    """What is wrong, where no command line was written: an option is called as the field that takes its place."""
    said = error.sentence
    return said[2].upper() + said[3:] if said.startswith("--") else said


def held(answer: Response) -> Response:
    """The answer as one that nobody keeps, and no search engine shows."""
    answer.headers.update({"Cache-Control": "no-store", "X-Robots-Tag": "noindex, nofollow", **_REFERRER})
    return answer
