"""Words to calls: every command is a few lines over the rooms below."""

from __future__ import annotations

from typing import Annotated

import typer

from .. import __version__
from .deliveries import deliveries
from .editions import editions
from .feeds import feeds
from .setup import standing
from .shell import DONE, commands, out
from .templates import templates
from .topics import topics

cli = commands()


@cli.callback(invoke_without_command=True)
def _version(
    version: Annotated[bool, typer.Option("--version", help="Show the version and leave.")] = False,
) -> None:
    """One finishable digest a day, from your feeds to Slack and email."""
    if version:
        out.print(f"digestbot {__version__}")
        raise typer.Exit(DONE)


cli.add_typer(standing)
cli.add_typer(editions)
cli.add_typer(deliveries)
cli.add_typer(feeds, name="feeds", help="List feeds, and carry them in and out as OPML.")
cli.add_typer(
    topics, name="topics", help="Try words on what is stored, compare configurations, find what a topic lacks."
)
cli.add_typer(templates, name="templates", help="List the built-in templates, or copy one to change it.")


def main() -> None:
    """The console script."""
    cli()
