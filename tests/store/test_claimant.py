"""Whether whoever claimed a delivery can still be at work on it."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digestbot.store.claimant import Claimant, folder_id, has_ended, process_start, this_claimant

ME = Claimant(folder="a" * 32, boot="boot-1", process=100, started="5000", thread=1)
RUNNING = {100: "5000", 200: "6000", 300: ""}


@pytest.mark.parametrize(
    ("claimant", "ended"),
    [
        (None, False),  # a claim from before claims had owners
        (replace(ME, folder="b" * 32, boot="boot-2", process=999), False),  # another machine's
        (replace(ME, boot="boot-0", process=200, started="6000"), True),  # before this machine was started again
        (replace(ME, process=999), True),  # nothing has this number any more
        (replace(ME, process=200, started="7"), True),  # another process has it now
        (replace(ME, process=200, started="6000"), False),
        (replace(ME, process=300, started="7"), False),  # this system does not tell when it began
        (replace(ME, process=200, started=""), False),
        (ME, True),  # it asks, so it is not sending
        (replace(ME, thread=2), False),
        (replace(ME, started="4000"), True),  # its number, from before: a container's first process is always 1
    ],
)
def test_what_is_certain_of_a_claimant(claimant: Claimant | None, *, ended: bool):
    """Only a claimant of the same folder can be known to have ended; all else waits for the lease."""
    assert has_ended(claimant, asks=ME, start_of=RUNNING.get) is ended


@given(st.builds(
    Claimant,
    folder=st.from_regex(r"[0-9a-f]{32}", fullmatch=True),
    boot=st.from_regex(r"[0-9a-f]*", fullmatch=True),
    process=st.integers(min_value=0),
    started=st.from_regex(r"[0-9]*", fullmatch=True),
    thread=st.integers(min_value=0),
))  # fmt: skip
def test_a_claimant_is_read_as_it_was_written(claimant: Claimant):
    """Empty words included."""
    assert Claimant.parse(str(claimant)) == claimant


@pytest.mark.parametrize("text", ["", "-", "a b c d e", "a b 1 d e", "a b 1 d", "a b 1 d 2 f"])
def test_words_that_are_no_claimant(text: str):
    """They are nobody's, as those of an older release."""
    assert Claimant.parse(text) is None


def test_a_process_that_ended_has_no_beginning():
    """Neither once its parent knows, nor before: killed, it stays in the table as a zombie."""
    process = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    assert process_start(process.pid) == process_start(process.pid) is not None
    process.kill()
    os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
    assert process_start(process.pid) is None
    process.communicate()
    assert process_start(process.pid) is None
    assert process_start(os.getpid()) is not None


def test_each_folder_keeps_an_id_of_its_own(tmp_path: Path):
    """Threads and later processes of a folder have it, another folder has another; only its owner may read it."""
    here, there = tmp_path / "here", tmp_path / "there"
    here.mkdir()
    there.mkdir()
    first, other = this_claimant(here), this_claimant(there)
    found: list[Claimant | None] = []
    thread = threading.Thread(target=lambda: found.append(this_claimant(here)))
    thread.start()
    thread.join()
    [second] = found
    assert first is not None
    assert second is not None
    assert other is not None
    assert first == this_claimant(here)
    assert (second.folder, second.process) == (first.folder, first.process)
    assert other.folder != first.folder
    assert [(path.name, path.stat().st_mode & 0o777) for path in here.iterdir()] == [("digestbot.id", 0o600)]


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"half an i"])
def test_a_damaged_id_is_replaced(tmp_path: Path, content: bytes):
    """As after a full disk: a new one is made, and claims under the old one wait for the lease."""
    (tmp_path / "digestbot.id").write_bytes(content)
    claimant = this_claimant(tmp_path)
    assert claimant is not None
    assert (tmp_path / "digestbot.id").read_text() == f"{claimant.folder}\n"


def test_a_folder_that_keeps_no_id_has_no_claimant(tmp_path: Path):
    """Its claims have no owner, and wait for the lease."""
    assert this_claimant(tmp_path / "missing") is None


def test_a_folder_has_one_id_whoever_makes_it(tmp_path: Path):
    """Of several that make one at once all get the same: else what one has claimed would be nobody's."""
    begin = threading.Barrier(8)

    def ids(number: int) -> list[str]:
        found = []
        for folder in folders:
            begin.wait(60)
            found.append(folder_id(folder))
        return found

    folders = [tmp_path / str(number) for number in range(60)]
    for folder in folders:
        folder.mkdir()
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(ids, range(8)))
    assert all(one == found[0] for one in found)
    assert found[0] == [folder_id(folder) for folder in folders]
