"""The other side of workers.py: a process that reads documents, and may be killed for it.

Started as `python -m digestbot.collect.parser_process MEMORY`; jobs and results are pickles with their length before them.
"""

from __future__ import annotations

import pickle
import signal
import struct
import sys
from typing import BinaryIO

from ..errors import CollectError
from .parse_job import Job, perform

LENGTH = struct.Struct("!Q")


def serve(memory: int, source: BinaryIO, sink: BinaryIO) -> None:
    """Perform jobs until the source ends; a failed one is answered with its CollectError."""
    _limit(memory)
    while header := source.read(LENGTH.size):
        job: Job = pickle.loads(source.read(LENGTH.unpack(header)[0]))  # noqa: S301 -- from our own parent
        try:
            result: object = perform(job)
        except CollectError as error:
            result = error.reason
        except MemoryError:
            result = "needs too much memory to read"
        except Exception as error:  # noqa: BLE001 -- whatever a stranger's bytes can raise is a failed feed
            result = f"could not be read ({type(error).__name__})"
        data = pickle.dumps(result)
        sink.write(LENGTH.pack(len(data)) + data)
        sink.flush()


def _limit(memory: int) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        import resource  # noqa: PLC0415 -- absent on Windows, where the deadline alone must do
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    serve(int(sys.argv[1]), sys.stdin.buffer, sys.stdout.buffer)
