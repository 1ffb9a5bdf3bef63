"""What operators did: who, when, what."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.responses import Response

from ...model import Change
from .desk import Desk, Visit

_A_PAGE = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeLine:
    """A change, as the page shows it."""

    when: str
    change: Change


class LogPage:
    """`/admin/log`."""

    def __init__(self, desk: Desk) -> None:
        self.routes = [desk.shows("/admin/log", self.show)]

    def show(self, visit: Visit) -> Response:
        """The newest first, in pages."""
        before = visit.asked("before", 15)
        number = int(before) if before.isascii() and before.isdecimal() else None
        found = visit.context.store.changes.page(before=number, limit=_A_PAGE + 1)
        lines = tuple(ChangeLine(when=visit.when(one.at), change=one) for one in found[:_A_PAGE])
        more = found[_A_PAGE - 1].number if len(found) > _A_PAGE else None
        return visit.page("log.html", lines=lines, more=more, begins=number is None)
