"""The page behind the link in every mail of a list: what its reader gets, a pause, another address, the way out and back.

Every change is a POST. That of a mail program's own button (RFC 8058) leaves the list at once, without a page before it.
"""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final

from babel import Locale
from babel.dates import format_date, get_day_names
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from ..app.readers import mailing_list, topics_of
from ..model import Frequency, Reader, Refusal, Subscriber, SubscriptionState
from ..operations.letters import Letter, about, read_written
from ..operations.own_hand import Choice, choose, leave
from ..render import ReaderMail
from ..subscribers.changes import ON, as_of, pause, resume, undo
from ..subscribers.tokens import (
    LIFETIMES,
    TimedDeed,
    Token,
    TokenProblem,
    read_timed_token,
    read_unsubscribe_token,
)
from ..text.locales import locale_of
from ..text.mail_addresses import AddressError, clean_address, mail_key
from .context import SiteContext
from .pages import Option, language_of, languages, page
from .subscribing import problem

LOG = logging.getLogger("digestbot.web")
PAUSES: Final = (1, 2, 4, 8, 12, 26)  # weeks
_MOST_FIELDS: Final = 200
_SATURDAY: Final = 5  # of a list without a day of its own
_NUMBER: Final = re.compile(r"[1-9][0-9]{0,9}")
_ONE_CLICK: Final = ("List-Unsubscribe", "One-Click")
_NOT_OFFERED: Final = "not offered"  # what a form asks for: it was open while the lists changed, or no browser made it


@dataclass(frozen=True, slots=True, kw_only=True)
class ReaderView:
    """What a reader sees of themselves."""

    list: str
    address: str  # with all but its ends hidden: the link may have been forwarded
    state: str
    until: str  # when a pause ends, as the language writes it
    plain: bool
    weekday: str  # of the weekly edition
    frequencies: tuple[Option, ...]
    topics: tuple[Option, ...]
    languages: tuple[Option, ...]
    lists: tuple[Option, ...]  # others that can be had
    pauses: tuple[Option, ...]


