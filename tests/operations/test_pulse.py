"""The sign of life of `serve`: from within long work, and never over a data folder that is gone."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from bot import desk_of_one_feed
from running_daemon import RunningDaemon

from digestbot.errors import DataFolderGone
from digestbot.operations import daemon as daemons
from digestbot.operations import serve as serving
from digestbot.operations.pulse import BEAT_SECONDS, Pulse
from digestbot.store import last_heartbeat, open_store


def test_long_work_beats_by_asking_whether_to_stop(tmp_path: Path):
    """Asked every second for two minutes, it writes no more than each so many seconds, and never rests for longer."""
    beats: list[float] = []
    now = [0.0]
    store = open_store(tmp_path / "data")
    store.beat = lambda **_: beats.append(now[0])  # type: ignore[method-assign]
    pulse = Pulse(store=store, stop=threading.Event(), elapsed=lambda: now[0])
    for second in range(121):
        now[0] = float(second)
        assert not pulse.stopping()
    store.close()
    assert [later - earlier for earlier, later in pairwise(beats)] == [BEAT_SECONDS] * 6


def test_a_delivery_of_an_hour_keeps_the_heart_beating(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Each recipient takes a minute: before each the heartbeat is written anew."""
    daemon = RunningDaemon(tmp_path, datetime(2026, 5, 27, 12, 1, tzinfo=UTC))
    daemon.configure(f"DIGESTS__MORNING__TO={', '.join(f'file:./out{number}' for number in range(5))}")
    seen: list[datetime | None] = []
    send = daemons.wiring.edition_context

    def slow(*words: object, **fields: object) -> object:
        context = send(*words, **fields)  # type: ignore[arg-type]
        channel = context.channels["file"]
        sent: Callable[..., object] = channel.send

        def sending(*args: object, **options: object) -> object:
            seen.append(last_heartbeat(tmp_path / "data"))
            with daemon.store.database.writing() as connection:
                connection.exec_driver_sql("DELETE FROM heartbeats")
            daemon.now += timedelta(minutes=1)
            return sent(*args, **options)

        monkeypatch.setattr(channel, "send", sending)
        return context

    monkeypatch.setattr(daemons.wiring, "edition_context", slow)
    daemon.tick()
    daemon.subject.close()
    daemon.store.close()
    assert len(seen) == 5
    assert None not in seen


@pytest.mark.parametrize("again", [False, True])
def test_a_data_folder_that_is_gone_ends_serve_in_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, again: bool
):
    """Deleted, or another in its place: nothing more is sent, since nobody knows what was."""
    bot = desk_of_one_feed(tmp_path)

    def tick(job: Callable[[], object], **_: object) -> None:
        job()
        shutil.rmtree(bot.data)
        if again:
            open_store(bot.data).close()
        (tmp_path / "saved.xml").unlink()
        job()

    monkeypatch.setattr(serving, "tick_forever", tick)
    done = bot("serve")
    assert done.returncode == 1
    assert "was moved, deleted or replaced" in done.stderr.splitlines()[-1]
    assert "Traceback" not in done.stderr
    assert done.stderr.count("saved.xml") == 0  # the second round asked nobody
    told = bot("healthcheck")
    assert (told.returncode, told.stderr.count("\n")) == (1, 1)


def test_a_folder_that_is_gone_within_a_round_ends_it(tmp_path: Path):
    """Found while a delivery is under way: the rest stays unsent."""
    store = open_store(tmp_path / "data")
    pulse = Pulse(store=store, stop=threading.Event(), elapsed=lambda: 0.0)
    (tmp_path / "data").rename(tmp_path / "moved")
    assert pulse.stopping()
    assert "put it back" in pulse.gone
    store.close()


def test_a_folder_that_is_written_to_stays_the_same(tmp_path: Path):
    """A file beside the database, or a vacuum, is no other folder."""
    store = open_store(tmp_path / "data")
    (tmp_path / "data" / "note").write_text("mine")
    with store.database._reader.connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("VACUUM")
    try:
        store.beat(now=datetime.now(UTC))
    except DataFolderGone:
        pytest.fail("it is the same one")
    finally:
        store.close()
