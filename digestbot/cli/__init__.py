"""The command line: every command is a few lines that call `operations`."""

# ruff: noqa: E402, PLC0415 -- a command loads what it works with, so that the quick ones answer at once

from __future__ import annotations

import gc

# What is imported lives as long as the process. Looking for garbage in it after every 700 objects, Python's default, takes a tenth of
# the time in which `status` answers.
gc.set_threshold(50_000, 20, 50)

import os
import sys
from enum import StrEnum
from typing import Annotated

import typer

from .. import __version__
from .collecting import collecting
from .database import database
from .deliveries import deliveries
from .editions import editions
from .explain import explain
from .export import export
from .feeds import feeds
from .guides import guides
from .kits import kits
from .serving import serving
from .setup import setup
from .shell import DONE, FAILED, commands, print_error, print_lines
from .status import status
from .streams import guard_streams
from .subscribers import subscribers
from .templates import templates
from .topics import topics
from .trial import trial

cli = commands()
_COMPLETE = "_DIGESTBOT_COMPLETE"  # set by the scripts that `completion` prints


@cli.callback(invoke_without_command=True)
def _version(
    version: Annotated[bool, typer.Option("--version", help="Show the version and exit.")] = False,
) -> None:
    """One finishable digest a day, from your feeds to Slack and email."""
    if version:
        import platform
        import sqlite3

        print_lines([f"digestbot {__version__} (Python {platform.python_version()}, SQLite {sqlite3.sqlite_version})"])
        raise typer.Exit(DONE)


cli.add_typer(setup)
cli.add_typer(kits, name="kits", help="List and show starter kits, for `init --kit`.")
cli.add_typer(explain)
cli.add_typer(status)
cli.add_typer(collecting)
cli.add_typer(editions)
cli.add_typer(serving)
cli.add_typer(trial)
cli.add_typer(deliveries)
cli.add_typer(export)
cli.add_typer(feeds, name="feeds", help="List, add, remove, import and export feeds (OPML).")
cli.add_typer(
    subscribers, name="subscribers", help="List, show, add, remove, import and export readers of lists (CSV)."
)
cli.add_typer(
    database, name="database", help="Copy the database into a file, put such a copy back, or move it to a PostgreSQL."
)
cli.add_typer(topics, name="topics", help="Test terms, compare configurations, suggest and import terms.")
cli.add_typer(guides)
cli.add_typer(templates, name="templates", help="List the built-in templates, or copy one to change.")


class Shell(StrEnum):
    BASH = "bash"
    ZSH = "zsh"
    FISH = "fish"


@cli.command()
def completion(shell: Annotated[Shell, typer.Argument(help="Which shell.", show_default=False)]) -> None:
    """Print the lines that let a shell complete commands and options. Put them where it looks for such.

    For bash that is ~/.local/share/bash-completion/completions/digestbot, for fish ~/.config/fish/completions/digestbot.fish,
    for zsh a file _digestbot in a folder of its fpath.
    """
    from typer.completion import get_completion_script  # type: ignore[attr-defined]

    script = get_completion_script(prog_name="digestbot", complete_var=_COMPLETE, shell=shell.value)
    sys.stdout.write(script + "\n")


def main() -> None:
    """The console script.

    A reader that has gone (`digestbot run | true`) changes nothing; output that could not be written otherwise ends a
    command that did its work with 1, since nobody saw what it said.
    """
    if _COMPLETE in os.environ:
        from typer.completion import completion_init  # type: ignore[attr-defined]

        completion_init()
    output = guard_streams()
    code: object = DONE
    try:
        cli(prog_name="digestbot")
    except SystemExit as end:
        code = end.code
    output.flush()
    if output.error is not None and not isinstance(output.error, BrokenPipeError):
        print_error(f"the output could not be written: {output.error.strerror}; what the command had to do is done")
        code = code or FAILED
    gc.disable()  # the process ends: to look through all that was imported for garbage once more took 8 % of `status`
    raise SystemExit(code)
