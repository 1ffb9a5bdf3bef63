"""The process behind parser_pool.py: it parses documents, and is killed when one takes too long.

Started as `python -m digestbot.collect.parser_process MEMORY` (in bytes). A job arrives as a pickle with its length
before it; the answers are STARTED, when parsing begins, and then the result, a pickle with its length before it.
"""

from __future__ import annotations

import pickle
import signal
import struct
import sys
from collections.abc import Callable
from typing import BinaryIO

from ..errors import CollectError
from .parse_job import ParseJob, parse, prepare

LENGTH = struct.Struct("!Q")
STARTED = b"S"


def serve(memory: int, source: BinaryIO, sink: BinaryIO) -> None:
    """Parse documents until the source ends; a failed one is answered with the reason of its CollectError."""
    _limit(memory)
    while header := source.read(LENGTH.size):
        job: ParseJob = pickle.loads(source.read(LENGTH.unpack(header)[0]))  # noqa: S301 -- from our own parent
        refused = _attempt(prepare, job)
        sink.write(STARTED)
        sink.flush()
        data = pickle.dumps(refused or _attempt(parse, job))
        sink.write(LENGTH.pack(len(data)) + data)
        sink.flush()


def _attempt(step: Callable[[ParseJob], object], job: ParseJob) -> object:
    """The result of the step, or the reason why there is none."""
    try:
        return step(job)
    except CollectError as error:
        return error.reason
    except (MemoryError, SystemError):  # lxml's parser says it so when it gets none
        return "parsing needs too much memory"
    except Exception as error:  # noqa: BLE001 -- whatever a stranger's bytes can raise is a failed feed
        return f"could not be parsed ({type(error).__name__})"


def _limit(memory: int) -> None:
    # Ctrl-C goes to the whole group of processes: the parent ends this one when it is ready to.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        import resource  # noqa: PLC0415 -- absent on Windows, where the deadline alone must do
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    serve(int(sys.argv[1]), sys.stdin.buffer, sys.stdout.buffer)
