"""Folders under the contract suite."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from channel_contract import ChannelContract, Fault

from digestbot.channels.file.plugin import FilePlugin


class Folder:
    """A folder as the suite sees it: a digest that is whole is accepted; nobody can lose an answer."""

    where = ""

    def __init__(self, base: Path) -> None:
        self._base = base

    def accepted(self) -> list[object]:
        days = (path for path in self._base.rglob("2026-05-27") if len(list(path.iterdir())) == 4)
        return [sorted((path.name, path.read_bytes()) for path in day.iterdir()) for day in days]

    def attempts(self) -> int:
        return len(list(self._base.rglob("digest.*")))

    def fail(self, fault: Fault) -> None:
        """The digest's folder cannot be made."""
        (self._base / "out").write_text("in the way")

    def on_accept(self, call: Callable[[], None]) -> bool:
        return False


class File(ChannelContract):
    plugin = FilePlugin()
    address = "out"
    spellings = ("./out", "out/")
    nonsense = ("", "a\0b")
    can_look = True
    needs_settings = False
    faults = frozenset({Fault.REFUSED})

    @contextmanager
    def serve(self, folder: Path, clock: Callable[[], float]) -> Iterator[Folder]:
        # In crash tests the ledger lies in the folder above, and there is where addresses start.
        yield Folder(folder.parent if folder.name == "server" else folder)

    def settings(self, where: str) -> Mapping[str, Any]:
        return {}


CONTRACTS = (File(),)
