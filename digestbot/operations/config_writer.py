"""Write the configuration file from the shipped example, and add or remove feeds in it line by line."""

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
    """One of the five settings that a first digest needs."""

    key: str  # the line of the example that the answer replaces
    text: str
    default: str = ""

    def problem(self, answer: str) -> ConfigError | None:
        return problem_with(self.key, answer) if answer else ConfigError(self.key, "is empty", "enter a value")


def questions(zone: str) -> tuple[Question, ...]:
    """What `init --interactive` asks; `zone` is the machine's own."""
    return (
        Question(key=f"{_FEED}EXAMPLE", text="URL of a feed (add more later with digestbot feeds add)"),
        Question(key="DIGESTBOT_TOPICS__SEMICONDUCTORS", text='Terms to follow, such as chip*, "Hua Hong", -potato'),
        Question(key=f"{_MORNING}AT", text="Time of day (24 hours)", default="07:30"),
        Question(key=f"{_MORNING}TIMEZONE", text="Time zone", default=zone),
        Question(
            key=f"{_MORNING}TO",
            text=f"Recipients ({CHANNELS.examples})",
            default="file:./out",
        ),
    )


def collect_answers(questions: Iterable[Question], ask: Callable[[Question], str]) -> dict[str, str]:
    """Ask every question; answers by key."""
    return {question.key: ask(question) for question in questions}


def write_example(path: Path, answers: dict[str, str] | None = None) -> Path:
    """Write the shipped example to `path`, readable by its owner only, because it will hold secrets.

    Args:
        path: a file that does not exist yet.
        answers: values by key, instead of those in the example.

    Raises:
        ConfigError: the file exists, or it cannot be written.
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
        raise ConfigError(str(path), "exists already and is not overwritten", fix) from None
    except OSError as error:
        raise ConfigError(str(path), f"cannot be written: {error.strerror}", "choose another folder") from error
    with os.fdopen(descriptor, "wb") as file:
        file.write(text)
    return path


def _named(key: str, answer: str) -> str:
    """A feed is named after its address, a topic after its first term."""
    family, _, name = key.rpartition("__")
    if f"{family}__" == _FEED:
        return _FEED + free_name(answer, set()).upper()
    if family == "DIGESTBOT_TOPICS":
        return f"{family}__{free_name(answer.partition(',')[0], set()).upper()}"
    return f"{family}__{name}"


def add_feed(path: Path, address: str, *, name: str = "", kind: FeedKind = FeedKind.FEED) -> Feed:
    """Add one feed or page to a configuration file, below the last one in it.

    Raises:
        ConfigError: the address or name is not valid, or is in the file already; the file cannot be read or written.
    """
    file = read_env_file(path)
    existing = {key: value for key, value in file.values.items() if key.startswith((_FEED, _PAGE))}
    for key, value in existing.items():
        if value == address:
            raise ConfigError(key, f"has this address already (line {file.lines[key]})", "nothing needs to be added")
    taken = {key.rpartition("__")[2].lower() for key in existing}
    if name.lower() in taken:
        raise ConfigError(f"{_FEED}{name.upper()}", "is already in use", "choose another --name")
    family = _PAGE if kind is FeedKind.PAGE else _FEED
    feed = Feed(name=name.lower() or free_name(address, taken), url=address, kind=kind)
    key = f"{family}{feed.name.upper()}"
    if problem := problem_with(key, address):
        raise problem
    lines = path.read_text(encoding="utf-8").splitlines()
    below = max((file.lines[key] for key in existing), default=len(lines))
    lines.insert(below, f"{key}={address}")
    _replace(path, "\n".join(lines) + "\n")
    return feed


def remove_feed(path: Path, name: str) -> str:
    """Remove a feed or page from a configuration file; returns its address.

    Raises:
        ConfigError: the file has none of that name; the file cannot be read or written.
    """
    file = read_env_file(path)
    keys = [key for key in (f"{_FEED}{name.upper()}", f"{_PAGE}{name.upper()}") if key in file.values]
    if not keys:
        guess = closest_match(name, _names(file))
        fix = (
            f"did you mean {guess}?"
            if guess
            else "`digestbot feeds list` shows their names; feeds of an OPML file are removed in that file"
        )
        raise ConfigError(f"{_FEED}{name.upper()}", f"is not in {path.name}", fix)
    lines = path.read_text(encoding="utf-8").splitlines()
    del lines[file.lines[keys[0]] - 1]
    _replace(path, "\n".join(lines) + "\n")
    return file.values[keys[0]]


def _names(file: EnvFile) -> list[str]:
    return [key.rpartition("__")[2].lower() for key in file.values if key.startswith((_FEED, _PAGE))]


def add_feeds(path: Path, feeds: Iterable[Feed]) -> tuple[Feed, ...]:
    """Append feeds to a configuration file, except those whose address is in it already.

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
    # Written beside the file and moved over it: a crash leaves the old file or the new one, never half of one.
    temporary = path.with_name(f".{path.name}.new")
    try:
        temporary.write_text(text, encoding="utf-8")
        temporary.chmod(path.stat().st_mode & 0o777)
        temporary.replace(path)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise ConfigError(str(path), f"cannot be written: {error.strerror}", "check its permissions") from error
