"""What a round of `serve` need not ask the database again: between two editions nothing becomes due, and rounds come every half minute.

Whatever another process changes meanwhile is seen some minutes later at most; what is open to be delivered is not kept here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from ..app.zones import schedule_for
from ..edition.schedule import Schedule, next_slots
from ..settings import Loaded

LONGEST: Final = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Failed:
    """A digest that could not be made, and rests until it is tried again."""

    reason: str
    again_at: float  # seconds of the clock that cannot be set
    times: int  # in a row


@dataclass(slots=True, kw_only=True)
class Rests:
    """Of one daemon."""

    elapsed: Callable[[], float]  # seconds by a clock that cannot be set
    problems: Mapping[str, str] | None = None  # of the last round that looked for them
    _plans: Mapping[str, Schedule] | None = field(default=None, init=False)
    _known_until: float = field(default=0.0, init=False)
    _loaded: Loaded | None = field(default=None, init=False)
    _today: list[Schedule] = field(default_factory=list, init=False)  # as the configuration and the machine's zone say
    _due: dict[str, datetime] = field(default_factory=dict, init=False)  # when each digest that rests is next due

    def forget(self) -> None:
        """Ask everything again: the clock was set, or something was done."""
        self._plans = self.problems = None
        self._due.clear()

    def plans(self, loaded: Loaded, make: Callable[[], Mapping[str, Schedule]]) -> Mapping[str, Schedule]:
        """When each digest goes out: as it was made last, for some minutes, unless the configuration is another."""
        today = [schedule_for(digest) for digest in loaded.digests.values()]
        if self.elapsed() >= self._known_until or loaded is not self._loaded or today != self._today:
            self.forget()
        if self._plans is None:
            self._plans, self._loaded, self._today = make(), loaded, today
            self._known_until = self.elapsed() + LONGEST.total_seconds()
        return self._plans

    def rest(self, digest: str, schedule: Schedule, *, now: datetime) -> None:
        """Nothing of this digest is due now; whether something is will be asked at its next hour."""
        self._due[digest] = next(next_slots(now, schedule)).due

    def rests(self, digest: str, *, now: datetime) -> bool:
        """Whether nothing of it can be due yet."""
        return digest in self._due and now < self._due[digest]
