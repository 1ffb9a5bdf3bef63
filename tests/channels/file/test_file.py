"""The folder channel."""

from __future__ import annotations

import errno
import json
import os
import stat
from dataclasses import replace
from pathlib import Path

import pytest
from delivering import Clock, message, planned, states, work_off

from digestbot.channels.file.channel import File, _refusal
from digestbot.errors import PermanentFailure, TemporaryFailure
from digestbot.model import DeliveryState

FORMS = ["digest.html", "digest.json", "digest.txt", "slack.json"]


@pytest.fixture
def clock() -> Clock:
    return Clock()


def test_writes_the_four_forms(tmp_path: Path, clock: Clock) -> None:
    """DIR/<digest>/<edition>/ holds the message as HTML, text, JSON and Slack posts, and nothing else."""
    channel = File(tmp_path)
    report = work_off(planned(channel, "file:./out", clock=clock), channel, clock)
    folder = tmp_path / "out" / "morning" / "2026-05-27"
    assert sorted(path.name for path in folder.iterdir()) == FORMS
    assert (folder / "digest.html").read_text(encoding="utf-8") == message().html
    assert (folder / "digest.txt").read_text(encoding="utf-8") == message().text
    assert (folder / "digest.json").read_text(encoding="utf-8") == message().json
    assert json.loads((folder / "slack.json").read_text(encoding="utf-8")) == list(message().slack)
    assert report.sent[0].remote_id == str(folder)


def test_files_can_be_read_by_a_web_server(tmp_path: Path, clock: Clock) -> None:
    """Whatever the umask: others may read them, and only their owner may write them."""
    before = os.umask(0o077)
    try:
        channel = File(tmp_path)
        work_off(planned(channel, "file:out", clock=clock), channel, clock)
    finally:
        os.umask(before)
    files = (tmp_path / "out" / "morning" / "2026-05-27").iterdir()
    assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o644}


def test_writing_again_changes_nothing(tmp_path: Path, clock: Clock) -> None:
    """After a crash the files are found; sending again gives the same bytes."""
    channel = File(tmp_path)
    outbox = planned(channel, "file:out", clock=clock)
    claimed = outbox.claim(outbox.open()[0], now=clock.now())
    assert claimed is not None
    assert channel.find_sent(claimed) is None
    folder = channel.send(claimed, parent="")
    before = {path.name: path.stat().st_mtime_ns for path in Path(folder).iterdir()}
    assert work_off(outbox, channel, clock).ok
    assert {path.name: path.stat().st_mtime_ns for path in Path(folder).iterdir()} == before


def test_half_written_folder_is_completed(tmp_path: Path, clock: Clock) -> None:
    """A crash between two files: not found, so written whole."""
    channel = File(tmp_path)
    outbox = planned(channel, "file:out", clock=clock)
    claimed = outbox.claim(outbox.open()[0], now=clock.now())
    assert claimed is not None
    folder = Path(channel.send(claimed, parent=""))
    (folder / "digest.txt").unlink()
    (folder / "slack.json").write_text("[")
    assert work_off(outbox, channel, clock).ok
    assert sorted(path.name for path in folder.iterdir()) == FORMS
    assert channel.find_sent(claimed) == str(folder)


@pytest.mark.parametrize("name", FORMS)
def test_a_file_with_other_content_is_not_the_digest(tmp_path: Path, clock: Clock, name: str) -> None:
    """All four are there, but one holds something else: not found."""
    channel = File(tmp_path)
    claimed = planned(channel, "file:out", clock=clock).open()[0]
    claimed = replace(claimed, payload=channel.encode(message(), now=clock.now())[0])
    folder = Path(channel.send(claimed, parent=""))
    assert channel.find_sent(claimed) == str(folder)
    (folder / name).write_text("[")
    assert channel.find_sent(claimed) is None


def test_addresses_are_resolved_against_the_base(tmp_path: Path) -> None:
    """`out`, `./out` and the absolute path are one folder."""
    channel = File(tmp_path)
    assert channel.canonical("out") == channel.canonical("./out") == channel.canonical(str(tmp_path / "out"))
    with pytest.raises(PermanentFailure):
        channel.canonical("a\0b")


def test_a_name_cannot_leave_the_folder(tmp_path: Path, clock: Clock) -> None:
    """A digest called `..` is refused."""
    channel = File(tmp_path)
    outbox = planned(channel, "file:out", clock=clock, of=message(name=".."))
    work_off(outbox, channel, clock)
    assert states(outbox) == ["failed"]
    assert list(tmp_path.iterdir()) == []


def test_a_file_in_the_way_is_named(tmp_path: Path, clock: Clock) -> None:
    """The folder cannot be made: failed, with the path and the system's reason."""
    (tmp_path / "out").write_text("not a folder")
    channel = File(tmp_path)
    outbox = planned(channel, "file:out", clock=clock)
    [row] = work_off(outbox, channel, clock).settled
    assert row.state is DeliveryState.FAILED
    assert str(tmp_path / "out") in row.error


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EMFILE])
def test_row_12_full_disk_is_passing(tmp_path: Path, number: int) -> None:
    """No space today may be space tomorrow; a missing right will not appear."""
    assert isinstance(_refusal(tmp_path, OSError(number, os.strerror(number))), TemporaryFailure)
    assert isinstance(_refusal(tmp_path, OSError(errno.EROFS, os.strerror(errno.EROFS))), PermanentFailure)


def test_probe_writes_nothing(tmp_path: Path) -> None:
    """It says whether files could be written, also where the folder is still to be made."""
    channel = File(tmp_path)
    assert "can be written" in channel.check()
    channel.check_recipient(str(tmp_path / "new" / "folder"))
    assert list(tmp_path.iterdir()) == []
    (tmp_path / "file").write_text("")
    with pytest.raises(PermanentFailure, match="is a file, not a folder"):
        channel.check_recipient(str(tmp_path / "file"))
