"""Who has an edition and who has not, and what an operator says about it: again, it arrived, it did not, no more tries."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final
from urllib.parse import urlencode

from starlette.responses import Response

from ...app.zones import parse_date
from ...deliver import RESENDABLE, requeue_deliveries, resolve_deliveries
from ...model import Delivery, DeliveryState
from ...operations.edition_named import digests_named
from ...text.counting import counted
from .desk import Desk, Visit

_A_PAGE: Final = 100  # deliveries
_MOST_AT_ONCE: Final = 1_000
_AGAIN_FOR: Final = timedelta(days=1)  # as `digestbot resend`
# What can be said of a delivery in which state, and how the record calls it.
_DEEDS: Final = {
    "resend": (RESENDABLE | {DeliveryState.UNKNOWN}, "had sent again"),
    "sent": (frozenset({DeliveryState.UNKNOWN}), "said that they arrived:"),
    "failed": (frozenset({DeliveryState.UNKNOWN}), "said that they did not arrive:"),
    "cancel": (frozenset({DeliveryState.PENDING}), "cancelled"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """Which deliveries a page shows."""

    digest: str
    day: date | None
    state: DeliveryState | None
    to: str

    @property
    def query(self) -> str:
        """The same as a part of an address."""
        given = {"digest": self.digest, "edition": self.day or "", "state": self.state or "", "to": self.to}
        return urlencode({name: str(value) for name, value in given.items() if value})


class Deliveries:
    """`/admin/deliveries`."""

    def __init__(self, desk: Desk) -> None:
        self._context = desk.context
        self.routes = [
            desk.shows("/admin/deliveries", self.show),
            desk.does("/admin/deliveries", self.change),
        ]

    def show(self, visit: Visit) -> Response:
        """Those of an edition, the newest one by default, that a filter lets through."""
        outbox = self._context.store.outbox
        which = self._filter(
            visit, visit.asked("digest"), visit.asked("edition"), visit.asked("state"), visit.asked("to")
        )
        found = self._matching(which, limit=_A_PAGE + 1) if which.digest else ()
        counts: Counter[DeliveryState] = Counter()
        for (_, state), count in outbox.tally(digest=which.digest, day=which.day).items() if which.digest else ():
            counts[state] += count
        there = {row.state for row in found}
        if len(found) > _A_PAGE and which.state is None:
            there |= counts.keys()
        return visit.page(
            "deliveries.html",
            which=which,
            digests=self._names(),
            states=tuple(DeliveryState),
            counts=[(state, counts[state]) for state in DeliveryState if counts[state]],
            rows=[(row, visit.when(row.not_before or row.deadline)) for row in found[:_A_PAGE]],
            more=len(found) > _A_PAGE,
            number=visit.asked("number", 9),
            changeable=frozenset().union(*(states for states, _ in _DEEDS.values())),
            deeds={do for do, (states, _) in _DEEDS.items() if not states.isdisjoint(there)},
        )

    def change(self, visit: Visit) -> Response:
        """What the operator says about those that are ticked, or about all that the filter lets through."""
        outbox = self._context.store.outbox
        given = (visit.given(name) for name in ("digest", "edition", "state", "to"))
        which = self._filter(visit, *given)
        at = f"/admin/deliveries?{which.query}"
        what = visit.given("do")
        if what not in _DEEDS:
            return visit.back(at, "nothing")
        states, words = _DEEDS[what]
        if visit.given("all"):
            chosen = self._matching(which, limit=_MOST_AT_ONCE)
        else:
            chosen = outbox.by_keys(visit.all_given("key")[:_A_PAGE])
        wanted = [row for row in chosen if row.state in states]
        done = self._do(what, wanted, visit)
        if not done:
            return visit.back(at, "none")
        edition = f"{which.digest} {which.day}" if which.day else which.digest
        visit.record(words, f"{counted(done, 'delivery', 'deliveries')} of {edition}")
        return visit.back(f"{at}&number={done}", what)

    def _do(self, what: str, wanted: list[Delivery], visit: Visit) -> int:
        """How many were changed; one that has changed since the page was opened keeps its state."""
        outbox = self._context.store.outbox
        if what == "resend":
            return len(requeue_deliveries(outbox, wanted, deadline=visit.now + _AGAIN_FOR))
        state = {"sent": DeliveryState.SENT, "failed": DeliveryState.FAILED}.get(what, DeliveryState.CANCELLED)
        why = "cancelled by an operator" if what == "cancel" else "an operator found that it has not arrived"
        changed = resolve_deliveries(outbox, wanted, state, why=why)
        return sum(row.state is state for row in changed)

    def _matching(self, which: Filter, *, limit: int) -> tuple[Delivery, ...]:
        states = None if which.state is None else {which.state}
        return self._context.store.outbox.matching(
            digest=which.digest, day=which.day, states=states, recipient=which.to or None, limit=limit
        )

    def _names(self) -> tuple[str, ...]:
        """Of all digests: those of the configuration in its order, then those that only have editions."""
        loaded = self._context.loaded
        return tuple(dict.fromkeys((*loaded.digests, *digests_named(loaded, self._context.store, None))))

    def _filter(self, visit: Visit, digest: str, edition: str, state: str, to: str) -> Filter:
        """What the address or the form says; without an edition the newest one, unless `all` are asked for.

        Raises:
            ConfigErrors: it is no date.
        """
        store, names = self._context.store, self._names()
        name = digest if digest in names else next(iter(names), "")
        newest = store.editions.history(name, limit=1) if name and not edition else ()
        settings = self._context.loaded.digests.get(name)
        given = edition if edition not in ("", "all") else None
        day = parse_date(given, settings, now=visit.now) if given else None
        return Filter(
            digest=name,
            day=newest[0].date if newest else day,
            state=DeliveryState(state) if state in {one.value for one in DeliveryState} else None,
            to=to.strip()[:320],
        )
