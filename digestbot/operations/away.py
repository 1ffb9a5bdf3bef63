"""A database server that is away is waited for: whoever serves never ends for it."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from contextlib import suppress

from ..errors import StoreUnavailable

LOG = logging.getLogger("digestbot")
_LOOK_SECONDS = 3.0


def await_database(ask: Callable[[], object], away: StoreUnavailable, *, stop: threading.Event) -> None:
    """Return once the database answers again, or everything is to end; its return is logged, as its absence was.

    Args:
        ask: something of it.
        away: what was said when it was missed.
        stop: everything is to end.
    """
    while not stop.wait(_LOOK_SECONDS):
        with suppress(StoreUnavailable):
            ask()
            tell_back(away)
            return


def tell_back(away: StoreUnavailable) -> None:
    """Log that a database answers again, after what was said when it was missed."""
    LOG.warning("the database is back: %s", str(away).partition(":")[0])
