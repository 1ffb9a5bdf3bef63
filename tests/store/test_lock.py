"""One process at a time on a data folder."""

from __future__ import annotations

import errno
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path

import pytest
from forking import PROCESSES, start
from store_processes import hold

from digestbot.errors import StoreError
from digestbot.store import lock


@dataclass(slots=True)
class Holder:
    """Another process that holds the folder."""

    process: BaseProcess
    pipe: Connection

    def release(self) -> None:
        self.pipe.send("go")
        self.process.join(300)


@contextmanager
def holder(data: Path) -> Iterator[Holder]:
    """Another process holds the folder until it is told to release it, or killed."""
    ours, theirs = PROCESSES.Pipe()
    process = start(hold, data, theirs)
    assert ours.poll(300)
    assert ours.recv() == "held"
    yield Holder(process, ours)
    process.kill()
    process.join()


def test_a_second_process_is_told_which_one_holds_the_folder(tmp_path: Path):
    """And gets it once that one has let go."""
    data = tmp_path / "data"
    with holder(data) as other:
        for _ in range(2):
            with (
                pytest.raises(StoreError, match=rf"process {other.process.pid}\b.* is working in .*stop it"),
                lock(data),
            ):
                pass
        other.release()
        with lock(data):
            pass


def test_a_second_call_in_one_process_is_kept_out_too(tmp_path: Path):
    """A scheduler's threads are rivals like any other."""
    with lock(tmp_path), pytest.raises(StoreError, match="another digestbot"), lock(tmp_path):
        pass
    with lock(tmp_path):
        pass


def test_a_process_that_was_killed_holds_nothing(tmp_path: Path):
    """No stale file has to be removed by hand."""
    with holder(tmp_path) as other:
        other.process.kill()
        other.process.join(300)
        with lock(tmp_path):
            pass


def test_waiting_ends_as_soon_as_the_folder_is_free(tmp_path: Path):
    """With a timeout a run waits its turn."""
    with holder(tmp_path) as other:
        releases = threading.Timer(0.2, other.release)
        releases.start()
        with lock(tmp_path, timeout=300):
            releases.join(300)
            assert other.process.exitcode == 0


def test_waiting_too_long_is_an_error(tmp_path: Path):
    """The timeout is kept."""
    with holder(tmp_path), pytest.raises(StoreError, match="another digestbot"), lock(tmp_path, timeout=0.1):
        pass


def test_an_error_inside_lets_the_folder_go(tmp_path: Path):
    """It is passed on."""
    with pytest.raises(ValueError, match="inside"), lock(tmp_path):
        raise ValueError("inside")
    with lock(tmp_path):
        assert {path.name for path in tmp_path.iterdir()} == {"digestbot.lock", "digestbot.pid"}
    assert {path.name for path in tmp_path.iterdir()} <= {"digestbot.lock"}


def test_a_folder_that_cannot_be_locked_is_an_error(tmp_path: Path):
    """A folder lies where the lock's file should be."""
    (tmp_path / "digestbot.lock").mkdir()
    with pytest.raises(StoreError, match="cannot be locked"), lock(tmp_path):
        pass


def test_a_full_disk_does_not_keep_anybody_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Its own number is written for others to read only; whether there is room for more, the database says in words."""

    def no_room(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "write_text", no_room)
    with lock(tmp_path), pytest.raises(StoreError, match="another digestbot is working"), lock(tmp_path):
        pass
