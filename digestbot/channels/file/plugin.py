"""Folders as digestbot finds them: `file:./out`, without settings."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ...ports import Channel, ChannelPlugin
from ...text.setting_values import wrong


class FilePlugin(ChannelPlugin):
    """`file:./out`: a folder, relative to the configuration file."""

    scheme = "file"
    example = "file:./out"
    account = "file:"
    on_this_machine = True
    remedy = "look at the folder's permissions, then run again"

    def parse_address(self, text: str) -> str:
        if not text.strip() or "\0" in text:
            raise wrong("names no folder", f"write {self.example}")
        return text.strip()

    def open(self, settings: Mapping[str, Any], *, base: Path) -> Channel | None:
        del settings
        from .channel import File  # noqa: PLC0415 -- only what sends needs it

        return File(base=base)
