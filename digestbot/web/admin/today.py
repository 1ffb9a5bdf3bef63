"""Today at a glance: of each digest the last edition, who has it, what failed, and the next one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from starlette.responses import Response

from ...model import Choice, ChoiceKind, DeliveryState, EditionState
from ...operations.status import DigestStatus, status
from ...text.counting import counted
from ..digest_places import place_of
from .desk import HOME, Desk, Visit

_MOST_TROUBLE = 5  # deliveries named here: the rest on their own page
_STATES = {
    EditionState.CLAIMED: "begun, not made yet",
    EditionState.READY: "made, on its way",
    EditionState.DONE: "everybody has it",
    EditionState.EMPTY: "nothing new",
    EditionState.MISSED: "missed: digestbot was not running then, or it was held",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestToday:
    """A digest, as the page shows it."""

    name: str
    title: str
    upcoming: str
    overdue: str
    last: str  # the name of its newest edition; empty where there was none
    state: str
    counts: tuple[tuple[str, int], ...]  # deliveries of the newest edition by state
    order: str  # an operator holds the next one, or wants it at once
    trouble: tuple[tuple[str, str, str, str], ...]  # edition, recipient, state and why
    more_trouble: int


class Today:
    """`/admin`."""

    def __init__(self, desk: Desk) -> None:
        self.routes = [desk.shows(HOME, self.show)]

    def show(self, visit: Visit) -> Response:
        """Everything that wants a look in the morning."""
        loaded = visit.context.loaded
        digests, feeds = status(loaded, visit.context.store, now=visit.now)
        failing = sum(one.failing for one in feeds)
        return visit.page(
            "today.html",
            digests=tuple(_digests(visit, digests)),
            feeds=f"{counted(len(feeds), 'feed')}, {failing} failing",
            alerts=tuple({**visit.context.store.alerts.open_alerts(), **visit.context.refused()}.items()),
        )


def _order(visit: Visit, order: Choice | None) -> str:
    what = {ChoiceKind.HOLD: "held", ChoiceKind.NOW: "to go at once"}
    return f"{what[order.kind]}, by {order.who}, {visit.when(order.at)}" if order else ""


def _digests(visit: Visit, digests: tuple[DigestStatus, ...]) -> Iterator[DigestToday]:
    loaded = visit.context.loaded
    for one in digests:
        newest = one.editions[0] if one.editions else None
        trouble = [row for row in one.trouble if row.state is not DeliveryState.CANCELLED][::-1]
        yield DigestToday(
            name=one.name,
            title=place_of(visit.context, one.name, loaded.digests[one.name]).title,
            upcoming=visit.when(one.upcoming),
            overdue=visit.when(one.overdue),
            last=newest.date.isoformat() if newest else "",
            state=_STATES[newest.state] if newest else "",
            order=_order(visit, one.order),
            counts=tuple((str(state), one.of_last[state]) for state in DeliveryState if one.of_last.get(state)),
            trouble=tuple(
                (row.edition.isoformat(), str(row.recipient), str(row.state), row.error)
                for row in trouble[:_MOST_TROUBLE]
            ),
            more_trouble=max(0, len(trouble) - _MOST_TROUBLE),
        )
