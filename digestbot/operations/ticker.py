"""A ticker that asks again and again; what is due is decided elsewhere."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime


def tick_forever(job: Callable[[], object], *, seconds: float = 30.0, stop: threading.Event) -> None:
    """Call `job` at once and then every so many seconds until `stop` is set; the call that is running is finished.

    APScheduler rings and knows nothing: no job store, no memory of missed runs, never two calls at a time. What is
    due is asked from the clock and the ledger at every ring, so a sleeping or stopped machine loses nothing.
    """
    from apscheduler.executors.pool import ThreadPoolExecutor  # noqa: PLC0415 -- only a daemon ticks
    from apscheduler.schedulers.background import BackgroundScheduler  # noqa: PLC0415
    from apscheduler.triggers.interval import IntervalTrigger  # noqa: PLC0415

    scheduler = BackgroundScheduler(timezone=UTC, executors={"default": ThreadPoolExecutor(1)})
    scheduler.add_job(
        job,
        IntervalTrigger(seconds=seconds, timezone=UTC),
        next_run_time=datetime.now(UTC),
        coalesce=True,
        misfire_grace_time=None,
        max_instances=1,
    )
    scheduler.start()
    try:
        stop.wait()
    finally:
        scheduler.shutdown(wait=True)
