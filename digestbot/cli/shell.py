"""What all commands share: options, output, and how errors become exit codes."""

# ruff: noqa: PLC0415 -- a command loads what it works with, so that the quick ones answer at once

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeVar

import typer

from ..errors import ConfigError, ConfigErrors, DigestbotError
from ..text.sanitise import printable, printable_json
from ..text.web_addresses import masked
from .command import Commands, is_verbose

if TYPE_CHECKING:
    from rich.console import Console

    from ..ports import Progress, Store
    from ..settings import Loaded

T = TypeVar("T")

# As docs/operations.md documents them; Click uses 2 for usage errors, too.
DONE, FAILED, USAGE = 0, 1, 2


def named_path(text: str | Path) -> Path:
    """A path as it was typed; nothing, as a shell makes of a variable that is not set, would be the folder one is in."""
    if not str(text):
        raise typer.BadParameter("is empty; name a path, or leave the option out")
    return Path(text)


def seconds(text: str | float) -> float:
    """How long a command may wait, as a number of seconds or a length of time: `90`, `5m`."""
    from ..text.setting_values import parse_duration

    try:
        return parse_duration(str(text)).total_seconds()
    except ValueError:
        pass
    try:
        number = float(text)
    except ValueError:
        number = -1.0
    if not 0 <= number < float("inf"):
        raise typer.BadParameter(f"{text} is no number of seconds from 0 on; write one such as 60, or 5m")
    return number


Config = Annotated[
    Path | None,
    typer.Option(
        "--config", "-c", help="The configuration file [config.env, then .env].", parser=named_path, metavar="PATH"
    ),
]
Data = Annotated[
    Path | None,
    typer.Option(
        "--data",
        "-d",
        help="The data folder [digestbot-data beside the configuration].",
        parser=named_path,
        metavar="PATH",
    ),
]


class Form(StrEnum):
    TERMINAL = "terminal"
    HTML = "html"
    TEXT = "text"
    SLACK = "slack"
    JSON = "json"
    MARKDOWN = "markdown"


FormOption = Annotated[Form, typer.Option("--format", help=f"The form to show: {', '.join(Form)}.", metavar="FORM")]
MaxWait = Annotated[
    float,
    typer.Option(
        help="Seconds to keep retrying while a channel or the database is unavailable.",
        parser=seconds,
        metavar="SECONDS",
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
At = Annotated[
    str | None, typer.Option("--at", help="The edition's cutoff: an ISO time, a date, HH:MM, now or yesterday [now].")
]
DigestName = Annotated[str | None, typer.Argument(help="Which digest [all].", show_default=False)]


@cache
def console(*, stderr: bool = False) -> Console:
    """The terminal, for what has colours or follows its width. It lets only harmless text through, as `print_lines` does."""
    # Most commands print lines alone, and answer before rich were imported.
    from rich.console import Console

    class Terminal(Console):
        def print(self, *objects: Any, **fields: Any) -> None:
            super().print(*(_harmless(one) if isinstance(one, str) else one for one in objects), **fields)

    # rich takes a width of 0 at its word, and shows nothing.
    width = 80 if os.environ.get("COLUMNS") == "0" else None
    return Terminal(stderr=stderr, highlight=False, soft_wrap=False, width=width)


def _harmless(text: str) -> str:
    """Much of what is printed comes from feeds, files and servers."""
    return printable(masked(text))


commands = Commands
_said: set[str] = set()  # a command may ask for its data folder several times


def read(config: Path | None, *, works: bool = False) -> Loaded:
    """The configuration, from the file that is given or found, and the environment; starts the log.

    Args:
        config: the file that is given.
        works: whether the command does long work, whose log lines count where there is no terminal for a bar; one that only
            answers logs warnings alone.

    Raises:
        ConfigErrors: there is none, or it is wrong.
    """
    from ..settings import find_config, load

    here = Path.cwd()
    path = config or find_config(here, os.environ)
    if path is None and not any(key.upper().startswith("DIGESTBOT_") for key in os.environ):
        fix = "write one with `digestbot init`, or see a digest at once with `digestbot demo`"
        raise ConfigErrors([ConfigError("config.env", "no configuration found here", fix)])
    loaded = load(path, os.environ, folder=here)
    start_log(loaded.secrets, quiet=_is_watched() or not works, form=loaded.settings.log)
    return loaded


def start_log(
    secrets: Iterable[str] = (), *, quiet: bool | None = None, form: Literal["text", "json"] = "text"
) -> None:
    """Log to standard error; on a terminal, where a bar shows the progress, only warnings and errors, unless -v asks for more."""
    from ..operations.logs import log_to_stderr

    quiet = _is_watched() if quiet is None else quiet
    log_to_stderr(secrets, level=logging.WARNING if quiet and not is_verbose() else logging.INFO, form=form)


def _is_watched() -> bool:
    return sys.stderr.isatty()


def progress() -> Progress:
    """Bars on a terminal, log lines elsewhere."""
    if _is_watched():
        from ..operations.progress import ShownProgress

        return ShownProgress(console(stderr=True))
    from ..operations.logs import LoggedProgress

    return LoggedProgress()


@contextmanager
def exit_on_error() -> Iterator[None]:
    """Turn a DigestbotError into a line on standard error and an exit code, never a traceback."""
    try:
        yield
    except ConfigErrors as errors:
        for error in errors.errors:
            print_error(error.sentence)
        raise typer.Exit(USAGE) from None
    except ConfigError as error:
        print_error(str(error))
        raise typer.Exit(USAGE) from None
    except DigestbotError as error:
        print_error(str(error))
        raise typer.Exit(FAILED) from None


def print_error(line: str) -> None:
    sys.stderr.write(_harmless(f"digestbot: {line}") + "\n")
    sys.stderr.flush()


def print_lines(lines: Iterable[str]) -> None:
    for line in lines:
        sys.stdout.write(_harmless(line) + "\n")
    sys.stdout.flush()  # whoever waits for the line of a command that goes on gets it now


def print_json(value: object) -> None:
    sys.stdout.write(printable_json(value, indent=2) + "\n")


def data_of(loaded: Loaded, data: Path | None) -> Path:
    """The data folder that a command works on; said once where it could lie beside the configuration."""
    from ..app.storage import data_place

    place = data_place(data, loaded, os.environ)
    if place.notice and place.notice not in _said:
        _said.add(place.notice)
        print_error(place.notice)
    return place.folder


def look(loaded: Loaded, data: Path | None, asks: Callable[[Store], T]) -> T:
    """What `asks` makes of the store as it is now. It may be called several times; nothing written to it is kept."""
    from ..app.storage import looked_at

    return looked_at(loaded, data_of(loaded, data), asks)


def throwaway(
    loaded: Loaded, data: Path | None, *, writes: bool = False, lasting: bool = False
) -> AbstractContextManager[Store]:
    """The store to try things on: nothing written to it is kept. See `throwaway_store`."""
    from ..app.storage import throwaway_store

    return throwaway_store(loaded, data_of(loaded, data), writes=writes, lasting=lasting)
