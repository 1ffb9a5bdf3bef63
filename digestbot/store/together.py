"""Small writes of several threads in one transaction: on SQLite one writes at a time, and the sync at its end is what takes long."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any, Generic, TypeVar

from .database import Database

T = TypeVar("T")


class _Write(Generic[T]):
    def __init__(self, job: Callable[[Any], T]) -> None:
        self.job = job
        self.made: list[T] = []
        self.error: BaseException | None = None


class Together:
    """Writes that wait while another is synced are synced together after it. Each returns once it is on the disk."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._writing, self._listing = threading.Lock(), threading.Lock()
        self._waiting: list[_Write[Any]] = []

    def write(self, job: Callable[[Any], T]) -> T:
        """What `job` makes with the driver's cursor, once that is committed and synced.

        Raises:
            StoreError: nothing of it was written, nor of what was to be written with it.
        """
        if not self._database.sqlite:  # servers do this themselves, for all their clients
            with self._database.writing_directly() as cursor:
                return job(cursor)
        mine = _Write(job)
        with self._listing:
            self._waiting.append(mine)
        with self._writing:
            if not (mine.made or mine.error):
                with self._listing:
                    all_of_them, self._waiting = self._waiting, []
                self._write(all_of_them)
        if mine.error is not None:
            raise mine.error
        return mine.made[0]

    def _write(self, writes: list[_Write[Any]]) -> None:
        made = []
        try:
            with self._database.writing_directly() as cursor:
                made = [write.job(cursor) for write in writes]
        except BaseException as error:  # noqa: BLE001 -- raised in the thread of each
            for write in writes:
                write.error = error
        else:
            for write, one in zip(writes, made, strict=True):
                write.made.append(one)
