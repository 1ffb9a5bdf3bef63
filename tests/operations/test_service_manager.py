"""What systemd hears of `serve`, by the socket that it names in NOTIFY_SOCKET."""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from bot import Bot, desk_of_one_feed

from digestbot.errors import StoreError
from digestbot.operations.pulse import Pulse
from digestbot.operations.service_manager import AT_WORK, ServiceManager, service_manager
from digestbot.store import open_store

# Its own in each process of tests: abstract names are the whole machine's.
NAME = f"digestbot-test-{os.getpid()}"


@pytest.fixture
def manager() -> Iterator[socket.socket]:
    """A service manager at an abstract address, which is shorter than a path may be."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening:
        listening.bind(f"\0{NAME}")
        listening.settimeout(20)
        yield listening


def test_serve_says_that_it_is_ready_once_its_store_is_open(tmp_path: Path, manager: socket.socket):
    """The first sign of life is both: systemd starts what waits for it, and its watchdog begins to count."""
    bot: Bot = desk_of_one_feed(tmp_path)
    serving = bot.start("serve", NOTIFY_SOCKET=f"@{NAME}")
    try:
        assert manager.recv(200).decode().split("\n") == ["READY=1", "WATCHDOG=1"]
    finally:
        serving.kill()
        serving.communicate()


def test_a_beat_that_was_not_written_is_not_told(tmp_path: Path, manager: socket.socket):
    """A database that is gone for ten minutes is what the watchdog is for."""
    store = open_store(tmp_path / "data")
    pulse = Pulse(store=store, stop=threading.Event(), elapsed=lambda: 0.0, manager=ServiceManager(f"@{NAME}"))
    pulse.beat()
    assert manager.recv(200).decode() == AT_WORK

    def fail(**_: object) -> None:
        raise StoreError("away")

    store.beat = fail  # type: ignore[method-assign]
    with pytest.raises(StoreError):
        pulse.beat()
    manager.settimeout(0.1)
    with pytest.raises(TimeoutError):
        manager.recv(200)
    store.close()


@pytest.mark.parametrize("address", ["", "/nowhere/at/all", "@" + "x" * 300, "relative\0"])
def test_whoever_does_not_listen_stops_nothing(address: str):
    """No socket, one that is gone, and one that is none: a line in the log at most."""
    service_manager({"NOTIFY_SOCKET": address}).tell(AT_WORK)
    service_manager({}).tell(AT_WORK)
