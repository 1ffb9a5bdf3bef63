"""Changing the configuration file for its owner: begun from the shipped example, extended line by line."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from ..app.feeds import free_name
from ..errors import ConfigError
from ..model import Feed, FeedKind
from ..resources import resource
from ..settings import CHANNELS, problem_with
from ..settings.envfile import EnvFile, read_env_file
from ..text.suggestions import closest_match

_FEED, _PAGE = "DIGESTBOT_FEEDS__", "DIGESTBOT_PAGES__"
_MORNING = "DIGESTBOT_DIGESTS__MORNING__"


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One of the five lines a first digest takes."""

    key: str  # the line of the example that the answer replaces
    text: str
    default: str = ""

    def problem(self, answer: str) -> ConfigError | None:
        return problem_with(self.key, answer) if answer else ConfigError(self.key, "is empty", "write something")


def questions(zone: str) -> tuple[Question, ...]:
    """What `init --interactive` asks; `zone` is the machine's own."""
    return (
        Question(key=f"{_FEED}EXAMPLE", text="The address of a feed (more: digestbot feeds add)"),
        Question(key="DIGESTBOT_TOPICS__SEMICONDUCTORS", text='Words you follow, as in chip*, "Hua Hong", -potato'),
        Question(key=f"{_MORNING}AT", text="When, on the 24-hour clock", default="07:30"),
        Question(key=f"{_MORNING}TIMEZONE", text="In which time zone", default=zone),
        Question(
            key=f"{_MORNING}TO",
            text=f"To whom ({CHANNELS.examples})",
            default=_shipped(f"{_MORNING}TO"),
        ),
    )


def _shipped(key: str) -> str:
    """What the shipped example sets a key to."""
    lines = resource("config.example.env").read_text(encoding="utf-8").splitlines()
    return next(line.partition("=")[2] for line in lines if line.startswith(f"{key}="))


def answered(asked: Iterable[Question], ask: Callable[[Question], str]) -> dict[str, str]:
    """Every question's answer, by key."""
    return {question.key: ask(question) for question in asked}


def write_example(path: Path, answers: dict[str, str] | None = None) -> Path:
    """Write the shipped example to `path`, readable by its owner alone: it will hold secrets.

    Args:
        path: a file that is not there yet.
        answers: values by key, in the place of the example's own.

    Raises:
        ConfigError: there is a file already, or it cannot be written.
    """
    lines = resource("config.example.env").read_text(encoding="utf-8").splitlines(keepends=True)
    for number, line in enumerate(lines):
        key = line.partition("=")[0]
        if answers and key in answers:
            lines[number] = f"{_named(key, answers[key])}={answers[key]}\n"
    text = "".join(lines).encode()
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        fix = "edit it, or move it away first"
        raise ConfigError(str(path), "exists already and is left as it is", fix) from None
    except OSError as error:
        raise ConfigError(str(path), f"cannot be written: {error.strerror}", "choose another folder") from error
    with os.fdopen(descriptor, "wb") as file:
        file.write(text)
    return path


def _named(key: str, answer: str) -> str:
    """A feed and a topic are named after what they are."""
    family, _, name = key.rpartition("__")
    if f"{family}__" == _FEED:
        return _FEED + free_name(answer, set()).upper()
    if family == "DIGESTBOT_TOPICS":
        return f"{family}__{free_name(answer.partition(',')[0], set()).upper()}"
    return f"{family}__{name}"


def add_feed(path: Path, address: str, *, name: str = "", kind: FeedKind = FeedKind.FEED) -> Feed:
    """Add one feed or page to a configuration file, below those that stand there.

    Raises:
        ConfigError: the address or name is none, or stands there already; the file cannot be read or written.
    """
    file = read_env_file(path)
    standing = {key: value for key, value in file.values.items() if key.startswith((_FEED, _PAGE))}
    for key, value in standing.items():
        if value == address:
            raise ConfigError(key, f"is this address already (line {file.lines[key]})", "nothing needs to be added")
    taken = {key.rpartition("__")[2].lower() for key in standing}
    if name.lower() in taken:
        raise ConfigError(f"{_FEED}{name.upper()}", "stands there already", "choose another --name")
    family = _PAGE if kind is FeedKind.PAGE else _FEED
    feed = Feed(name=name.lower() or free_name(address, taken), url=address, kind=kind)
    key = f"{family}{feed.name.upper()}"
    if problem := problem_with(key, address):
        raise problem
    lines = path.read_text(encoding="utf-8").splitlines()
    below = max((file.lines[key] for key in standing), default=len(lines))
    lines.insert(below, f"{key}={address}")
    _replace(path, "\n".join(lines) + "\n")
    return feed


def remove_feed(path: Path, name: str) -> str:
    """Take a feed or page out of a configuration file; returns its address.

    Raises:
        ConfigError: there is none of that name; the file cannot be read or written.
    """
    file = read_env_file(path)
    keys = [key for key in (f"{_FEED}{name.upper()}", f"{_PAGE}{name.upper()}") if key in file.values]
    if not keys:
        guess = closest_match(name, _names(file))
        fix = (
            f"did you mean {guess}?"
            if guess
            else "`digestbot feeds list` names them; those of an OPML file stand there"
        )
        raise ConfigError(f"{_FEED}{name.upper()}", f"does not stand in {path.name}", fix)
    lines = path.read_text(encoding="utf-8").splitlines()
    del lines[file.lines[keys[0]] - 1]
    _replace(path, "\n".join(lines) + "\n")
    return file.values[keys[0]]


def _names(file: EnvFile) -> list[str]:
    return [key.rpartition("__")[2].lower() for key in file.values if key.startswith((_FEED, _PAGE))]


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
