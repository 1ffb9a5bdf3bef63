"""Connections to accounts that several processes share: each uses those whose slots it holds."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from typing import Any, Protocol

from ..errors import DigestbotError
from ..ports import Channel, Lane, PacedChannel

_WAIT_SECONDS = 2.0
_LOOK_SECONDS = 0.2


class Slots(Protocol):
    """Who may open how many connections."""

    def held(self, names: Sequence[str], *, among: int) -> AbstractContextManager[frozenset[str]]:
        """Those of these slots that were free, of each account no more than its share among so many; held until the block ends."""


class NoSlotError(DigestbotError):
    """Others hold every connection to a channel's accounts."""


class _Narrowed:
    """A channel over some of its connections."""

    def __init__(self, channel: Any, lanes: Sequence[Lane]) -> None:
        self._channel, self.lanes = channel, lanes

    def __getattr__(self, name: str) -> Any:
        return getattr(self._channel, name)


@contextmanager
def with_slots(
    channels: Mapping[str, Channel], slots: Slots, *, stop: threading.Event, among: Callable[[], int] = lambda: 1
) -> Iterator[Mapping[str, Channel]]:
    """The channels with those connections alone whose slots are free, held until the block ends.

    Args:
        channels: by their scheme.
        slots: of all processes.
        stop: once it is set, nothing is waited for.
        among: how many processes want some now: each takes its share, for whoever took all would leave the others idle.

    Raises:
        NoSlotError: a channel had none for some moments.
    """
    named = {
        name: _named(name, channel.lanes) for name, channel in channels.items() if isinstance(channel, PacedChannel)
    }
    wanted = [slot for lanes in named.values() for slot in lanes]
    if not wanted:
        yield channels
        return
    tries = round(_WAIT_SECONDS / _LOOK_SECONDS)
    for _ in range(tries):
        with slots.held(wanted, among=among()) as held:
            narrowed = {name: [lane for slot, lane in lanes.items() if slot in held] for name, lanes in named.items()}
            if all(narrowed.values()):
                made: dict[str, Any] = {
                    name: _Narrowed(channel, narrowed[name]) if name in narrowed else channel
                    for name, channel in channels.items()
                }
                yield made
                return
        if stop.wait(_LOOK_SECONDS):
            break
    raise NoSlotError("every connection is in use")


def _named(channel: str, lanes: Sequence[Lane]) -> dict[str, Lane]:
    """The slot of each connection: the first, second ... of its account."""
    counts = Counter[str]()
    found = {}
    for lane in lanes:
        counts[lane.account.name] += 1
        found[f"{channel} {lane.account.name} {counts[lane.account.name]}"] = lane
    return found
