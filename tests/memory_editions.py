"""`ports.Editions` without a database, as far as planning needs it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from digestbot.model import Edition, EditionState, calendar_day

_USED = (EditionState.READY, EditionState.DONE, EditionState.EMPTY)


class MemoryEditions:
    """The editions of one digest, by name; `made` has those that went out, in the order of their making."""

    def __init__(self) -> None:
        self.rows: dict[date, Edition] = {}
        self.made: list[Edition] = []
        self.firsts: set[date] = set()  # that had none before them
        self.known: list[tuple[datetime, str]] = []

    def latest(self, _digest: str, *, until: datetime) -> Edition | None:
        used = [row for row in self.rows.values() if row.state in _USED and row.until <= until]
        return max(used, key=lambda row: row.until, default=None)

    def get(self, _digest: str, day: date) -> Edition | None:
        return self.rows.get(day)

    def of_day(self, _digest: str, day: date) -> tuple[Edition, ...]:
        return tuple(self.rows[name] for name in sorted(self.rows) if calendar_day(name) == calendar_day(day))

    def dates(self, _digest: str) -> frozenset[date]:
        return frozenset(name for name, row in self.rows.items() if row.state is not EditionState.CLAIMED)

    def plans(self, _digest: str) -> tuple[tuple[datetime, str], ...]:
        return tuple(self.known)

    def set_plan(self, _digest: str, plan: str, *, since: datetime) -> None:
        self.known = [*[one for one in self.known if one[0] < since], (since, plan)][-4:]

    def set_state(self, digest: str, day: date, state: EditionState) -> None:
        if day not in self.rows:
            midnight = datetime.combine(calendar_day(day), time(), UTC)
            self.rows[day] = Edition(digest=digest, date=day, since=midnight, until=midnight)
        self.rows[day] = replace(self.rows[day], state=state)

    def make(self, name: date, *, now: datetime, window: timedelta) -> Edition:
        """As the pipeline does: the window begins where the last one ended."""
        before = self.latest("", until=now)
        since = before.until if before and before.until < now else now - window
        if before is None:
            self.firsts.add(name)
        edition = Edition(digest="m", date=name, since=since, until=now, state=EditionState.DONE)
        assert name not in self.dates("m") or self.rows[name].state is EditionState.MISSED, f"{name} is made twice"
        self.rows[name] = edition
        self.made.append(edition)
        return edition
