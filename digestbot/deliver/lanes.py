"""The connections to a channel's accounts: each is worked by a thread of its own, and a delivery is given to one that may send it.

Each claims, sends and records one delivery at a time, as a single connection does. So at a kill as many are in doubt as there
are connections.
"""

from __future__ import annotations

import threading
from collections import Counter, deque
from collections.abc import Callable, Sequence
from contextvars import copy_context
from datetime import datetime

from ..model import FINAL, Account, Delivery, DeliveryState
from ..ports import Progress
from .ahead import MOST
from .attempt import DeliveryAttempts

_PACED = 4  # deliveries that wait for one connection of an account with a pace, while another may be free
_LOOK_SECONDS = 0.2  # between two looks whether everything is to end


class _Worker:
    """One connection."""

    def __init__(self, account: Account, attempts: DeliveryAttempts) -> None:
        self.account, self.attempts = account, attempts
        self.rows: deque[Delivery] = deque()
        self.room = _PACED if account.limited else MOST  # deliveries that may wait for it
        self.works = False
        self.thread: threading.Thread | None = None


class Lanes:
    """All connections of one channel.

    Args:
        channel: its scheme.
        lanes: the account of each connection, and the attempts over it.
        rests: until when each account rests, by `DeliveryAttempts.place`.
        now: the real time.
        stop: once it is true nothing more is sent.
        progress: gets a step for every delivery that ends.
    """

    def __init__(
        self,
        channel: str,
        lanes: Sequence[tuple[Account, DeliveryAttempts]],
        *,
        rests: Callable[[str], datetime | None],
        now: Callable[[], datetime],
        stop: Callable[[], bool],
        progress: Progress | None,
    ) -> None:
        self._channel, self._rests, self._now, self._stop, self._progress = channel, rests, now, stop, progress
        self._workers = [_Worker(account, attempts) for account, attempts in lanes]
        self._names = {account.name for account, _ in lanes}
        self._given: Counter[str] = Counter()  # by account
        self._changed = threading.Condition()
        self._ends = False
        self._error: BaseException | None = None
        self._wake: datetime | None = None
        self._again = False  # an account rests, and what it was given may go by another

    @property
    def attempts(self) -> Sequence[DeliveryAttempts]:
        return [worker.attempts for worker in self._workers]

    def process(self, delivery: Delivery) -> None:
        """Give it to a connection of its account, or of the one that is furthest behind its share; waits for one to be free."""
        [first, *others] = self._workers
        if not others:  # no thread for a single one
            first.rows.append(delivery)
            if len(first.rows) >= first.room:
                self._work_off(first)
            return
        with self._changed:
            while self._error is None and not self._stop():
                fitting = self._fitting(delivery)
                if not fitting:
                    return
                if (chosen := self._chosen(fitting)) is not None:
                    self._given[chosen.account.name] += 1
                    chosen.rows.append(delivery)
                    if chosen.thread is None:
                        run = copy_context().run  # so that its log lines tell the same job
                        chosen.thread = threading.Thread(target=run, args=(self._work, chosen), name="connection")
                        chosen.thread.start()
                    self._changed.notify_all()
                    return
                self._changed.wait(_LOOK_SECONDS)
        if self._error is not None:
            self.settle()

    def _chosen(self, fitting: Sequence[_Worker]) -> _Worker | None:
        """A connection with room, of the account that is furthest behind its share; one that waits for its bucket is not waited for."""
        for worker in sorted(fitting, key=lambda one: (self._share(one.account), len(one.rows))):
            if len(worker.rows) < worker.room:
                return worker
            if not worker.attempts.waits_at_pace and not self._has_room(worker.account):
                return None
        return None

    def _share(self, account: Account) -> float:
        return self._given[account.name] / account.weight

    def _has_room(self, account: Account) -> bool:
        return any(len(one.rows) < one.room for one in self._workers if one.account.name == account.name)

    def record_sent(self) -> None:
        """Record what a single connection sent last; of several each does it once it has nothing to do."""
        [first, *others] = self._workers
        if not others:
            self._work_off(first)
            first.attempts.settle()

    def _work_off(self, worker: _Worker) -> None:
        while worker.rows and not self._stop():
            delivery = worker.rows.popleft()
            if self._fitting(delivery):
                self._one(worker, delivery)

    def settle(self) -> None:
        """Wait until every connection has done what it was given; raises what ended one of them."""
        [first, *others] = self._workers
        if not others:
            self._work_off(first)
            first.rows.clear()
        with self._changed:
            while any(worker.rows or worker.works for worker in self._workers):
                self._changed.wait(_LOOK_SECONDS)
            error, self._error = self._error, None
        if error is not None:
            raise error

    def next_wait(self) -> float | None:
        """As `DeliveryAttempts.next_wait`, of all of them."""
        waits = [wait for attempts in self.attempts if (wait := attempts.next_wait()) is not None]
        wake, self._wake = self._wake, None
        again, self._again = self._again, False
        if again:
            return 0.0
        if wake is not None:
            waits.append(max((wake - self._now()).total_seconds(), 0.0))
        return min(waits, default=None)

    def rest(self) -> bool:
        """Whether nothing can be sent now through any account."""
        return all(self._resting(worker) for worker in self._workers)

    def end(self) -> None:
        """Let every thread end, after what it does now; records what was sent."""
        with self._changed:
            self._ends = True
            for worker in self._workers:
                worker.rows.clear()
            self._changed.notify_all()
        for worker in self._workers:
            if worker.thread is not None:
                worker.thread.join()
        for worker in self._workers:
            worker.attempts.end()

    def _resting(self, worker: _Worker) -> bool:
        until = self._rests(worker.attempts.place(self._channel))
        return until is not None and until > self._now()

    def _fitting(self, delivery: Delivery) -> list[_Worker]:
        """Who may send it now; a delivery whose account is not configured any more may go through any."""
        own = delivery.account in self._names
        allowed = [worker for worker in self._workers if not own or worker.account.name == delivery.account]
        if delivery.state is DeliveryState.SENDING:
            return allowed  # to find out what became of it nothing is sent
        fitting = [worker for worker in allowed if not self._resting(worker)]
        if not fitting:
            ends = (self._rests(worker.attempts.place(self._channel)) for worker in allowed)
            self._wake = min(filter(None, (self._wake, *ends)), default=None)
        return fitting

    def _work(self, worker: _Worker) -> None:
        try:
            while (delivery := self._next(worker)) is not None:
                if not self._stop() and self._error is None:
                    self._one(worker, delivery)
        except BaseException as error:  # noqa: BLE001 -- raised again by `settle`, in the thread that waits for all
            self._error = self._error or error
        finally:
            with self._changed:
                worker.works, worker.thread = False, None
                worker.rows.clear()
                self._changed.notify_all()

    def _next(self, worker: _Worker) -> Delivery | None:
        """The next one, once there is one; None: it is to end."""
        with self._changed:
            worker.works = True
            if worker.rows:
                # Not for each: to wake the thread that hands out takes its time.
                if len(worker.rows) == worker.room // 2:
                    self._changed.notify_all()
                return worker.rows.popleft()
        # Nothing is to be claimed at once, with which the last one could be recorded.
        worker.attempts.settle()
        with self._changed:
            worker.works = False
            self._changed.notify_all()
            while not worker.rows and not self._ends:
                self._changed.wait()
            if not worker.rows:
                return None
            worker.works = True
            return worker.rows.popleft()

    def _one(self, worker: _Worker, delivery: Delivery) -> None:
        outcome = worker.attempts.process(delivery, worker.rows)
        if outcome.state is DeliveryState.PENDING and not outcome.account and self._resting(worker) and not self.rest():
            self._again = True
        if self._progress is not None and outcome.state in FINAL:
            with self._changed:
                self._progress.step(f"{outcome.recipient}: {outcome.state}")
