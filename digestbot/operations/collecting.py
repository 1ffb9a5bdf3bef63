"""`digestbot collect`: ask the feeds that are due and keep what is new, so that topics can be tuned before anything is sent."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from ..app import wiring
from ..collect import PollResult
from ..edition.collecting import collect_for
from ..errors import Stopped
from ..ports import Progress, Store
from ..settings import Loaded
from ..text.counting import counted


@dataclass(frozen=True, slots=True, kw_only=True)
class Collected:
    """What a round came to."""

    poll: PollResult

    @property
    def failed(self) -> bool:
        """Whether no feed could be read."""
        return bool(self.poll.feeds) and self.poll.failed == self.poll.feeds

    def lines(self) -> Iterator[str]:
        """For a person."""
        poll = self.poll
        asked = poll.feeds - poll.skipped
        rest = f"; {counted(poll.skipped, 'feed is', 'feeds are')} not due yet" if poll.skipped else ""
        yield f"asked {counted(asked, 'feed')}, {counted(poll.new, 'new item')}{rest}"
        for failure in poll.failures:
            yield f"  {failure.source}: {failure.detail or failure.reason}"

    def as_dict(self) -> dict[str, object]:
        """For a program."""
        poll = self.poll
        return {
            "feeds": poll.feeds,
            "skipped": poll.skipped,
            "failed": poll.failed,
            "new": poll.new,
            "failures": [{"source": one.source, "reason": one.detail or one.reason} for one in poll.failures],
        }


def collect_once(loaded: Loaded, store: Store, progress: Progress, *, stop: threading.Event) -> Collected:
    """One round over every feed that is due.

    Args:
        loaded: the configuration.
        store: the real one.
        progress: shows which feeds answer.
        stop: once it is set, no further feed is asked.

    Raises:
        Stopped: it was set meanwhile; what was read is kept.
    """
    context = wiring.edition_context(loaded, store, progress, sending=False, stop=stop.is_set, sleep=stop.wait)
    poll = collect_for(context, at=datetime.now(UTC))
    if stop.is_set():
        raise Stopped("stopped by a signal; what was read is kept, and the next command goes on from here")
    return Collected(poll=poll)
