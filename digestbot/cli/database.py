"""`digestbot database`: copied to a PostgreSQL, backed up into a file, and put back."""

# ruff: noqa: PLC0415 -- a command loads what it works with, so that the quick ones answer at once

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from .shell import (
    DONE,
    FAILED,
    Config,
    Data,
    commands,
    data_of,
    exit_on_error,
    named_path,
    print_lines,
    progress,
    read,
)

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


@database.command("backup")
def backup_command(
    file: Annotated[
        Path, typer.Argument(help="The file, or a folder for one named after now.", parser=named_path, metavar="FILE")
    ],
    config: Config = None,
    data: Data = None,
) -> None:
    """Copy the database into a file, whole and checked, while `serve` goes on."""
    from ..operations.backup import backup

    with exit_on_error():
        loaded = read(config)
        copied = backup(loaded, data_of(loaded, data), file)
        print_lines([f"Wrote {copied.path} ({copied.size / 1e6:.1f} MB)"])


@database.command("restore")
def restore_command(
    file: Annotated[
        Path | None,
        typer.Argument(
            help="The backup; left out where the database was put back by other means.",
            parser=named_path,
            metavar="FILE",
            show_default=False,
        ),
    ] = None,
    config: Config = None,
    data: Data = None,
) -> None:
    """Put a backup in place, with nothing sent again: what has come since then is recorded as sent. Stop `serve` first."""
    from ..operations.backup import restore

    with exit_on_error():
        loaded = read(config, works=True)
        for line in restore(loaded, data_of(loaded, data), file, progress()):
            print_lines([line])
