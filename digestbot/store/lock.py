"""One process at a time on a data folder."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

from ..errors import DataFolderLocked, StoreError
from .opening import make_folder

_NAME = "digestbot.lock"
_HOLDER = "digestbot.pid"  # apart from the lock: on Windows nobody else may read a locked file


@contextmanager
def lock(data: Path, *, timeout: float = 0.0) -> Iterator[None]:
    """Hold the data folder; the operating system lets go when the process ends, however it ends.

    Args:
        data: the folder, made where it is missing.
        timeout: seconds to wait for another process to let go; negative waits for ever.

    Raises:
        DataFolderLocked: another process holds it; the message names its id where it is known.
        StoreError: it cannot be locked at all.
    """
    make_folder(data)
    held = FileLock(data / _NAME, mode=0o600, thread_local=False)
    try:
        held.acquire(timeout=timeout, poll_interval=0.05)
    except Timeout:
        raise DataFolderLocked(
            f"another digestbot{_holder(data)} is working in {data}: wait until it is done, or stop it"
        ) from None
    except OSError as error:
        raise StoreError(
            f"the data folder {data} cannot be locked: {error.strerror}. Change its permissions"
        ) from error
    try:
        (data / _HOLDER).write_text(f"{os.getpid()}\n", encoding="ascii")
        yield
    finally:
        with suppress(OSError):
            (data / _HOLDER).unlink()
        held.release()


def _holder(data: Path) -> str:
    try:
        return f" (process {int((data / _HOLDER).read_text(encoding='ascii'))})"
    except (OSError, ValueError):
        return ""
