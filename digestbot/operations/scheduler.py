"""Call a function again and again; what is due is decided elsewhere."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta


def tick_forever(job: Callable[[], object], *, seconds: float = 30.0, stop: threading.Event) -> None:
    """Call `job` at once and then every so many seconds until `stop` is set; a call that is running then is finished.

    APScheduler only ticks: no job store, no memory of missed runs, never two calls at a time. Every tick reads the
    clock and the store to see what is due, so a machine that slept or was off misses nothing.

    It counts by the clock of the machine, though: after that was set back by six hours it would rest for six hours. So
    the seconds are counted here once more, by a clock that cannot be set.
    """
    from apscheduler.executors.pool import ThreadPoolExecutor  # noqa: PLC0415 -- only a daemon ticks
    from apscheduler.schedulers.background import BackgroundScheduler  # noqa: PLC0415
    from apscheduler.triggers.interval import IntervalTrigger  # noqa: PLC0415

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
        while not stop.wait(seconds):
            waiting = ticking.next_run_time
            if waiting is not None and waiting > datetime.now(UTC) + timedelta(seconds=2 * seconds):
                ticking.modify(next_run_time=datetime.now(UTC))
    finally:
        scheduler.shutdown(wait=True)
