"""What every command shares: its options, its two streams, and how errors are told."""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Literal

import typer
from rich.console import Console

from .. import app
from ..errors import ConfigError, ConfigErrors, DigestbotError
from ..ports import Progress
from ..progress import LoggedProgress, ShownProgress, log_to_stderr
from ..settings import Loaded, find_config, load

DONE, FAILED, USAGE = 0, 1, 2

Config = Annotated[Path | None, typer.Option("--config", "-c", help="The configuration file [config.env, then .env].")]
Data = Annotated[Path | None, typer.Option("--data", "-d", help="The folder for state [XDG data folder].")]
Json = Annotated[bool, typer.Option("--json", help="Answer in JSON.")]
At = Annotated[str | None, typer.Option("--at", help="The edition's moment as an ISO time [now].")]
DigestName = Annotated[str | None, typer.Argument(help="Which digest [all of them].", show_default=False)]

out = Console(highlight=False, soft_wrap=False)
err = Console(stderr=True, highlight=False)


def commands() -> typer.Typer:
    """A group of commands, in our manner."""
    return typer.Typer(
        no_args_is_help=True, add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False
    )


def read(config: Path | None) -> Loaded:
    here = Path.cwd()
    environ = app.environment()
    path = config or find_config(here)
    if path is None and not any(key.upper().startswith("DIGESTBOT_") for key in environ):
        mend = "write one with `digestbot init`, or see a digest at once with `digestbot demo`"
        raise ConfigErrors([ConfigError("config.env", "there is no configuration here", mend)])
    loaded = load(path, environ, folder=here)
    start_log(loaded.secrets, form=loaded.settings.log)
    return loaded


def start_log(
    secrets: Iterable[str] = (), *, quiet: bool = err.is_terminal, form: Literal["text", "json"] = "text"
) -> None:
    """Log to stderr; on a terminal, where a bar shows how it goes, only what went wrong."""
    log_to_stderr(secrets, level=logging.WARNING if quiet else logging.INFO, form=form)


def progress() -> Progress:
    return ShownProgress(err) if err.is_terminal else LoggedProgress()


@contextmanager
def told() -> Iterator[None]:
    """Turn what we mean to raise into a line on stderr and an exit code; never a traceback."""
    try:
        yield
    except ConfigErrors as errors:
        for error in errors.errors:
            complain(error.sentence)
        raise typer.Exit(USAGE) from None
    except ConfigError as error:
        complain(str(error))
        raise typer.Exit(USAGE) from None
    except DigestbotError as error:
        complain(str(error))
        raise typer.Exit(FAILED) from None


def complain(line: str) -> None:
    err.print(f"digestbot: {line}", markup=False, soft_wrap=True)


def print_lines(lines: Iterable[str]) -> None:
    for line in lines:
        out.print(line, markup=False, soft_wrap=True)


def print_json(value: object) -> None:
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2, default=str) + "\n")


def data_of(loaded: Loaded, data: Path | None) -> Path:
    """The folder for state that a command works on."""
    return app.data_folder(data, loaded, app.environment())
