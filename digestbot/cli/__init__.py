"""The command line: every command is a few lines that call `operations`."""

from __future__ import annotations

from typing import Annotated

import typer

from .. import __version__
from .deliveries import deliveries
from .editions import editions
from .explain import explain
from .feeds import feeds
from .setup import setup
from .shell import DONE, FAILED, commands, out, print_error
from .status import status
from .streams import guard_streams
from .templates import templates
from .topics import topics

cli = commands()


@cli.callback(invoke_without_command=True)
def _version(
    version: Annotated[bool, typer.Option("--version", help="Show the version and exit.")] = False,
) -> None:
    """One finishable digest a day, from your feeds to Slack and email."""
    if version:
        out.print(f"digestbot {__version__}")
        raise typer.Exit(DONE)


cli.add_typer(setup)
cli.add_typer(explain)
cli.add_typer(status)
cli.add_typer(editions)
cli.add_typer(deliveries)
cli.add_typer(feeds, name="feeds", help="List, add, remove, import and export feeds (OPML).")
cli.add_typer(topics, name="topics", help="Test terms, compare configurations, suggest terms.")
cli.add_typer(templates, name="templates", help="List the built-in templates, or copy one to change.")


def main() -> None:
    """The console script.

    A reader that has gone (`digestbot run | true`) changes nothing; output that could not be written otherwise ends a
    command that did its work with 1, since nobody saw what it said.
    """
    output = guard_streams()
    code: object = DONE
    try:
        cli()
    except SystemExit as end:
        code = end.code
    output.flush()
    if output.error is not None and not isinstance(output.error, BrokenPipeError):
        print_error(f"the output could not be written: {output.error.strerror}; what the command had to do is done")
        code = code or FAILED
    raise SystemExit(code)
