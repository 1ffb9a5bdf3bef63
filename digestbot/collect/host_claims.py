"""The hosts that a poll may ask: of all processes on a database one at a time asks a host, and the next after the gap."""

from __future__ import annotations

import time
from asyncio import Event
from collections import Counter
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from contextlib import suppress
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from ..errors import StoreError
from ..model import Feed, FeedState
from ..ports import Leases
from .canonical_url import is_web_address
from .options import FetchOptions

Ask = Callable[[Callable[[], Any]], Awaitable[Any]]
_PREFIX = "host "  # of their leases
_LOOK_SECONDS = 0.5  # between two tries to get what others hold
_ANSWER_SECONDS = 10.0  # for what comes after a request: half of a lease is for the last request and this


class HostClaims:
    """What one poll holds, wants and has done with.

    Args:
        feeds: those that are to be asked.
        states: what was remembered of them when they were found due.
        leases: of the database; None: nobody else asks.
        remembered: what is stored of them by now, with what others have read meanwhile.
        options: limits and politeness.
        waits: for hosts that others ask now; else these feeds are theirs.
    """

    def __init__(
        self,
        feeds: Sequence[Feed],
        states: Mapping[str, FeedState],
        leases: Leases | None,
        remembered: Callable[[], Mapping[str, FeedState]],
        options: FetchOptions,
        *,
        waits: bool = True,
    ) -> None:
        self._waits = waits
        self._leases, self._remembered, self._gap, self._states = leases, remembered, options.gap, states
        self._seconds = 2 * (options.timeout.total_seconds() + options.gap + _ANSWER_SECONDS)
        hosts = {feed.name: _host(states[feed.name].url) for feed in feeds} if leases else {}
        self._host_of = {name: host for name, host in hosts.items() if host}
        self._left = Counter(self._host_of.values())  # feeds of each host that are not done with
        self._ours = {host: Event() for host in self._left}
        self._wanted = set(self._left)
        self._done_with = set[str]()
        self._sure_until: dict[str, float] = {}  # by host that is held: until when it may be asked
        self._read_elsewhere: dict[str, FeedState] = {}
        self._next_look = self._next_renewal = 0.0
        self._rested = time.monotonic() + self._gap

    async def look(self, ask: Ask) -> None:
        """Take what has become free, renew what is held, give up what is done with; seldom, however often it is called.

        Args:
            ask: asks the database, patiently.

        Raises:
            StoreError: it could not be asked.
        """
        if self._leases is None or not self._left or time.monotonic() < self._next_look:
            return
        await self._leave(ask)
        now = time.monotonic()
        if self._sure_until and now >= self._next_renewal:
            kept = await ask(partial(self._leases.renew, _names(self._sure_until), seconds=self._seconds))
            self._sure_until = dict.fromkeys(_hosts(kept), now + self._seconds / 2)
            self._next_renewal = now + self._seconds / 4
        if self._wanted:
            await self._take(self._leases, ask)
        self._next_look = time.monotonic() + _LOOK_SECONDS

    async def wait_for(self, feed: Feed) -> FeedState | None:
        """Wait until its host may be asked; returns what another process has read of the feed meanwhile, if it has."""
        if host := self._host_of.get(feed.name):
            await self._ours[host].wait()
        return self._read_elsewhere.get(feed.name)

    def may_ask(self, host: str) -> bool:
        """Whether the host is still held, and for long enough: asked right before each request."""
        return host not in self._ours or time.monotonic() < self._sure_until.get(host, 0.0)

    def done(self, feed: Feed) -> None:
        """What came of the feed is stored; with the last one of a host that is given up."""
        if host := self._host_of.pop(feed.name, None):
            self._left[host] -= 1
            if not self._left[host]:
                self._done_with.add(host)

    async def close(self, ask: Ask) -> None:
        """Give up whatever is held; what cannot be given up is free when its lease ends."""
        self._done_with = set(self._sure_until)
        with suppress(StoreError):
            await self._leave(ask)

    async def _take(self, leases: Leases, ask: Ask) -> None:
        began = time.monotonic()
        taken = _hosts(await ask(partial(leases.take, _names(self._wanted), seconds=self._seconds)))
        # What only rests after a request is free by then; whatever is not is held by somebody.
        if not self._waits and began >= self._rested:
            self._leave_to_others(self._wanted - taken)
        if not taken:
            return
        # Read after they were taken: from now on nobody else changes them.
        fresh = await ask(self._remembered)
        for name, host in self._host_of.items():
            before, now = self._states[name], fresh.get(name)
            if host in taken and now is not None and now.checked != before.checked:
                self._read_elsewhere[name] = now
        if not self._sure_until:
            self._next_renewal = began + self._seconds / 4
        self._wanted -= taken
        self._sure_until |= dict.fromkeys(taken, began + self._seconds / 2)
        for host in taken:
            self._ours[host].set()

    def _leave_to_others(self, hosts: set[str]) -> None:
        self._wanted -= hosts
        theirs = [name for name, host in self._host_of.items() if host in hosts]
        self._read_elsewhere |= {name: self._states[name] for name in theirs}
        for host in hosts:
            self._ours[host].set()

    async def _leave(self, ask: Ask) -> None:
        left = self._done_with & self._sure_until.keys()
        self._done_with.clear()
        if self._leases is not None and left:
            for host in left:
                del self._sure_until[host]
            await ask(partial(self._leases.leave, _names(left), rest=self._gap))


def _host(url: str) -> str:
    return urlsplit(url).hostname or "" if is_web_address(url) else ""


def _names(hosts: Collection[str]) -> list[str]:
    return [f"{_PREFIX}{host}" for host in hosts]


def _hosts(names: Collection[str]) -> set[str]:
    return {name.removeprefix(_PREFIX) for name in names}