class PreferencePages:
    """The pages `/u/LIST/TOKEN`, `/undo/...`, `/move/...` and `/moved/...`."""

    def __init__(self, context: SiteContext) -> None:
        self._context = context
        self.routes = [
            Route("/u/{list}/{token}", self.show, methods=["GET"]),
            Route("/u/{list}/{token}", self.change, methods=["POST"]),
            Route("/undo/{list}/{token}", self.ask_undo, methods=["GET"]),
            Route("/undo/{list}/{token}", self.undo, methods=["POST"]),
            Route("/move/{list}/{token}/{address}", self.ask_move, methods=["GET"]),
            Route("/move/{list}/{token}/{address}", self.agree, methods=["POST"]),
            Route("/moved/{list}/{token}/{address}", self.ask_move, methods=["GET"]),
            Route("/moved/{list}/{token}/{address}", self.move, methods=["POST"]),
        ]

    def show(self, request: Request) -> Response:
        """What they get, and the forms that change it."""
        reader = self._reader(request)
        return reader if isinstance(reader, Response) else self._page(request, reader)

    async def change(self, request: Request) -> Response:
        """What a form of the page sends, or a mail program's button."""
        async with request.form(max_files=0, max_fields=_MOST_FIELDS) as given:
            return await run_in_threadpool(self._change, request, given)

    def _change(self, request: Request, given: FormData) -> Response:
        reader = self._reader(request)
        if isinstance(reader, Response):
            return reader
        if given.get(_ONE_CLICK[0]) == _ONE_CLICK[1]:
            self._leave(reader, request.path_params["list"])
            return PlainTextResponse("unsubscribed")
        deed = str(given.get("do", ""))
        if deed == "leave":
            return self._left(request, reader)
        if deed == "move":
            return self._begin_move(request, reader, str(given.get("address", ""))[:1000])
        deeds = {"save": self._save, "pause": self._pause, "resume": self._resume}
        told = deeds[deed](reader, request.path_params["list"], given) if deed in deeds else _NOT_OFFERED
        return self.show_anew(request, told, status=400 if told == _NOT_OFFERED else 200)

    def show_anew(self, request: Request, told: str, *, status: int = 200) -> Response:
        """The page as it is after a change."""
        reader = self._reader(request)
        return reader if isinstance(reader, Response) else self._page(request, reader, told, status)

    def _save(self, reader: Reader, name: str, given: FormData) -> str:
        topics, offered = topics_of(self._context.loaded, name), [one.value for one in self._others(reader, name)]
        ticked, others = ({str(one) for one in given.getlist(field)} for field in ("topic", "list"))
        language, wanted = str(given.get("language", "")), str(given.get("frequency", ""))
        known = wanted in {"", *Frequency} and language in {"", *languages()}
        if not known or not ticked <= set(topics) or not others <= set(offered):
            return _NOT_OFFERED
        existing = reader.of(name)
        frequency = Frequency(wanted) if wanted else existing.frequency if existing else Frequency.EACH
        choice = Choice(
            frequency=frequency,
            topics=() if ticked == set(topics) else tuple(sorted(ticked)),
            plain=given.get("plain") == "yes",
            language=language,
            others=frozenset(others),
        )
        choose(self._context.store, reader, name, choice, offered=offered, now=self._context.clock())
        return "saved"

    def _pause(self, reader: Reader, name: str, given: FormData) -> str:
        weeks = str(given.get("weeks", ""))
        if weeks not in map(str, PAUSES):
            return _NOT_OFFERED
        now = self._context.clock()
        until = now + timedelta(weeks=int(weeks))
        self._context.store.subscribers.change(reader.subscriber.id, name, partial(pause, now=now, until=until))
        return "paused"

    def _resume(self, reader: Reader, name: str, given: FormData) -> str:
        del given
        self._context.store.subscribers.change(reader.subscriber.id, name, partial(resume, now=self._context.clock()))
        return "resumed"

    def _leave(self, reader: Reader, name: str) -> None:
        letter = leave(self._context.store, reader.subscriber.id, name, now=self._context.clock())
        LOG.info("unsubscribed subscriber %d from %s", reader.subscriber.id, name)
        if letter is not None and self._context.limits.notice_may(reader.subscriber.key):
            self._context.send(letter)

    def _left(self, request: Request, reader: Reader) -> Response:
        name = request.path_params["list"]
        self._leave(reader, name)
        back = self._context.link_of(Letter(kind=ReaderMail.LEFT, reader=reader.subscriber, list=name))
        return self._told(request, "left", reader.subscriber, undo=back)

    def ask_undo(self, request: Request) -> Response:
        """The link of the mail that tells somebody they were unsubscribed."""
        found = self._timed(request, TimedDeed.UNDO)
        return found if isinstance(found, Response) else self._asks(request, "undo", self._numbered(found.subscriber))

    def undo(self, request: Request) -> Response:
        """Its button, and that of the page on which they left."""
        found = self._timed(request, TimedDeed.UNDO)
        if isinstance(found, Response):
            return found
        name, now = request.path_params["list"], self._context.clock()
        decide = partial(undo, now=now, made=found.made)
        answer = self._context.store.subscribers.change(found.subscriber, name, decide)
        if answer is None or isinstance(answer, Refusal):
            return problem(self._context, request, TokenProblem.EXPIRED)
        preferences = self._context.preferences(found.subscriber, name)
        return self._told(request, "back", self._numbered(found.subscriber), preferences=preferences)

    def _begin_move(self, request: Request, reader: Reader, address: str) -> Response:
        try:
            mail_key(address)
        except AddressError:
            return self._page(request, reader, "no address", status=400)
        name = request.path_params["list"]
        asked = self._ask_by_mail(reader.subscriber, name, ReaderMail.MOVE_FROM, clean_address(address))
        return self._page(request, reader, "moving" if asked else "later", status=200 if asked else 429)

    def ask_move(self, request: Request) -> Response:
        """The link of both mails about another address."""
        found = self._moving(request)
        if isinstance(found, Response):
            return found
        reader, other = found
        return self._asks(request, "move", reader, address=hidden(reader.address), other=hidden(other))

    def agree(self, request: Request) -> Response:
        """The old address agrees: the new one is asked."""
        found = self._moving(request)
        if isinstance(found, Response):
            return found
        reader, other = found
        if not self._ask_by_mail(reader, request.path_params["list"], ReaderMail.MOVE_TO, other):
            return self._told(request, "broken", reader, status=429)
        hours = int(LIFETIMES[TimedDeed.MOVE_TO].total_seconds() // 3600)
        return self._told(request, "moving", reader, hours=hours)

    def move(self, request: Request) -> Response:
        """The new address agrees, too."""
        found = self._moving(request)
        if isinstance(found, Response):
            return found
        reader, other = found
        done = self._context.store.subscribers.move(reader.id, address=other, key=mail_key(other))
        LOG.info("subscriber %d %s", reader.id, "has another address" if done else "could not get another address")
        return self._told(request, "moved" if done else "taken", reader, status=200 if done else 409)

    def _ask_by_mail(self, reader: Subscriber, name: str, kind: ReaderMail, other: str) -> bool:
        """Whether they are asked: not too often, for whoever has a forwarded mail could do it again and again."""
        to = other if kind is ReaderMail.MOVE_TO else reader.address
        if not (self._context.limits.site_may() and self._context.limits.address_may(mail_key(to))):
            LOG.warning("a mail about another address was not sent: there were too many to one address")
            return False
        self._context.send(Letter(kind=kind, reader=reader, list=name, address=other))
        return True

    def _moving(self, request: Request) -> tuple[Subscriber, str] | Response:
        deed = TimedDeed.MOVE_TO if request.url.path.split("/")[-4] == "moved" else TimedDeed.MOVE_FROM
        other = read_written(request.path_params["address"])
        number = request.path_params["token"].partition(".")[0]
        reader = self._numbered(int(number)) if _NUMBER.fullmatch(number) else None
        if reader is None or not other:
            return problem(self._context, request, TokenProblem.WRONG)
        found = self._timed(request, deed, about(request.path_params["list"], other, reader))
        return found if isinstance(found, Response) else (reader, other)

    def _numbered(self, number: int) -> Subscriber | None:
        reader = self._context.store.subscribers.get(number)
        return reader.subscriber if reader else None

    def _timed(self, request: Request, deed: TimedDeed, of: str = "") -> Token | Response:
        """What the token of a link says that was made for this; for the list of the link where nothing is named."""
        context, word = self._context, request.path_params["token"]
        found = read_timed_token(word, context.keys, deed, of or request.path_params["list"], now=context.clock())
        return problem(context, request, found) if isinstance(found, TokenProblem) else found

    def _reader(self, request: Request) -> Reader | Response:
        """Whose token it is; one of somebody who was forgotten is answered as one that we did not make."""
        # A list that is in the configuration no more can still be left.
        name, context = request.path_params["list"], self._context
        wrong = problem(context, request, TokenProblem.WRONG)
        number = read_unsubscribe_token(request.path_params["token"], context.keys, name)
        if isinstance(number, TokenProblem):
            return wrong
        reader = context.store.subscribers.get(number)
        return wrong if reader is None or reader.of(name) is None else reader

    def _page(self, request: Request, reader: Reader, told: str = "", status: int = 200) -> Response:
        name = request.path_params["list"]
        language = language_of(reader.subscriber, request)
        view = self._view(reader, name, locale_of(language), self._context.clock())
        if view.state == SubscriptionState.UNSUBSCRIBED:
            return self._told(request, "left", reader.subscriber)
        return page(
            self._context,
            request,
            "web/reader.html",
            status=status,
            language=language,
            reader=view,
            told=told,
        )

    def _view(self, reader: Reader, name: str, locale: Locale, now: datetime) -> ReaderView:
        loaded = self._context.loaded
        of = mailing_list(loaded, name)
        existing = reader.of(name)
        if existing is None:
            raise LookupError(name)
        one = as_of(existing, now)
        state = SubscriptionState.SUPPRESSED if reader.suppression else one.state
        weekly = of.weekly is not None or one.frequency is Frequency.WEEKLY
        offered = [freq for freq in Frequency if freq is not Frequency.WEEKLY or weekly]
        person = reader.subscriber
        names = [("", ""), *((tag, (locale_of(tag).display_name or tag).capitalize()) for tag in languages())]
        return ReaderView(
            list=of.title,
            address=hidden(person.address),
            state=state.value,
            until=format_date(one.until, "long", locale=locale) if one.until else "",
            plain=person.plain,
            weekday=get_day_names("wide", locale=locale)[_SATURDAY if of.weekly is None else of.weekly],
            frequencies=tuple(Option(value=freq.value, chosen=freq is one.frequency) for freq in offered),
            topics=tuple(
                Option(value=topic, words=title, chosen=not one.topics or topic in one.topics)
                for topic, title in topics_of(loaded, name).items()
            ),
            languages=tuple(Option(value=tag, words=words, chosen=tag == person.language) for tag, words in names),
            lists=self._others(reader, name),
            pauses=tuple(Option(value=str(weeks)) for weeks in PAUSES),
        )

    def _others(self, reader: Reader, name: str) -> tuple[Option, ...]:
        """Lists that anybody may have, and those that this reader has: what they asked for is ticked."""
        loaded = self._context.loaded
        found = []
        for other, settings in loaded.settings.lists.items():
            existing = reader.of(other)
            on = existing is not None and existing.state in ON
            if other != name and (settings.public or on):
                asked = existing is not None and existing.state is SubscriptionState.PENDING
                found.append(Option(value=other, words=mailing_list(loaded, other).title, chosen=on or asked))
        return tuple(found)

    def _asks(self, request: Request, what: str, reader: Subscriber | None, **values: Any) -> Response:
        return self._about(request, "web/asks.html", reader, what=what, **values)

    def _told(self, request: Request, what: str, reader: Subscriber | None, **values: Any) -> Response:
        return self._about(request, "web/told.html", reader, what=what, **values)

    def _about(self, request: Request, template: str, reader: Subscriber | None, **values: Any) -> Response:
        title = mailing_list(self._context.loaded, request.path_params["list"]).title
        language = language_of(reader, request)
        return page(self._context, request, template, language=language, title=title, **values)


def hidden(address: str) -> str:
    """An address that its owner knows again, and nobody else learns: `a…n@example.com`."""
    local, _, domain = address.rpartition("@")
    shown = local if len(local) <= 1 else f"{local[0]}…{local[-1]}" if len(local) > 3 else f"{local[0]}…"
    return f"{shown}@{domain}"
