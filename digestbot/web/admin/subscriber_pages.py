"""Readers of lists: found by a part of their address, how each stands and how they consented, and an operator's word on them."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import partial
from typing import IO, Final
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from ...model import Reader, Subscription, SubscriptionState
from ...operations.subscribers import export, kept_of, lift, page_of
from ...ports.subscribers import Decide
from ...subscribers.changes import pause, resume, unsubscribe
from ...text.sanitise import one_line, shorten
from .desk import Desk, Visit

HOME: Final = "/admin/subscribers"
A_PAGE: Final = 50
MOST_EXPORTED: Final = 100_000  # rows: more take longer than a page may
PAUSES: Final = (1, 2, 4, 8, 26)  # weeks
_LAST: Final = 2**31 - 1  # the last number that a subscriber can have
_LONGEST_REASON: Final = 200
_CHUNK: Final = 65_536


class SubscriberPages:
    """`/admin/subscribers` and a page for each reader."""

    def __init__(self, desk: Desk) -> None:
        self._context = desk.context
        self.routes: list[Route] = [
            desk.shows(HOME, self.list),
            desk.does(HOME, self.find),
            desk.does(f"{HOME}/export", self.export),
            desk.shows(f"{HOME}/{{number}}", self.show),
            desk.does(f"{HOME}/{{number}}", self.say),
        ]

    def list(self, visit: Visit) -> Response:
        """A page of them, of all lists or one, in all states or one."""
        name, state = visit.asked("list"), _state(visit.asked("state"))
        return self._list(visit, name=name, state=state, after=_number(visit.asked("after")))

    def find(self, visit: Visit) -> Response:
        """By a part of their address: it stands in no address of a page, and so in no log of a proxy."""
        having = visit.given("q", 254).strip()
        name, state = visit.given("list"), _state(visit.given("state"))
        return self._list(visit, name=name, state=state, having=having, after=_number(visit.given("after")))

    def _list(
        self,
        visit: Visit,
        *,
        name: str,
        state: SubscriptionState | None,
        after: int,
        having: str = "",
        problem: str = "",
    ) -> Response:
        lists = self._context.loaded.settings.lists
        name = name if name in lists else ""
        found = page_of(
            self._context.store, now=visit.now, name=name, state=state, having=having, after=after, limit=A_PAGE
        )
        counts = {
            one: [(number, state) for state in SubscriptionState if (number := found.counts.get((one, state), 0))]
            for one in dict.fromkeys((*lists, *(one for one, _ in sorted(found.counts))))
        }
        link = self._context.link(HOME)
        given = {"list": name, "state": state.value if state else "", "after": str(found.next or "")}
        return visit.page(
            "subscribers.html",
            readers=tuple((one.subscriber, self._states(visit, one)) for one in found.readers),
            counts={one: numbers for one, numbers in counts.items() if numbers},
            suppressions=found.suppressions,
            lists={one: settings.title or one for one, settings in lists.items()},
            states=tuple(one.value for one in SubscriptionState),
            within=name,
            state=given["state"],
            having=having,
            next=found.next,
            more=f"{link}?{urlencode({key: value for key, value in given.items() if value})}" if found.next else "",
            begins=not after,
            home=link,
            problem=problem,
        )

    def _states(self, visit: Visit, reader: Reader) -> tuple[str, ...]:
        told = [f"{one.list}: {self._told(visit, one)}" for one in reader.subscriptions]
        barred = reader.suppression
        return (*told, *([f"suppressed since {visit.when(barred.since)}: {barred.reason}"] if barred else []))

    def _told(self, visit: Visit, one: Subscription) -> str:
        until = f" until {visit.when(one.until)}" if one.until else ""
        confirmed = f"confirmed {visit.when(one.consented)}" if one.consented else "not confirmed"
        return f"{one.state}{until} since {visit.when(one.since)}; by {one.consent}, {confirmed}"

    def show(self, visit: Visit) -> Response:
        """All that is kept of a reader."""
        reader = self._reader(visit.request)
        return self._page(visit, reader) if reader else _nobody(visit)

    def _page(self, visit: Visit, reader: Reader) -> Response:
        return visit.page(
            "subscriber.html",
            reader=reader,
            kept=tuple(kept_of(self._context.store, reader.subscriber.address).lines())[1:],
            subscriptions=tuple((one, self._told(visit, one)) for one in reader.subscriptions),
            pauses=PAUSES,
            home=self._context.link(HOME),
            here=self._context.link(f"{HOME}/{reader.subscriber.id}"),
        )

    def say(self, visit: Visit) -> Response:
        """What an operator says of a reader."""
        reader = self._reader(visit.request)
        if reader is None:
            return _nobody(visit)
        deeds: dict[str, Callable[[Visit, Reader], str]] = {
            "leave": self._leave,
            "pause": self._pause,
            "resume": self._resume,
            "suppress": self._suppress,
            "lift": self._lift,
        }
        deed = deeds.get(visit.given("do"))
        done = deed(visit, reader) if deed else ""
        if done:
            # By number: the record outlives the reader, who may want to be forgotten.
            visit.record(done, f"subscriber {reader.subscriber.id}")
        return visit.back(f"{HOME}/{reader.subscriber.id}", "done" if done else "not")

    def _leave(self, visit: Visit, reader: Reader) -> str:
        return self._change(visit, reader, partial(unsubscribe, now=visit.now), "unsubscribed from")

    def _pause(self, visit: Visit, reader: Reader) -> str:
        weeks = visit.given("weeks", 4)
        if weeks not in map(str, PAUSES):
            return ""
        until = visit.now + timedelta(weeks=int(weeks))
        return self._change(visit, reader, partial(pause, now=visit.now, until=until), f"paused for {weeks} weeks")

    def _resume(self, visit: Visit, reader: Reader) -> str:
        return self._change(visit, reader, partial(resume, now=visit.now), "ended the pause of")

    def _change(self, visit: Visit, reader: Reader, decide: Decide, words: str) -> str:
        """What was done, in words; nothing where it is so already, or may not be."""
        name = visit.given("list")
        if not isinstance(self._context.store.subscribers.change(reader.subscriber.id, name, decide), Subscription):
            return ""
        return f"{words} {name}"

    def _suppress(self, visit: Visit, reader: Reader) -> str:
        reason = shorten(one_line(visit.given("reason")), _LONGEST_REASON) or "by an operator"
        done = self._context.store.suppressions.suppress(reader.subscriber.address, reason, now=visit.now)
        return "suppressed the address of" if done else ""

    def _lift(self, visit: Visit, reader: Reader) -> str:
        del visit
        return "lifted the suppression of" if lift(self._context.store, reader.subscriber.address) else ""

    def _reader(self, request: Request) -> Reader | None:
        number = _number(request.path_params["number"])
        return self._context.store.subscribers.get(number) if number else None

    def export(self, visit: Visit) -> Response:
        """All that is kept of readers, as the command exports it."""
        store = self._context.store
        name = visit.given("list") if visit.given("list") in self._context.loaded.settings.lists else ""
        counts = store.subscribers.counts(now=visit.now)
        rows = sum(number for (one, _), number in counts.items() if name in {"", one}) + store.suppressions.count()
        if rows > MOST_EXPORTED:
            problem = (
                f"{rows} rows are more than a page can hold: `digestbot subscribers export FILE` writes any number."
            )
            return self._list(visit, name=name, state=None, after=0, problem=problem)
        whole = tempfile.TemporaryFile("w+", encoding="utf-8", newline="")  # noqa: SIM115 -- sent after this returns
        try:
            export(store, whole, name=name, now=visit.now)
            whole.flush()
            visit.record("exported the readers", f"of {name}" if name else "of all lists")
        except BaseException:
            whole.close()
            raise
        return _download(whole, visit.now)


def _download(whole: IO[str], now: datetime) -> Response:
    size = os.fstat(whole.fileno()).st_size

    def pieces() -> Iterator[bytes]:
        with whole:
            whole.buffer.seek(0)  # type: ignore[attr-defined]
            while piece := whole.buffer.read(_CHUNK):  # type: ignore[attr-defined]
                yield piece

    headers = {
        "Cache-Control": "no-store",
        "Content-Disposition": f'attachment; filename="subscribers-{now:%Y-%m-%d}.csv"',
        "Content-Length": str(size),
    }
    return StreamingResponse(pieces(), media_type="text/csv", headers=headers)


def _nobody(visit: Visit) -> Response:
    return visit.page("failed.html", status=404, reasons=("There is no subscriber of this number.",))


def _number(text: str) -> int:
    """A subscriber's number; 0 for what is none."""
    number = int(text) if text.isascii() and text.isdecimal() and len(text) <= len(str(_LAST)) else 0
    return number if number <= _LAST else 0


def _state(text: str) -> SubscriptionState | None:
    return SubscriptionState(text) if text in set(SubscriptionState) else None
