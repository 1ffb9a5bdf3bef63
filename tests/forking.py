"""Processes of their own that begin in milliseconds: forked from a server that has imported everything before.

Importing SQLAlchemy and the rest takes a second of CPU, which a test that needs four processes would pay four times.
"""

from __future__ import annotations

import multiprocessing
import os
import sys
from collections.abc import Callable
from functools import cache
from multiprocessing import forkserver
from multiprocessing.process import BaseProcess

PROCESSES = multiprocessing.get_context("forkserver")
_PRELOADED = [
    "crashing",
    "fault_worker",
    "store_processes",
    "digestbot.cli",
    "digestbot.operations.run",
    "digestbot.operations.status",
    "digestbot.operations.outcome",
    "digestbot.operations.logs",
    "digestbot.collect.feed_reader",
    "sqlalchemy.dialects.sqlite",
]


def start(target: Callable[..., None], *args: object) -> BaseProcess:
    """Call a function of a module in another process. Kill it, join it, look at its exit code."""
    _warm_up()
    process = PROCESSES.Process(target=target, args=args)
    process.start()
    return process


@cache
def _warm_up() -> None:
    """Start the fork server; older ones find what they import by PYTHONPATH only."""
    before = os.environ.get("PYTHONPATH")
    os.environ["PYTHONPATH"] = os.pathsep.join(sys.path)
    PROCESSES.set_forkserver_preload(_PRELOADED)
    forkserver.ensure_running()
    if before is None:
        del os.environ["PYTHONPATH"]
    else:
        os.environ["PYTHONPATH"] = before
