"""Starter kits: feeds, topics and a digest that a person of some field would begin with, to be changed from then on.

A kit is a file of settings in kits/. Its first line says what it is for: `# Title: what it follows`. Nobody asked the addresses in it
whether they answer; `digestbot check` does, on the machine that wants them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from ..errors import ConfigError
from ..resources import resource
from ..settings.envfile import parse_env
from ..text.suggestions import closest_match
from .config_writer import write_text

_ABOUT = re.compile(r"# (?P<title>[^:\n]+): (?P<about>.+)\n")
# The part of the example that a kit takes the place of: from its first heading to the next one.
_FIRST = re.compile(r"^# -{4} Five lines.*?(?=^# -{4} )", re.MULTILINE | re.DOTALL)
_NOTE: Final = (
    "# Feeds, topics and a digest to start from: take out what you do not read, add what you do. The addresses were not asked when this\n"
    "# was written: `digestbot check` says which of them answer.\n"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kit:
    """A field to start from."""

    name: str  # as `init --kit` takes it
    title: str
    about: str  # what it follows, in one line
    feeds: tuple[str, ...]  # addresses
    topics: tuple[str, ...]  # names
    settings: str  # the lines of the file


def kits() -> tuple[Kit, ...]:
    """All of them, by name."""
    return tuple(_read(path) for path in sorted(resource("kits").glob("*.env")))


def kit_named(name: str) -> Kit:
    """One of them.

    Raises:
        ConfigError: there is none of that name.
    """
    known = {kit.name: kit for kit in kits()}
    wanted = name.strip().lower().replace("_", "-").replace(" ", "-")
    if wanted not in known:
        guess = closest_match(wanted, known)
        fix = f"did you mean {guess}?" if guess else f"one of {', '.join(known)}"
        raise ConfigError("--kit", f"{name} is no kit", fix)
    return known[wanted]


def write_kit(path: Path, name: str) -> Kit:
    """Write a configuration file that starts from a kit: its settings, then every other setting as a remark.

    Raises:
        ConfigError: there is no such kit; the file exists, or cannot be written.
    """
    kit = kit_named(name)
    example = resource("config.example.env").read_text(encoding="utf-8")
    head = f"# ---- {kit.title} ".ljust(119, "-")
    text = _FIRST.sub(lambda _: f"{head}\n\n{_NOTE}\n{kit.settings.strip()}\n\n", example, count=1)
    write_text(path, parse_env(text, path).text)
    return kit


def _read(path: Path) -> Kit:
    text = path.read_text(encoding="utf-8")
    about = _ABOUT.match(text)
    if about is None:  # a kit of ours that its tests did not see
        raise ValueError(f"{path.name} does not begin with `# Title: what it follows`")
    values = {tuple(key.split("__")): value for key, value in parse_env(text, path).values.items()}
    return Kit(
        name=path.stem,
        title=about["title"],
        about=about["about"],
        feeds=tuple(value for key, value in values.items() if len(key) == 2 and key[0] == "DIGESTBOT_FEEDS"),
        topics=tuple(key[1].lower() for key in values if len(key) == 2 and key[0] == "DIGESTBOT_TOPICS"),
        settings=text[about.end() :],
    )
