"""What `status` announces is what `serve` then does, whatever was changed in mid-day."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from running_daemon import RunningDaemon

from digestbot.app import zones
from digestbot.operations.status import DigestStatus, status

SEND = "DIGESTS__MORNING__WHEN_EMPTY=send"
SECOND = timedelta(seconds=1)


@pytest.fixture
def daemon(tmp_path: Path) -> Iterator[RunningDaemon]:
    made = RunningDaemon(tmp_path, datetime(2027, 3, 27, 7, 29, tzinfo=UTC))
    made.configure("DIGESTS__MORNING__AT=07:30, 18:00", SEND)
    made.tick()
    made.tick(minutes=1)
    made.now = datetime(2027, 3, 27, 12, 0, tzinfo=UTC)
    yield made
    made.subject.close()
    made.store.close()


def another_name(daemon: RunningDaemon, _patch: pytest.MonkeyPatch) -> None:
    path = daemon.folder / "config.env"
    path.write_text(path.read_text().replace("DIGESTS__MORNING", "DIGESTS__DESK"))
    daemon.subject.loaded = daemon.read()


def other_times(*at: str) -> Callable[[RunningDaemon, pytest.MonkeyPatch], None]:
    return lambda daemon, _patch: daemon.configure(f"DIGESTS__MORNING__AT={', '.join(at)}", SEND)


def another_zone(zone: str, *at: str) -> Callable[[RunningDaemon, pytest.MonkeyPatch], None]:
    return lambda daemon, _patch: daemon.configure(
        f"DIGESTS__MORNING__AT={', '.join(at)}", f"DIGESTS__MORNING__TIMEZONE={zone}", SEND
    )


def asleep(**long: float) -> Callable[[RunningDaemon, pytest.MonkeyPatch], None]:
    def sleep(daemon: RunningDaemon, _patch: pytest.MonkeyPatch) -> None:
        daemon.now += timedelta(**long)

    return sleep


def machine_moves(daemon: RunningDaemon, patch: pytest.MonkeyPatch) -> None:
    """TIMEZONE is not set, and the machine is taken to New York."""
    patch.setattr(zones, "own_zone", lambda: "UTC")
    daemon.configure("DIGESTS__MORNING__AT=07:30, 18:00", "DIGESTS__MORNING__TIMEZONE=local", SEND)
    daemon.tick(minutes=1)
    patch.setattr(zones, "own_zone", lambda: "America/New_York")
    daemon.tick()  # half a minute later `serve` has noticed; `status` only looks


@pytest.mark.parametrize(
    ("change", "then"),
    [
        (other_times("07:30"), ["2027-03-28"]),
        (other_times("18:30"), ["2027-03-27T1830", "2027-03-28"]),
        (other_times("09:00", "18:00"), ["2027-03-27T1800", "2027-03-28T0900"]),
        (another_zone("America/New_York", "07:30", "18:00"), ["2027-03-27T1800", "2027-03-28T0730"]),
        (another_zone("Asia/Tokyo", "07:30", "18:00"), ["2027-03-28T0730", "2027-03-28T1800"]),
        (another_zone("Europe/Berlin", "01:30", "02:30", "03:15"), ["2027-03-28T0130", "2027-03-28T0315"]),
        (another_name, ["2027-03-27T1800", "2027-03-28T0730"]),
        (asleep(hours=10), ["2027-03-27T1800", "2027-03-28T0730"]),
        (asleep(hours=20), ["2027-03-28T0730", "2027-03-28T1800"]),
        (asleep(days=2, hours=1), ["2027-03-29T0730", "2027-03-29T1800"]),
        (machine_moves, ["2027-03-27T1800", "2027-03-28T0730"]),
    ],
)
def test_what_is_announced_happens(
    daemon: RunningDaemon, monkeypatch: pytest.MonkeyPatch, change: Callable, then: list[str]
):
    """The late one at once, the next one at its moment and not before; none twice, and each goes on where the last ended."""
    change(daemon, monkeypatch)
    # Written now, by the test's clock.
    os.utime(daemon.folder / "config.env", (daemon.now.timestamp(), daemon.now.timestamp()))
    made: list[str] = []
    while len(made) < len(then):
        made += announced(daemon)
    assert made == then
    name = next(iter(daemon.subject.loaded.digests))
    editions = [one for one in daemon.store.editions.history(name)[::-1] if one.since < one.until]
    assert [later.since for later in editions[1:]] == [earlier.until for earlier in editions[:-1]]
    assert [str(one.date) for one in editions] == ["2027-03-27T0730", *then]


def announced(daemon: RunningDaemon) -> list[str]:
    """Do as `status` says: make what is late, or wait for the next one."""
    said, before = state_of(daemon), made_by(daemon)
    if said.late is not None:
        daemon.tick()
        assert made_by(daemon) - before == {str(said.late)}
        return [str(said.late)]
    daemon.now = said.upcoming.astimezone(UTC) - SECOND
    daemon.tick()
    assert made_by(daemon) == before
    daemon.now += SECOND
    daemon.tick()
    return sorted(made_by(daemon) - before)


def state_of(daemon: RunningDaemon) -> DigestStatus:
    """As a fresh `digestbot status` sees it."""
    return status(daemon.read(), daemon.store, now=daemon.now)[0][0]


def made_by(daemon: RunningDaemon) -> set[str]:
    name = next(iter(daemon.subject.loaded.digests))
    return {str(one.date) for one in daemon.store.editions.history(name) if str(one.state) == "done"}
