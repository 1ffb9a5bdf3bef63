"""Who claims a delivery, and whether whoever claimed one can still be at work on it.

Several machines may share a database, so a process id alone says nothing: beside it stand the data folder, the boot and
the moment at which the process began. What cannot be decided by them is left to the lease.
"""

from __future__ import annotations

import os
import re
import secrets
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Self

_FILE = "digestbot.id"
_ID = re.compile(r"[0-9a-f]{32}")
_PROC = Path("/proc")
_NOTHING = "-"  # stands for an empty word in the text form


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimant:
    """A thread of a process of a data folder."""

    folder: str  # the data folder's random id
    boot: str  # of the machine; empty where the system tells none
    process: int
    started: str  # when the process began, as the system counts; empty where it does not tell
    thread: int

    def __str__(self) -> str:
        words = (self.folder, self.boot, self.process, self.started, self.thread)
        return " ".join(str(word) or _NOTHING for word in words)

    @classmethod
    def parse(cls, text: str) -> Self | None:
        """The claimant that `str` made a text of; None for any other text."""
        words = ["" if word == _NOTHING else word for word in text.split(" ")]
        try:
            folder, boot, process, started, thread = words
            return cls(folder=folder, boot=boot, process=int(process), started=started, thread=int(thread))
        except ValueError:
            return None


def has_ended(claimant: Claimant | None, *, asks: Claimant, start_of: Callable[[int], str | None]) -> bool:
    """Whether the claimant is certainly not at work any more. Of another data folder's nothing is certain.

    Args:
        claimant: who claimed, None where that is not known.
        asks: who wants to know; it is itself not at work on the claim while it asks.
        start_of: when a running process began, None where there is no such process.
    """
    if claimant is None or claimant.folder != asks.folder:
        return False
    if claimant.boot != asks.boot:
        return True
    if (claimant.process, claimant.started) == (asks.process, asks.started):
        return claimant.thread == asks.thread
    started = start_of(claimant.process)
    return started is None or bool(started and claimant.started and started != claimant.started)


def this_claimant(data: Path) -> Claimant | None:
    """The thread that calls, on this data folder; None where the folder cannot keep an id."""
    folder = folder_id(data)
    if not folder:
        return None
    process = os.getpid()
    return Claimant(
        folder=folder,
        boot=_boot_id(),
        process=process,
        started=process_start(process) or "",
        thread=threading.get_ident(),
    )


def process_start(process: int) -> str | None:
    """When a running process began, as the system counts; empty where it does not tell; None: there is none."""
    try:
        # The name in parentheses may itself hold spaces and parentheses (proc(5)).
        state, *rest = (_PROC / str(process) / "stat").read_bytes().rpartition(b")")[2].split()
        # A process that was killed stays as a zombie until its parent asks for it.
        return None if state in (b"Z", b"X") else rest[18].decode()
    except (OSError, ValueError, IndexError):
        pass  # another system than Linux, or a process that is hidden from this user, or none
    if sys.platform == "win32":
        return ""  # there the signal 0 is Ctrl-C
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return None
    except (OSError, OverflowError):
        pass  # it is another user's
    return ""


def _boot_id() -> str:
    try:
        return (_PROC / "sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    except (OSError, ValueError):
        return ""


def folder_id(data: Path) -> str:
    """The random id that the data folder keeps, made where it has none."""
    path = data / _FILE
    known = _read_id(path)
    if known:
        return known
    fresh = data / f"{_FILE}.{secrets.token_hex(4)}"
    try:
        fresh.touch(mode=0o600)
        fresh.write_text(f"{secrets.token_hex(16)}\n", encoding="ascii")
        _put_in_place(fresh, path)
    except OSError:
        pass
    finally:
        with suppress(OSError):
            fresh.unlink(missing_ok=True)
    return _read_id(path)


def _put_in_place(fresh: Path, path: Path) -> None:
    """Whole or not at all; of two processes that make one at once the second takes the first one's."""
    try:
        path.hardlink_to(fresh)
    except FileExistsError:
        if not _read_id(path):
            fresh.replace(path)  # it holds something else
    except OSError:
        fresh.replace(path)  # a file system without links


def known_folder_id(data: Path) -> str:
    """The same without making one."""
    return _read_id(data / _FILE)


def _read_id(path: Path) -> str:
    try:
        found = path.read_text(encoding="ascii").strip()
    except (OSError, ValueError):
        return ""
    return found if _ID.fullmatch(found) else ""
