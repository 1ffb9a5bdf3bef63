"""`digestbot collect`."""

# ruff: noqa: PLC0415 -- a command loads what it works with, so that the quick ones answer at once

from __future__ import annotations

import typer

from ..errors import DataFolderLocked, Stopped
from .shell import (
    DONE,
    FAILED,
    Config,
    Data,
    Json,
    commands,
    data_of,
    exit_on_error,
    print_error,
    print_json,
    print_lines,
    progress,
    read,
)
from .signals import stop_on_signal

collecting = commands()


@collecting.command("collect")
def collect_command(config: Config = None, data: Data = None, as_json: Json = False) -> None:
    """Ask the feeds that are due and store what is new. Sends nothing."""
    from ..app.storage import working_store
    from ..operations.collecting import collect_once

    with exit_on_error(), stop_on_signal() as signals:
        loaded = read(config, works=True)
        try:
            with working_store(loaded, data_of(loaded, data)) as store:
                found = collect_once(loaded, store, progress(), stop=signals.stop)
        except Stopped as error:
            print_error(str(error))
            signals.die()
            raise
        except DataFolderLocked as error:
            print_error(str(error))
            if "digestbot serve" in str(error):
                print_error("it asks each feed by itself, when its turn has come: `digestbot feeds list` shows them")
            raise typer.Exit(FAILED) from None
        if as_json:
            print_json(found.as_dict())
        else:
            print_lines(found.lines())
        raise typer.Exit(FAILED if found.failed else DONE)
