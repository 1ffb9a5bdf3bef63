"""One process at a time on a data folder."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from .errors import system_errors
from .opening import make_folder

_LOCK = "digestbot.lock"
SERVES = " serves"
_HOLDER = "digestbot.pid"  # apart from the lock: on Windows nobody else may read a locked file


@contextmanager
def lock(data: Path, *, timeout: float = 0.0, serves: bool = False) -> Iterator[None]:
    """Hold the data folder; the operating system releases it when the process ends, however it ends.

    Args:
        data: the folder, made where it is missing.
        timeout: seconds to wait for another process to release it; negative waits for ever.
        serves: whether this process stays: whoever is refused is told.

    Raises:
        DataFolderLocked: another process holds it; the message names its id where it is known.
        StoreError: it cannot be locked at all.
    """
    make_folder(data)
    with system_errors(f"the data folder {data} cannot be used"):
        # filelock takes every failure to make its file for a lock that somebody holds.
        (data / _LOCK).touch(mode=0o600)
    from filelock import FileLock  # noqa: PLC0415 -- brings asyncio; most commands hold no lock

    held = FileLock(data / _LOCK, mode=0o600, thread_local=False)
    with system_errors(f"the data folder {data} cannot be locked", busy=lambda: _busy(data)):
        held.acquire(timeout=timeout, poll_interval=0.05)
    try:
        with suppress(OSError):  # no room on the disk: others are told that somebody works here, not who
            (data / _HOLDER).write_text(f"{os.getpid()}{SERVES * serves}\n", encoding="ascii")
        yield
    finally:
        with suppress(OSError):
            (data / _HOLDER).unlink()
        held.release()


def _busy(data: Path) -> str:
    try:
        process, _, serves = (data / _HOLDER).read_text(encoding="ascii").strip().partition(" ")
        holder = f" (process {int(process)})"
    except (OSError, ValueError):
        holder, serves = "", ""  # it has just begun, or has just ended
    if serves:
        return f"`digestbot serve`{holder} is running in {data}: stop it first, and start it again afterwards"
    return f"another digestbot{holder} is working in {data}: wait until it is done, or stop it"
