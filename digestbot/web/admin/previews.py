"""The next editions as the admin pages look at them: made when they are asked for, and kept for a minute."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from ...app import wiring
from ...edition.context import DigestSpec, EditionContext
from ...model import Choice
from ...operations.explain import Explanation, explain_in
from ...operations.logs import NoProgress
from ...operations.next_edition import NextEdition, draft_of_next, next_edition
from ...operations.planner import schedules
from ...settings import Loaded
from ..context import SiteContext

_KEPT_FOR: Final = timedelta(minutes=1)


@dataclass(slots=True)
class Previews:
    """Of one site. One is made at a time: each takes a processor."""

    site: SiteContext
    _lock: threading.Lock = field(default_factory=threading.Lock, init=False)
    _context: tuple[Loaded, EditionContext] | None = field(default=None, init=False)
    _kept: dict[str, tuple[datetime, tuple[Choice, ...], NextEdition]] = field(default_factory=dict, init=False)

    def next(self, name: str) -> NextEdition:
        """The next edition of a digest, with what operators decided about it up to now.

        Raises:
            ConfigErrors: there is no digest of that name.
        """
        with self._lock:
            return self._next(name)

    def explain(self, name: str, reference: str) -> Explanation | None:
        """Why it tells a story as it does, or not at all; None where it has none of that name."""
        with self._lock:
            found = self._next(name)
            spec, context = self._spec(name), self.context()
            return explain_in(draft_of_next(found, spec, context), reference, spec, context.meaning)

    def context(self) -> EditionContext:
        """What editions are made with; nothing can be sent by it."""
        loaded = self.site.loaded
        if self._context is None or self._context[0] is not loaded:
            made = wiring.edition_context(loaded, self.site.store, NoProgress(), sending=False, clock=self.site.clock)
            self._context = loaded, made
            self._kept.clear()
        return self._context[1]

    def _next(self, name: str) -> NextEdition:
        context, now = self.context(), self.site.clock()
        choices = self.site.store.choices.of(name)
        known = self._kept.get(name)
        if known and known[1] == choices and timedelta() <= now - known[0] < _KEPT_FOR:
            return known[2]
        spec = self._spec(name)
        plan = schedules(self.site.loaded, self.site.store, now=now, names=[spec.name], remember=False)[spec.name]
        made = next_edition(spec, context, plan, now=now)
        self._kept[name] = now, choices, made
        return made

    def _spec(self, name: str) -> DigestSpec:
        (spec,) = wiring.digest_specs(self.site.loaded, name)
        return spec
