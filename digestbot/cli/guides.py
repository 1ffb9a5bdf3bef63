"""`digestbot help`: the guides that ship with digestbot."""

# ruff: noqa: PLC0415 -- a command loads what it works with, so that the quick ones answer at once

from __future__ import annotations

from typing import Annotated

import typer

from .shell import Config, Data, commands, exit_on_error, print_lines

guides = commands()


@guides.command("help")
def help_command(
    page: Annotated[str | None, typer.Argument(help="Which guide, such as topics [their list].")] = None,
    config: Config = None,  # noqa: ARG001
    data: Data = None,  # noqa: ARG001
) -> None:
    """Show a guide: how topics are written, what a channel needs, how digestbot is run."""
    from ..operations.guides import guide, guide_names

    with exit_on_error():
        print_lines(guide(page).splitlines() if page else [f"digestbot help {name}" for name in guide_names()])
