"""`digestbot status` and `healthcheck`."""

# ruff: noqa: PLC0415 -- a command loads what it works with, so that the quick ones answer at once

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ..errors import ConfigError
from .shell import (
    DONE,
    FAILED,
    Config,
    Data,
    DigestName,
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

if TYPE_CHECKING:
    from ..operations.edition_in_full import EditionInFull
    from ..operations.who_has_it import WhoHasIt
    from ..ports import Store
    from ..settings import Loaded

status = commands()


@status.command("status")
def status_command(
    digest: DigestName = None,
    edition: Annotated[
        str | None,
        typer.Option(
            "--edition", help="One edition in full: its name, a date, or yesterday [the newest].", show_default=False
        ),
    ] = None,
    to: Annotated[
        str | None,
        typer.Option("--to", help="What an address got of the last editions, or of one.", show_default=False),
    ] = None,
    config: Config = None,
    data: Data = None,
    as_json: Json = False,
    feeds_too: Annotated[bool, typer.Option("--feeds", help="List every feed.")] = False,
) -> None:
    """Show editions, deliveries by state, and failing feeds.

    Of a DIGEST: its newest edition in full, by channel, with the reasons of what did not arrive.
    """
    from ..app.storage import database_url, nothing_stored, places
    from ..operations.following import CONFIGURATION
    from ..operations.healthcheck import trouble
    from ..operations.list_health import list_health
    from ..operations.status import status, status_as_dict, status_lines
    from ..operations.workers_status import workers_status

    with exit_on_error():
        loaded = read(config)
        folder = data_of(loaded, data)
        used = places(loaded, folder)
        now = datetime.now(UTC)
        if digest is not None or edition is not None or to is not None:
            if feeds_too:
                raise ConfigError("--feeds", "cannot stand beside a DIGEST, --edition or --to", "leave one out")
            _print_of_editions(loaded, data, digest, edition, to, as_json=as_json, now=now)
            return
        digests, feeds, lists, workers, refused = look(
            loaded,
            data,
            lambda store: (
                *status(loaded, store, now=now),
                list_health(loaded, store),
                workers_status(loaded, store),
                store.alerts.open_alerts().get(CONFIGURATION),
            ),
        )
        # What `serve` has told stays stored when it ends, and the next one reads the file anew.
        if refused and not database_url(loaded) and trouble(loaded, folder):
            refused = None
        if as_json:
            more = {"lists": lists.as_dict() if lists else None, "workers": workers.as_list() if workers else None}
            print_json(status_as_dict(digests, feeds) | more | {"refused": refused} | used)
        else:
            print_lines([f"{CONFIGURATION}: {refused}"] if refused else [])
            print_lines(status_lines(digests, feeds, all_feeds=feeds_too))
            print_lines([lists.line()] if lists else [])
            print_lines(workers.lines() if workers else [])
            empty = " (nothing is stored there yet)" if nothing_stored(loaded, folder) else ""
            print_lines(["; ".join(f"{what}: {where}" for what, where in used.items()) + empty])


def _print_of_editions(
    loaded: Loaded,
    data: Path | None,
    digest: str | None,
    edition: str | None,
    to: str | None,
    *,
    as_json: bool,
    now: datetime,
) -> None:
    """Some editions in full, or what an address got of them."""
    from ..operations.edition_in_full import edition_in_full
    from ..operations.edition_named import digests_named, editions_named
    from ..operations.who_has_it import who_has_it

    def of_address(store: Store) -> WhoHasIt:
        named = editions_named(loaded, store, digest, edition, now=now) if edition else None
        return who_has_it(loaded, store, str(to), digests_named(loaded, store, digest), named)

    def in_full(store: Store) -> list[EditionInFull]:
        named = editions_named(loaded, store, digest, edition, now=now)
        return [edition_in_full(store, one, now=now) for one in named]

    if to is not None:
        if not to.strip():
            raise ConfigError("--to", "is empty", "write an address, as in --to ann@example.com")
        found = look(loaded, data, of_address)
        if as_json:
            print_json(found.as_dict())
        else:
            print_lines(found.lines())
        return
    shown = look(loaded, data, in_full)
    if as_json:
        print_json({"editions": [one.as_dict() for one in shown]})
    else:
        print_lines(line for one in shown for line in one.lines())


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
