"""`digestbot templates`: list and copy the built-in ones."""

# ruff: noqa: PLC0415 -- a command loads what it works with, so that the quick ones answer at once

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ..errors import ConfigError, ConfigErrors
from .shell import Config, Data, commands, exit_on_error, print_lines

templates = commands()


@templates.command("list")
def templates_list(config: Config = None, data: Data = None) -> None:  # noqa: ARG001
    """List the built-in templates."""
    from ..render import builtin_names

    print_lines(builtin_names())


@templates.command("copy")
def templates_copy(
    name: Annotated[str, typer.Argument(help="A name from the list, such as email.html.", show_default=False)],
    folder: Annotated[Path, typer.Option("--to", help="Your folder for templates.")] = Path("templates"),
    config: Config = None,  # noqa: ARG001
    data: Data = None,  # noqa: ARG001
) -> None:
    """Copy a built-in template to your own folder. An existing file is never overwritten."""
    from ..render import builtin_names, copy
    from ..text.suggestions import closest_match

    with exit_on_error():
        if name not in (known := builtin_names()):
            guess = closest_match(name, known)
            fix = f"did you mean {guess}?" if guess else f"one of {', '.join(known)}"
            raise ConfigErrors([ConfigError(name, "is no template", fix)])
        path = copy(name, folder)
        print_lines([f"Wrote {path}. To use it: DIGESTBOT_TEMPLATES={folder}"])
