"""How many hosts are asked at once: so many that answer, and besides them some that do not."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

SLOW_SECONDS = 2.0  # nearly all answers that come at all have come by then
STALLED_SECONDS = 0.5  # where no request at all has ended for so long, nobody waits for the slow ones
MAX_SLOW = 192  # requests that wait longer than that: sockets, and memory for what they may still send


class Places:
    """Places for requests. A request that waits for long gives its place to another, and goes on without one.

    Else as many hosts as there are places, all hanging, would keep every other feed waiting for their whole deadline.
    """

    def __init__(
        self,
        count: int,
        *,
        slow_seconds: float = SLOW_SECONDS,
        stalled_seconds: float = STALLED_SECONDS,
        max_slow: int = MAX_SLOW,
    ) -> None:
        self._free = asyncio.Semaphore(count)
        self._slow_seconds = slow_seconds
        self._stalled_seconds = stalled_seconds
        self._max_slow = max_slow
        self._slow = 0
        self._ended = 0.0  # when the last request did

    @asynccontextmanager
    async def place(self) -> AsyncIterator[None]:
        """Wait for a place, and hold it until the end or for long enough."""
        await self._free.acquire()
        is_slow = False
        loop = asyncio.get_running_loop()

        def give_up() -> None:
            nonlocal is_slow
            if not is_slow and self._slow < self._max_slow:
                is_slow = True
                self._slow += 1
                self._free.release()

        def give_up_where_nothing_ends() -> None:
            if loop.time() - self._ended >= self._stalled_seconds:
                give_up()

        timers = (
            loop.call_later(self._stalled_seconds, give_up_where_nothing_ends),
            loop.call_later(self._slow_seconds, give_up),
        )
        try:
            yield
        finally:
            for timer in timers:
                timer.cancel()
            self._ended = loop.time()
            if is_slow:
                self._slow -= 1
            else:
                self._free.release()
