"""What readers set off, done after they were answered: so that an answer tells nothing, not even by how long it took.

One thread, one job after another. Nothing of it outlives the process: who asked for a mail that never came asks again.
"""

from __future__ import annotations

import heapq
import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from types import TracebackType
from typing import Final, Self

from ..errors import DigestbotError, PermanentFailure, TemporaryFailure

LOG = logging.getLogger("digestbot.web")
MOST_WAITING: Final = 2_000
_RETRY_SECONDS: Final = (60.0, 300.0, 900.0)  # a mail server that greylists takes it after some minutes
_STOP_SECONDS: Final = 10.0
# Else a job takes time from the answer that is still on its way, and more of it the more there is to do.
_ANSWER_FIRST_SECONDS: Final = 0.02


@dataclass(order=True, slots=True)
class _Job:
    due: float  # seconds of a clock that cannot be set
    number: int
    run: Callable[[], object] = field(compare=False)
    tried: int = field(default=0, compare=False)


class ReaderJobs:
    """Does jobs in the order they come, while a `with` block lasts. A TemporaryFailure has one tried again, three times."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._waiting: list[_Job] = []
        self._changed = threading.Condition()
        self._number = 0
        self._busy = False
        self._stopped = False
        self._thread = threading.Thread(target=self._work, daemon=True, name="reader jobs")

    def put(self, run: Callable[[], object]) -> bool:
        """Do this soon; False where too many wait already, which is logged."""
        with self._changed:
            if len(self._waiting) >= MOST_WAITING:
                LOG.warning("%d readers' requests wait already: one was dropped", MOST_WAITING)
                return False
            self._add(_Job(self._clock(), self._next_number(), run))
            return True

    def drain(self, seconds: float) -> bool:
        """Wait until everything that is due was done; False where that takes longer."""
        with self._changed:
            return self._changed.wait_for(lambda: not self._busy and not self._is_due(), seconds)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.drain(_STOP_SECONDS)
        with self._changed:
            self._stopped = True
            self._changed.notify_all()
        self._thread.join(_STOP_SECONDS)

    def _next_number(self) -> int:
        self._number += 1
        return self._number

    def _add(self, job: _Job) -> None:
        heapq.heappush(self._waiting, job)
        self._changed.notify_all()

    def _is_due(self) -> bool:
        return bool(self._waiting) and self._waiting[0].due <= self._clock()

    def _work(self) -> None:
        while (job := self._take()) is not None:
            time.sleep(max(0.0, job.due + _ANSWER_FIRST_SECONDS - self._clock()))
            again = self._try(job)
            with self._changed:
                self._busy = False
                if again is not None:
                    self._add(again)
                self._changed.notify_all()

    def _take(self) -> _Job | None:
        with self._changed:
            while not self._stopped:
                if self._is_due():
                    self._busy = True
                    return heapq.heappop(self._waiting)
                self._changed.wait(self._waiting[0].due - self._clock() if self._waiting else None)
            return None

    def _try(self, job: _Job) -> _Job | None:
        """The same job for later where it is to be tried again."""
        try:
            job.run()
        except TemporaryFailure as failure:
            if job.tried < len(_RETRY_SECONDS):
                later = self._clock() + _RETRY_SECONDS[job.tried]
                return _Job(later, self._next_number(), job.run, job.tried + 1)
            LOG.error("a mail to a reader was not sent: %s", failure)  # noqa: TRY400 -- it says what and why
        except PermanentFailure as failure:
            # Of one address: a stranger may have typed it, and it is no business of the log.
            LOG.warning("a mail to a reader was refused for good%s", f": {failure}" if failure.account else "")
        except DigestbotError as error:
            LOG.error("a reader's request failed: %s", error)  # noqa: TRY400 -- as above
        except Exception:
            LOG.exception("internal error in a reader's request")
        return None
