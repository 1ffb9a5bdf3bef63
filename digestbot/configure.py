"""Changing the configuration file for its owner: begun from the shipped example, extended line by line."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from .app import free_name
from .errors import ConfigError
from .model import Feed
from .settings.envfile import read_env_file
from .shipped import shipped

_FEED = "DIGESTBOT_FEEDS__"


def write_example(path: Path) -> Path:
    """Write the shipped example to `path`, readable by its owner alone: it will hold secrets.

    Raises:
        ConfigError: there is a file already, or it cannot be written.
    """
    text = shipped("config.example.env").read_bytes()
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        mend = "edit it, or move it away first"
        raise ConfigError(str(path), "exists already and is left as it is", mend) from None
    except OSError as error:
        raise ConfigError(str(path), f"cannot be written: {error.strerror}", "choose another folder") from error
    with os.fdopen(descriptor, "wb") as file:
        file.write(text)
    return path


def add_feeds(path: Path, feeds: Iterable[Feed]) -> tuple[Feed, ...]:
    """Append feeds to a configuration file; an address that stands there already is not added again.

    Returns the feeds that were added, named.

    Raises:
        ConfigError: the file cannot be read or written.
    """
    values = read_env_file(path).values
    named = {key.removeprefix(_FEED).lower(): value for key, value in values.items() if key.startswith(_FEED)}
    taken, known = set(named), set(named.values())
    added: list[Feed] = []
    for feed in feeds:
        if feed.url in known:
            continue
        name = free_name(feed.title or feed.url, taken)
        taken.add(name)
        known.add(feed.url)
        added.append(replace(feed, name=name))
    lines = "".join(f"{_FEED}{feed.name.upper()}={feed.url}\n" for feed in added)
    text = path.read_text(encoding="utf-8")
    _replace(path, text + ("" if text.endswith("\n") or not text else "\n") + lines)
    return tuple(added)


def _replace(path: Path, text: str) -> None:
    beside = path.with_name(f".{path.name}.new")
    try:
        beside.write_text(text, encoding="utf-8")
        beside.chmod(path.stat().st_mode & 0o777)
        beside.replace(path)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise ConfigError(str(path), f"cannot be written: {error.strerror}", "check its permissions") from error
