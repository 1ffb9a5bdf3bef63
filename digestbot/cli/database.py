"""`digestbot database copy`."""

# ruff: noqa: PLC0415 -- a command loads what it works with, so that the quick ones answer at once

from __future__ import annotations

from typing import Annotated

import typer

from .shell import DONE, FAILED, Config, Data, commands, data_of, exit_on_error, print_lines, progress, read

database = commands()


@database.command("copy")
def copy_command(
    to: Annotated[
        str, typer.Option("--to", help="The PostgreSQL to copy to: postgresql+psycopg://...", show_default=False)
    ],
    config: Config = None,
    data: Data = None,
) -> None:
    """Copy all that is stored to a PostgreSQL, and compare the two. Stop serve and web first; interrupted, run it again."""
    from ..operations.database_copy import copied_lines, copy_database

    with exit_on_error():
        loaded = read(config, works=True)
        shown, stage = progress(), ""

        def told(table: str, _rows: int) -> None:
            nonlocal stage
            if table != stage:
                stage = table
                shown.stage(f"copy {table}")

        tables = copy_database(loaded, data_of(loaded, data), to, told=told)
        print_lines(copied_lines(tables))
        raise typer.Exit(DONE if all(one.ok for one in tables) else FAILED)
