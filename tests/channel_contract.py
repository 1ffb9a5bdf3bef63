"""What the contract suite (tests/contracts/test_channel.py) has to know of a channel, and where it finds that.

A channel joins with a file tests/channels/NAME/contract.py that holds `CONTRACTS`, a tuple of ChannelContract. No other file
has to be touched.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from functools import cache
from importlib.util import module_from_spec, spec_from_file_location
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any, Protocol, get_args, get_origin

import forking
from crashing import MortalOutbox
from delivering import message, recipients

from digestbot.deliver import deliver, freeze
from digestbot.model import Delivery, Edition
from digestbot.ports import Channel, ChannelPlugin
from digestbot.store import open_store

HERE = Path(__file__).parent
KEY = "DIGESTBOT_DIGESTS__MORNING__TO"


class Fault(StrEnum):
    """What the next attempt to send a message meets."""

    BUSY = "busy"  # not accepted; wait for ChannelContract.retry_after seconds
    REFUSED = "refused"  # not accepted, and never will be
    BROKEN = "broken"  # an answer that is none of the protocol's; not accepted
    LOST_BEFORE = "lost before"  # the connection ends before the message is accepted
    LOST_AFTER = "lost after"  # it is accepted, and the connection ends without an answer


class ContractServer(Protocol):
    """Whom a channel sends to, on loopback; its faults are scripted, and it keeps what it accepted."""

    where: str  # what ChannelContract.settings needs to know of it: an address, a port, a path

    def accepted(self) -> Sequence[object]:
        """Every copy that was accepted, in order; two that readers could not tell apart are equal."""

    def attempts(self) -> int:
        """How often somebody has tried to hand a message over, whatever came of it."""

    def fail(self, fault: Fault) -> None:
        """Let the next attempt meet a fault."""

    def on_accept(self, call: Callable[[], None]) -> bool:
        """Call this after a message is accepted and before that is answered; False where there is no such moment."""


class ChannelContract:
    """One channel under test; derive from it and say what is different."""

    plugin: ChannelPlugin
    address: str  # a recipient of the server's, as people write it after the scheme
    spellings: tuple[str, ...] = ()  # other ways to write the same
    nonsense: tuple[str, ...] = ("",)  # what is no address
    secrets: tuple[str, ...] = ()  # what `settings` holds and nothing may ever show
    can_look: bool = False  # find_sent can tell after a lost answer
    needs_settings: bool = True  # without any, there is no such channel
    faults: frozenset[Fault] = frozenset(Fault)
    retry_after: float = 7.0  # seconds: what its server asks for when it is busy
    visibility_delay: float = 0.2  # seconds, in tests with real time: servers on loopback show a message at once

    def serve(self, folder: Path, clock: Callable[[], float]) -> AbstractContextManager[ContractServer]:
        """Start a server; `clock` is its own time in seconds, `folder` is empty and its own."""
        raise NotImplementedError

    def settings(self, where: str) -> Mapping[str, Any]:
        """Values for `plugin.settings` that lead to the server at `where`."""
        raise NotImplementedError

    def open(self, where: str, folder: Path) -> Channel:
        channel = self.plugin.open(self.settings(where), base=folder)
        assert channel is not None
        return channel

    @property
    def recipient(self) -> str:
        return f"{self.plugin.scheme}:{self.plugin.parse_address(self.address)}"


def defaults(plugin: ChannelPlugin) -> Mapping[str, Any]:
    """A plug-in's settings where the configuration says nothing."""
    return {name: {} if get_origin(kind) is dict else kind() for name, kind in plugin.settings.items()}


def is_model(kind: Any) -> bool:
    """Whether a plug-in's setting is a group, or a family of groups."""
    model = get_args(kind)[-1] if get_origin(kind) is dict else kind
    return hasattr(model, "model_fields")


@dataclass(frozen=True, slots=True)
class Found:
    """A contract and the file it lies in, from which a process of its own can find it again."""

    path: Path
    number: int

    @property
    def contract(self) -> ChannelContract:
        return load(self.path)[self.number]

    def __str__(self) -> str:
        return f"{self.path.parent.name}-{self.contract.plugin.scheme}"


@cache
def load(path: Path) -> tuple[ChannelContract, ...]:
    """The contracts of a file."""
    name = f"contract_{path.parent.name}"
    spec = spec_from_file_location(name, path)
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    contracts: tuple[ChannelContract, ...] = module.CONTRACTS
    return contracts


def find_contracts(folder: Path = HERE / "channels") -> list[Found]:
    """Every contract below a folder."""
    paths = sorted(folder.glob("*/contract.py"))
    return [Found(path, number) for path in paths for number in range(len(load(path)))]


POINTS = (
    "before claim",
    "after claim",
    "before send",
    "while accepting",
    "after send",
    "before outcome",
    "after outcome",
)


def publish(found: Found, where: str, data: Path) -> None:
    """Freeze a message for the contract's recipient in a real ledger."""
    contract, of, now = found.contract, message(), datetime.now(UTC)
    channel = contract.open(where, data)
    store = open_store(data)
    edition = store.editions.claim(Edition(digest="morning", date=of.digest.edition, since=now, until=now))
    rows = freeze(of, recipients(contract.recipient), {channel.name: channel}, now=now)
    store.editions.publish(edition, of.json, rows, used=())
    store.close()


def start(found: Found, where: str, data: Path, point: str = "") -> BaseProcess:
    """A process that works off the ledger, or is killed at a point of the first delivery."""
    return forking.start(_work, found, where, data, point)


class _Mortal:
    """A channel whose process dies before or after it sends."""

    def __init__(self, channel: Channel, point: str) -> None:
        self._channel, self._point = channel, point

    def __getattr__(self, name: str) -> object:
        return getattr(self._channel, name)

    def send(self, delivery: Delivery, *, parent: str) -> str:
        if self._point == "before send":
            os.kill(os.getpid(), signal.SIGKILL)
        remote_id = self._channel.send(delivery, parent=parent)
        if self._point == "after send":
            os.kill(os.getpid(), signal.SIGKILL)
        return remote_id


def _work(found: Found, where: str, data: Path, point: str) -> None:
    contract = found.contract
    channel = contract.open(where, data)
    channel.visibility_delay = min(channel.visibility_delay, contract.visibility_delay)
    store = open_store(data)
    outbox: Any = MortalOutbox(store, point, channel.name)
    mortal: Any = _Mortal(channel, point)
    deliver(outbox, {channel.name: mortal}, now=lambda: datetime.now(UTC), sleep=time.sleep, max_wait=60)
    store.close()
