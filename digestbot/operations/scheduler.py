"""Call a function again and again; what is due is decided elsewhere."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

_LOOK_SECONDS = 1.0  # between two looks at what the clock of the machine says


def tick_forever(
    job: Callable[[], object], *, seconds: float = 30.0, stop: threading.Event, wake: threading.Event | None = None
) -> None:
    """Call `job` at once and then every so many seconds until `stop` is set; a call that is running then is finished.

    Once `wake` is set, which `job` has to clear, the next call is made at once.

    APScheduler only ticks: no job store, no memory of missed runs, never two calls at a time. Every tick reads the
    clock and the store to see what is due, so a machine that slept or was off misses nothing.

    It counts by the clock of the machine, though: after that was set back by six hours it would rest for six hours. So
    the seconds are counted here once more, by a clock that cannot be set.
    """
    from apscheduler.executors.pool import ThreadPoolExecutor  # noqa: PLC0415 -- only a daemon ticks
    from apscheduler.schedulers.background import BackgroundScheduler  # noqa: PLC0415
    from apscheduler.triggers.interval import IntervalTrigger  # noqa: PLC0415

    # That a round takes longer than the time between two is no news: the next one does all of it.
    logging.getLogger("apscheduler").setLevel(logging.ERROR)
    # In UTC: APScheduler before 3.11.2 could loop without end in an hour that clocks repeat (apscheduler#1021).
    scheduler = BackgroundScheduler(timezone=UTC, executors={"default": ThreadPoolExecutor(1)})
    ticking = scheduler.add_job(
        job,
        IntervalTrigger(seconds=seconds, timezone=UTC),
        next_run_time=datetime.now(UTC),
        coalesce=True,
        # By default a call that comes more than a second late is dropped, and after a sleep each one is late.
        misfire_grace_time=None,
        max_instances=1,
    )
    scheduler.start()
    try:
        while not stop.wait(min(seconds, _LOOK_SECONDS)):
            now, waiting = datetime.now(UTC), ticking.next_run_time
            asleep = waiting is not None and waiting > now + timedelta(seconds=2 * seconds)
            if asleep or (wake is not None and wake.is_set()):
                ticking.modify(next_run_time=now)
    finally:
        scheduler.shutdown(wait=True)
