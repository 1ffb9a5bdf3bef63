"""What a list of feeds says of its feeds, held against the configuration: what makes no sense there is left out and told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ..errors import ConfigError
from ..model import Feed
from ..text.sanitise import shorten
from ..topics import parse_dated

_MAX_SHOWN_CHARS = 60


def without_wrong_mutes(feeds: Sequence[Feed]) -> tuple[list[Feed], list[str]]:
    """The feeds without a mute that cannot be read, and each such mute in words: one entry must not stop every digest."""
    kept: list[Feed] = []
    lost: list[str] = []
    for feed in feeds:
        try:
            parse_dated("mute", feed.mute)
        except ConfigError as error:
            lost.append(f"mute {shorten(feed.mute, _MAX_SHOWN_CHARS)} ({error.reason}), of {feed.url}")
            kept.append(replace(feed, mute=""))
        else:
            kept.append(feed)
    return kept, lost
