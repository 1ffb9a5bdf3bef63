"""`digestbot test`."""

# ruff: noqa: PLC0415 -- a command loads what it works with, so that the quick ones answer at once

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer

from .shell import (
    DONE,
    FAILED,
    At,
    Config,
    Data,
    DigestName,
    Json,
    commands,
    exit_on_error,
    print_json,
    print_lines,
    progress,
    read,
    throwaway,
)

trial = commands()


@trial.command("test")
def trial_command(
    to: Annotated[str, typer.Option("--to", help="Who gets it, written as in a digest's TO.", show_default=False)],
    digest: DigestName = None,
    at: At = None,
    config: Config = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Send today's digest to one address, marked as a test. Records nothing and uses up no day."""
    from ..app import wiring
    from ..app.zones import parse_moment
    from ..operations.trial import recipients_named, send_test

    with exit_on_error():
        loaded = read(config)
        specs = wiring.digest_specs(loaded, digest)
        recipients = recipients_named(to, loaded)
        with throwaway(loaded, data) as store:
            context = wiring.edition_context(loaded, store, progress(), sending=True, resumes=False)
            found = [
                send_test(
                    spec, context, recipients, at=parse_moment(at, loaded.digests[spec.name], now=datetime.now(UTC))
                )
                for spec in specs
            ]
        if as_json:
            print_json([one.as_dict() for one in found])
        else:
            print_lines(line for one in found for line in one.lines())
        raise typer.Exit(FAILED if any(one.failed for one in found) else DONE)
