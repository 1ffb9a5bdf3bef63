"""Places for requests: what waits for long keeps nobody from being asked."""

from __future__ import annotations

import asyncio
import math

from digestbot.collect.places import Places


def held(waiting: int, *, count: int, max_slow: int, slow_seconds: float = 0.0, ended: float = 0.0) -> int:
    """How many of so many requests that never end hold or had a place."""

    async def within() -> int:
        places = Places(count, slow_seconds=slow_seconds, stalled_seconds=0.0, max_slow=max_slow)
        places._ended = ended
        begun = 0

        async def hang() -> None:
            nonlocal begun
            async with places.place():
                begun += 1
                await asyncio.Event().wait()

        tasks = [asyncio.create_task(hang()) for _ in range(waiting)]
        for _ in range(200):
            await asyncio.sleep(0)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        return begun

    return asyncio.run(within())


def test_what_hangs_gives_its_place_to_others() -> None:
    """Twenty hang on two places, and all of them are asked."""
    assert held(20, count=2, max_slow=100) == 20


def test_where_nothing_ends_slow_ones_give_way_sooner() -> None:
    """No request has ended for a while: the others wait no longer than that."""
    assert held(20, count=2, max_slow=100, slow_seconds=1e6) == 20


def test_where_others_end_slow_ones_keep_their_place() -> None:
    """A request has just ended: each may take its whole time."""
    assert held(20, count=2, max_slow=100, slow_seconds=1e6, ended=math.inf) == 2


def test_there_is_an_end_to_what_may_hang() -> None:
    """No more than places and slow ones together."""
    assert held(20, count=2, max_slow=5) == 7


def test_places_come_back() -> None:
    """After quick and slow requests there are as many as before."""

    async def within() -> None:
        places = Places(1, slow_seconds=0.0, stalled_seconds=0.0)
        for _ in range(3):
            async with places.place():
                await asyncio.sleep(0)
                await asyncio.sleep(0)
        async with asyncio.timeout(60), places.place():
            pass
        assert (places._slow, places._free._value) == (0, 1)

    asyncio.run(within())
