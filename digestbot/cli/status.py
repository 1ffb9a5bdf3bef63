"""`digestbot status` and `healthcheck`."""

# ruff: noqa: PLC0415 -- a command loads what it works with, so that the quick ones answer at once

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer

from .shell import (
    DONE,
    FAILED,
    Config,
    Data,
    Json,
    commands,
    data_of,
    exit_on_error,
    look,
    print_error,
    print_json,
    print_lines,
    read,
)

status = commands()


@status.command("status")
def status_command(
    config: Config = None,
    data: Data = None,
    as_json: Json = False,
    feeds_too: Annotated[bool, typer.Option("--feeds", help="List every feed.")] = False,
) -> None:
    """Show editions, deliveries by state, and failing feeds."""
    from ..app.storage import nothing_stored, places
    from ..operations.list_health import list_health
    from ..operations.status import status, status_as_dict, status_lines

    with exit_on_error():
        loaded = read(config)
        folder = data_of(loaded, data)
        used = places(loaded, folder)
        now = datetime.now(UTC)
        digests, feeds, lists = look(
            loaded, data, lambda store: (*status(loaded, store, now=now), list_health(loaded, store))
        )
        if as_json:
            print_json(status_as_dict(digests, feeds) | {"lists": lists.as_dict() if lists else None} | used)
        else:
            print_lines(status_lines(digests, feeds, all_feeds=feeds_too))
            print_lines([lists.line()] if lists else [])
            empty = " (nothing is stored there yet)" if nothing_stored(loaded, folder) else ""
            print_lines(["; ".join(f"{what}: {where}" for what, where in used.items()) + empty])


@status.command("healthcheck")
def healthcheck_command(config: Config = None, data: Data = None) -> None:
    """Tell by the exit code whether this data folder is served: 0 if `serve` was at work in the last two minutes, else 1."""
    from ..operations.healthcheck import trouble

    with exit_on_error():
        loaded = read(config)
        found = trouble(loaded, data_of(loaded, data))
        if found:
            print_error(found)
        raise typer.Exit(FAILED if found else DONE)
