"""`digestbot explain`."""

# ruff: noqa: PLC0415 -- a command loads what it works with, so that the quick ones answer at once

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from ..errors import ConfigError, ConfigErrors
from .shell import Config, Data, Json, commands, exit_on_error, look, print_json, print_lines, progress, read

if TYPE_CHECKING:
    from ..edition.context import EditionContext
    from ..ports import Store

explain = commands()


@explain.command("explain")
def explain_command(
    reference: Annotated[
        str,
        typer.Argument(
            metavar="STORY|URL|NUMBER|WORDS",
            help="A link, an id from the JSON form, the number that the terminal shows, or words of its title.",
            show_default=False,
        ),
    ],
    other: Annotated[
        str | None,
        typer.Option("--and", help="A second one: what speaks for the two being one story, and what against it."),
    ] = None,
    digest: Annotated[str | None, typer.Option("--digest", help="Which digest [the first].")] = None,
    day: Annotated[str | None, typer.Option("--date", help="Which edition: 2026-05-27, yesterday [the last].")] = None,
    config: Config = None,
    data: Data = None,
    as_json: Json = False,
) -> None:
    """Explain why items were grouped, ranked or left out."""
    from ..app import wiring
    from ..app.zones import parse_date
    from ..operations.explain import as_dict, explain, lines
    from ..operations.explain_pair import explain_two, pair_as_dict, pair_lines

    with exit_on_error():
        loaded = read(config)
        spec = wiring.digest_specs(loaded, digest)[0]
        now = datetime.now(UTC)
        date = parse_date(day, loaded.digests[spec.name], now=now)

        def context(store: Store) -> EditionContext:
            return wiring.edition_context(loaded, store, progress(), sending=False)

        if other is not None:
            two = (reference, other)
            pair = look(loaded, data, lambda store: explain_two(two, spec, context(store), now=now, day=date))
            print_json(pair_as_dict(pair)) if as_json else print_lines(pair_lines(pair))
            return
        explanation = look(loaded, data, lambda store: explain(reference, spec, context(store), now=now, day=date))
        if explanation is None:
            fix = (
                "copy a link, a number or words of a title from a digest; --date names an earlier edition than the last"
            )
            raise ConfigErrors([ConfigError(reference, "is no stored story or item", fix)])
        if as_json:
            print_json(as_dict(explanation))
        else:
            print_lines(lines(explanation))
