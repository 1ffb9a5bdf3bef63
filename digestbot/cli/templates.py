"""`digestbot templates`: the built-in ones, to make your own."""

# ruff: noqa: PLC0415 -- a command loads what it works with, so that the quick ones answer at once

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from .shell import Config, Data, commands, out, print_lines, told

templates = commands()


@templates.command("list")
def templates_list(config: Config = None, data: Data = None) -> None:  # noqa: ARG001
    """Name the built-in templates."""
    from ..render import builtin_names

    print_lines(builtin_names())


@templates.command("copy")
def templates_copy(
    name: Annotated[str, typer.Argument(help="For example email.html.", show_default=False)],
    folder: Annotated[Path, typer.Option("--to", help="Your folder of templates.")] = Path("templates"),
    config: Config = None,  # noqa: ARG001
    data: Data = None,  # noqa: ARG001
) -> None:
    """Copy a built-in template into a folder of yours; never over an existing file."""
    from ..render import copy

    with told():
        path = copy(name, folder)
        out.print(f"Wrote {path}. To use it: DIGESTBOT_TEMPLATES={folder}", markup=False, soft_wrap=True)
