"""`digestbot healthcheck`: whether `serve` or `worker` is at work on a data folder, for whatever restarts it. Starts nothing."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from ..app.storage import database_url
from ..errors import DigestbotError
from ..settings import Loaded
from ..store import FILE, last_heartbeat

FRESH: Final = timedelta(minutes=2)  # four rounds of half a minute
ANSWER_SECONDS: Final = 5.0


def trouble(loaded: Loaded, data: Path, *, seconds: float = ANSWER_SECONDS) -> str:
    """What is wrong, in one line; empty where all is well.

    Args:
        loaded: the configuration, for where the database is.
        data: the data folder.
        seconds: in which the database has to answer.
    """
    found: list[datetime | None] = []
    failed: list[str] = []

    def ask() -> None:
        try:
            found.append(last_heartbeat(data, database_url(loaded)))
        except DigestbotError as error:
            failed.append(str(error))

    # A thread, because a driver may wait longer than this for a server that says nothing.
    asking = threading.Thread(target=ask, daemon=True)
    asking.start()
    asking.join(seconds)
    if failed:
        return failed[0]
    if not found:
        return f"the database did not answer in {seconds:g} seconds"
    if found[0] is None and not database_url(loaded) and not (data / FILE).exists():
        why = f"{FILE} is not in it" if data.is_dir() else "there is no such folder"
        return f"nothing serves {data}: {why}; start `digestbot serve`"
    return stale(found[0], data, now=datetime.now(UTC))


def stale(last: datetime | None, data: Path, *, now: datetime) -> str:
    """What a heartbeat of this moment says is wrong. One from the future was written before the clock was set back: it counts."""
    if last is None:
        return f"nothing serves {data}: no heartbeat was ever written; start `digestbot serve`"
    if now - last > FRESH:
        return f"nothing serves {data}: the last heartbeat is of {last:%Y-%m-%d %H:%M:%S} UTC; start `digestbot serve`"
    return ""
