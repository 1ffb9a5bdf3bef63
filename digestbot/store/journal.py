"""How far each claim has come that was made ahead: a file beside the database, which gets a line before and after each mail.

A line takes microseconds and a commit some hundred times as long, and a kill loses neither. Whoever writes a file holds its lock,
which the system ends with the process: a file whose lock is free is nobody's, and what it says is taken up.
"""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Callable
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from .errors import system_errors

if TYPE_CHECKING:
    from filelock import BaseFileLock

_FOLDER = "unrecorded"
_JOURNAL = ".journal"
_LARGE = 262_144  # bytes: what is recorded is forgotten then

Stage = Literal["claimed", "begun", "sent"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """How far one attempt at a delivery has come."""

    key: str  # the delivery's
    attempts: int  # which of its attempts
    stage: Stage
    word: str = ""  # of one claimed: the account it was bound to before; of one sent: its name at the channel


class Journal:
    """A file of this thread's.

    Args:
        data: the data folder.
        me: who claims, as a claim names them.

    Raises:
        StoreError: the file cannot be made.
    """

    def __init__(self, data: Path, me: str) -> None:
        self._path = data / _FOLDER / f"{secrets.token_hex(8)}{_JOURNAL}"
        self.me = me
        self._head = json.dumps(me).encode() + b"\n"
        with self._errors():
            self._path.parent.mkdir(mode=0o700, exist_ok=True)
            self._lock = _lock(self._path)
            self._lock.acquire(timeout=0)
            self._file = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND, 0o600)
        self._size = 0
        self._add(self._head)

    def _errors(self) -> AbstractContextManager[None]:
        return system_errors(f"what becomes of a delivery cannot be kept in {self._path.parent}")

    def write(self, *entries: Entry) -> None:
        """Add them, in one piece.

        Raises:
            StoreError: the disk is full.
        """
        self._add(b"".join(_line(entry) for entry in entries))

    def _add(self, lines: bytes) -> None:
        written = 0
        try:
            while written < len(lines):  # less than all is written where the disk is full, which the next try tells
                written += os.write(self._file, lines[written:])
        except OSError:
            with self._errors():  # half a line would spoil the next one
                os.ftruncate(self._file, self._size)
                raise
        self._size += written

    def forget(self, *kept: Entry) -> None:
        """Everything else in it is in the database: empty it, once that is worth the while."""
        if self._size >= _LARGE:
            os.ftruncate(self._file, 0)
            self._size = 0
            self._add(self._head + b"".join(_line(entry) for entry in kept))

    def close(self, *, done: bool) -> None:
        """Remove it; or leave it to be taken up, where not everything in it is in the database."""
        os.close(self._file)
        if done:
            _remove(self._path)
        self._lock.release()


def take_up_journals(data: Path, take_up: Callable[[str, tuple[Entry, ...]], None]) -> None:
    """Hand over what is in those that nobody writes any more: who claimed, and how far each attempt came; then remove them."""
    try:
        paths = sorted((data / _FOLDER).glob(f"*{_JOURNAL}"))
    except OSError:
        return
    for path in paths:
        lock = _lock(path)
        with suppress(OSError):
            lock.acquire(timeout=0)  # held: its writer lives
            try:
                text = path.read_bytes()
            except FileNotFoundError:  # another process has just taken it up
                text = b""
            try:
                if text:
                    take_up(*_read(text))
                _remove(path)
            finally:
                lock.release()


def _lock(path: Path) -> BaseFileLock:
    from filelock import FileLock  # noqa: PLC0415 -- brings asyncio; most commands hold no lock

    return FileLock(path.with_suffix(".lock"), mode=0o600, thread_local=False)


def _remove(path: Path) -> None:
    with suppress(OSError):
        path.unlink(missing_ok=True)
        path.with_suffix(".lock").unlink(missing_ok=True)


def _line(entry: Entry) -> bytes:
    quoted = json.encoder.encode_basestring_ascii  # `json.dumps` makes an encoder each time
    return f'["{entry.stage}", {quoted(entry.key)}, {entry.attempts}, {quoted(entry.word)}]\n'.encode()


def _read(text: bytes) -> tuple[str, tuple[Entry, ...]]:
    head, *lines = text.split(b"\n")
    me, found = "", dict[tuple[str, int], Entry]()
    with suppress(ValueError):
        me = str(json.loads(head))
    for line in lines:
        with suppress(ValueError, TypeError):  # half a line: the power went
            stage, key, attempts, word = json.loads(line)
            found[key, attempts] = Entry(stage=stage, key=key, attempts=attempts, word=word)
    return me, tuple(found.values())
