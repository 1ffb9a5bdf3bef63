"""`digestbot kits`: what `init --kit` can start from."""

# ruff: noqa: PLC0415 -- a command loads what it works with, so that the quick ones answer at once

from __future__ import annotations

from typing import Annotated

import typer

from ..text.counting import counted
from .shell import Config, Data, commands, exit_on_error, print_lines

kits = commands()


@kits.command("list")
def kits_list(
    config: Config = None,  # noqa: ARG001
    data: Data = None,  # noqa: ARG001
) -> None:
    """List the fields that a configuration can start from."""
    from ..operations.kits import kits as all_kits

    with exit_on_error():
        print_lines(f"{kit.name:11} {kit.about} ({counted(len(kit.feeds), 'feed')})" for kit in all_kits())


@kits.command("show")
def kits_show(
    name: Annotated[str, typer.Argument(help="Which kit.", show_default=False)],
    config: Config = None,  # noqa: ARG001
    data: Data = None,  # noqa: ARG001
) -> None:
    """Show the settings of a kit. Writes nothing."""
    from ..operations.kits import kit_named

    with exit_on_error():
        print_lines(kit_named(name).settings.strip().splitlines())
