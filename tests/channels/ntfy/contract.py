"""ntfy under the contract suite: with a token that may look back, and with one that may only write."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from channel_contract import ChannelContract, Fault
from servers.ntfy import Access, NtfyServer
from servers.ntfy import Fault as NtfyFault

from digestbot.channels.ntfy.plugin import NtfyPlugin

TOKEN = "tk_not0a0real0token0000000000"
FAULTS: Mapping[Fault, NtfyFault] = {
    Fault.BUSY: NtfyFault(code=42901, headers={"Retry-After": "7"}),
    Fault.REFUSED: NtfyFault(code=40301),
    Fault.BROKEN: NtfyFault(body="<html>fine?</html>"),
    Fault.LOST_BEFORE: NtfyFault(drop="before"),
    Fault.LOST_AFTER: NtfyFault(drop="after"),
}


class Published:
    """The loopback ntfy as the suite sees it."""

    def __init__(self, server: NtfyServer) -> None:
        self.where, self._server = server.url, server

    def accepted(self) -> list[object]:
        return [
            {name: posted[name] for name in posted if name not in ("id", "time", "expires")}
            for posted in self._server.messages
        ]

    def attempts(self) -> int:
        return self._server.count("publish")

    def fail(self, fault: Fault) -> None:
        self._server.fail("publish", FAULTS[fault])

    def on_accept(self, call: Callable[[], object]) -> bool:
        self._server.on_accept = lambda _message: call()
        return True


class ReadWrite(ChannelContract):
    plugin = NtfyPlugin()
    address = "chips"
    spellings = (" chips ",)
    nonsense = ("", "two words", "#chips", "a/b", "https://ntfy.sh/chips")
    secrets = (TOKEN,)
    can_look = True
    access: Access = "read-write"

    @contextmanager
    def serve(self, folder: Path, clock: Callable[[], float]) -> Iterator[Published]:
        with NtfyServer(token=TOKEN, default_access=self.access, clock=clock) as server:
            yield Published(server)

    def settings(self, where: str) -> Mapping[str, Any]:
        [model] = self.plugin.settings.values()
        return {"ntfy": model(url=where, token=TOKEN, timeout="5s")}


class WriteOnly(ReadWrite):
    can_look = False
    access: Access = "write"


CONTRACTS = (ReadWrite(), WriteOnly())
